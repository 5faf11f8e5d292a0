"""Terminating: the office may, wherever a review is, and nobody else."""

import pytest

from services.review.events.published.reviews import ReviewConcluded
from services.review.reviews.model.commands import Terminate, Urge
from tests.unit.review import scene
from tests.unit.review.scene import DRAFTER, OFFICER, SEATS, SECRETARY, Journey
from tests.unit.review.signing_scene import at_countersign


@pytest.mark.parametrize("begin", [scene.at_check, scene.in_meeting, scene.returned, at_countersign])
def test_the_office_terminates_wherever_a_review_is_and_nobody_else(begin: object) -> None:
    journey: Journey = begin()  # type: ignore[operator]
    for stranger in (SECRETARY, DRAFTER, "m1", "c1"):
        assert journey.problem(stranger, Terminate(reason="?")).code == "terminate.not_office"
    concluded, *_ = journey.do(OFFICER, Terminate(reason="支部撤销"))
    assert isinstance(concluded, ReviewConcluded)
    assert (concluded.outcome, concluded.terminated, concluded.reason) == ("rejected", True, "支部撤销")
    assert (journey.review.state, journey.review.runs[-1].outcome) == ("terminated", "terminated")
    assert journey.open_tasks() == set()
    assert journey.problem(OFFICER, Urge()).code == "review.finished"


def test_an_administrator_terminates_by_role() -> None:
    journey = scene.at_check()
    journey.holders = SEATS.model_copy(update={"administrators": ("root",)})
    journey.do("root", Terminate(reason="重复申报"))
