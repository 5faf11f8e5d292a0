"""The committee's resolution: presence, quorum, votes by the present themselves, and a number when it is resolved."""

from datetime import timedelta

import pytest

from infra.kernel.errors import Forbidden, Invalid
from services.review.events.published.reviews import ReviewConcluded, ReviewReturned
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.resolution.meeting import Convene, Resolving
from tests.unit.review import scene
from tests.unit.review.scene import COMMITTEE, OFFICER, SEATS, TODAY, Journey, convened


def resolve(n: int = 1, *, close: bool = False) -> Resolve:
    return Resolve(meeting=n, number="党委决议1号", close=close)


def ballots(journey: Journey, choices: str, meeting: int = 1) -> None:
    words = {"+": "for", "-": "against", "0": "abstain", "r": "recuse"}
    for person, mark in zip(COMMITTEE, choices, strict=False):
        journey.do(person, Ballot.model_validate({"meeting": meeting, "choice": words[mark]}))


def test_a_carried_resolution_approves_with_its_figures() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, convened(*COMMITTEE[:5]))
    ballots(journey, "++++0")
    concluded, _ = journey.do(OFFICER, resolve())
    assert isinstance(concluded, ReviewConcluded)
    assert (concluded.outcome, concluded.name, concluded.drafter) == ("approved", "三心", "drafter")
    resolution = concluded.resolution
    assert resolution is not None
    assert (resolution.number, resolution.meeting, resolution.held_on) == ("党委决议1号", "第1次", TODAY)
    figures = (resolution.expected, resolution.present, resolution.in_favour, resolution.against, resolution.abstained)
    assert figures == (6, 5, 4, 0, 1)
    assert journey.open_tasks() == set()


def test_a_meeting_without_its_quorum_is_recorded_and_held_again() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, convened(*COMMITTEE[:3]))
    assert journey.problem(COMMITTEE[0], Ballot(meeting=1, choice="for")).code == "meeting.closed"
    assert journey.problem(OFFICER, resolve()).code == "meeting.closed"
    assert journey.open_tasks() == {OFFICER}
    journey.do(OFFICER, convened())
    assert journey.review.answer()["meeting"] == 2
    ballots(journey, "++++", meeting=2)
    journey.do(OFFICER, resolve(2))
    last = journey.review.runs[-1]
    assert isinstance(last, Resolving)
    assert [meeting.state for meeting in last.meetings] == ["no_quorum", "carried"]


@pytest.mark.parametrize("present", [("c1", "c2", "c3", "stranger"), ("c1", "c2", "c3", "c3")])
def test_present_are_members_of_that_day_each_once(present: tuple[str, ...]) -> None:
    problem = scene.at_resolution().problem(OFFICER, convened(*present))
    assert isinstance(problem, Invalid)
    assert (problem.code, problem.field) == ("meeting.present", "/present")


def test_nobody_present_is_no_quorum() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, Convene(number="第1次", held_on=TODAY, agenda=("审定",), present=()))
    assert journey.step == "committee_resolution"


def test_a_committee_without_members_reaches_no_quorum() -> None:
    journey = scene.at_resolution()
    journey.holders = SEATS.model_copy(update={"committee_members": ()})
    journey.do(OFFICER, Convene(number="第1次", held_on=TODAY, agenda=("审定",), present=()))
    assert journey.problem(OFFICER, resolve(close=True)).code == "meeting.closed"


def test_a_meeting_is_not_recorded_before_it_was_held() -> None:
    tomorrow = convened().model_copy(update={"held_on": TODAY + timedelta(days=1)})
    assert scene.at_resolution().problem(OFFICER, tomorrow).code == "meeting.in_future"


def test_a_meeting_before_the_step_began_could_not_decide_on_it() -> None:
    yesterday = convened().model_copy(update={"held_on": TODAY - timedelta(days=1)})
    problem = scene.at_resolution().problem(OFFICER, yesterday)
    assert isinstance(problem, Invalid)
    assert (problem.code, problem.field) == ("meeting.before_step", "/held_on")


def test_only_those_present_vote_and_only_once() -> None:
    journey = scene.in_meeting()
    absent = journey.problem(COMMITTEE[5], Ballot(meeting=1, choice="for"))
    assert isinstance(absent, Forbidden)
    assert absent.code == "vote.not_entitled"
    assert journey.problem(OFFICER, Ballot(meeting=1, choice="for")).code == "vote.not_entitled"
    journey.do(COMMITTEE[0], Ballot(meeting=1, choice="against"))
    assert journey.problem(COMMITTEE[0], Ballot(meeting=1, choice="for")).code == "vote.twice"


def test_it_waits_for_all_votes_unless_closed_explicitly() -> None:
    journey = scene.in_meeting()
    ballots(journey, "+++")
    assert journey.problem(OFFICER, resolve()).code == "meeting.votes_missing"
    assert journey.open_tasks() == {OFFICER, COMMITTEE[3]}
    journey.do(OFFICER, resolve(close=True))
    assert journey.step == "committee_co_revision"


def test_half_of_those_expected_does_not_carry_and_goes_where_the_procedure_says() -> None:
    journey = scene.in_meeting()
    ballots(journey, "+++-")
    returned, _ = journey.do(OFFICER, resolve())
    assert isinstance(returned, ReviewReturned)
    assert (returned.to_step, returned.to_drafter) == ("committee_co_revision", False)
    assert "6 人中须 4 人赞成，实际 3 人" in returned.reason
    assert journey.review.resolution is None


def test_who_stands_back_counts_neither_way() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, convened(*COMMITTEE))
    ballots(journey, "++++rr")
    concluded, _ = journey.do(OFFICER, resolve())
    assert isinstance(concluded, ReviewConcluded)
    assert concluded.resolution is not None
    assert (concluded.resolution.in_favour, concluded.resolution.abstained) == (4, 0)


def test_the_office_records_and_the_present_vote_each_by_their_own_task() -> None:
    journey = scene.in_meeting()
    assert journey.open_tasks() == {OFFICER, *COMMITTEE[:4]}
    journey.do(COMMITTEE[0], Ballot(meeting=1, choice="for"))
    assert journey.open_tasks() == {OFFICER, *COMMITTEE[1:4]}
    assert journey.problem(COMMITTEE[0], resolve(close=True)).code == "step.not_assignee"
