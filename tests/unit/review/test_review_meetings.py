"""Meetings in full: who was there, on leave or absent, who chaired, which item is ours; what fits not is refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.errors import Invalid
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.resolution.meeting import Convene, Leave, Meeting, Resolving
from tests.unit.review import scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.scene import COMMITTEE, OFFICER, TODAY, Journey

AGENDA = ("学习文件", "审定“三心”品牌", "其他")


def convened(**more: Any) -> Convene:  # noqa: ANN401 - any field
    """Four of the six were there; ``more`` is recorded beside it, or instead."""
    given = {"number": "第1次", "held_on": TODAY, "agenda": AGENDA, "present": COMMITTEE[:4], **more}
    return Convene.model_validate(given)


def held(journey: Journey) -> Meeting:
    run = journey.review.runs[-1]
    assert isinstance(run, Resolving)
    return run.meetings[-1]


def refused(**more: Any) -> tuple[str, str | None]:  # noqa: ANN401 - any field
    problem = scene.at_resolution().problem(OFFICER, convened(**more))
    assert isinstance(problem, Invalid)
    return problem.code, problem.field


def test_everything_that_was_recorded_is_kept_and_who_else_was_missing_is_absent() -> None:
    journey = scene.at_resolution()
    journey.do(
        OFFICER,
        convened(
            item=2,
            place="三楼会议室",
            chair="c1",
            recorder="officer",
            on_leave=({"person": "c6", "reason": "出差"},),
            non_voting_attendees=("officer", "上级巡察组 李四"),
        ),
    )
    meeting = held(journey)
    assert (meeting.matter, meeting.place, meeting.chair, meeting.recorder) == (
        AGENDA[1],
        "三楼会议室",
        "c1",
        "officer",
    )
    assert meeting.expected == COMMITTEE
    assert meeting.present == COMMITTEE[:4]
    assert meeting.on_leave == (Leave(person="c6", reason="出差"),)
    assert meeting.absent == ("c5",)
    assert meeting.non_voting_attendees == ("officer", "上级巡察组 李四")
    assert meeting.state == "open"


def test_what_nobody_recorded_stays_unknown_and_the_first_item_is_ours() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, convened())
    meeting = held(journey)
    names = ("item", "place", "chair", "recorder", "on_leave", "absent", "non_voting_attendees", "repeats")
    assert [getattr(meeting, name) for name in names] == [None] * 8
    assert meeting.matter == AGENDA[0]


def test_recorded_as_nobody_is_not_the_same_as_not_recorded() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, convened(on_leave=(), non_voting_attendees=()))
    assert (held(journey).on_leave, held(journey).non_voting_attendees) == ((), ())
    assert held(journey).absent == ("c5", "c6")


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"item": 4}, "meeting.item", "/item"),
        ({"chair": "c5"}, "meeting.chair_absent", "/chair"),
        ({"chair": "officer"}, "meeting.chair_absent", "/chair"),
        ({"on_leave": [{"person": "c5"}, {"person": "c1"}]}, "meeting.present_and_on_leave", "/on_leave/1/person"),
        ({"on_leave": [{"person": "officer"}]}, "meeting.leave_not_expected", "/on_leave/0/person"),
        ({"on_leave": [{"person": "c5"}, {"person": "c5"}]}, "meeting.named_twice", "/on_leave/1/person"),
        ({"non_voting_attendees": ["m1", "c6"]}, "meeting.attendee_votes", "/non_voting_attendees/1"),
        ({"non_voting_attendees": ["m1", "m1"]}, "meeting.named_twice", "/non_voting_attendees/1"),
        ({"present": [*COMMITTEE[:3], "m1"]}, "meeting.present", "/present"),
        ({"repeats": 1}, "meeting.not_repeatable", "/repeats"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_field(more: dict[str, Any], code: str, field: str) -> None:
    assert refused(**more) == (code, field)


def test_a_meeting_held_again_names_the_one_that_missed_its_quorum() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, convened(present=COMMITTEE[:3]))
    problem = journey.problem(OFFICER, convened(repeats=2))
    assert (problem.code, problem.field) == ("meeting.not_repeatable", "/repeats")
    assert "1" in problem.zh
    journey.do(OFFICER, convened(number="第2次", repeats=1))
    assert (held(journey).n, held(journey).repeats) == (2, 1)
    for person in COMMITTEE[:4]:
        journey.do(person, Ballot(meeting=2, choice="for"))
    journey.do(OFFICER, Resolve(meeting=2, number="1号"))
    assert journey.review.state == "approved"


def test_what_had_its_quorum_is_not_repeated_nor_what_was_held_later() -> None:
    journey = scene.in_meeting()
    for person in COMMITTEE[:4]:
        journey.do(person, Ballot(meeting=1, choice="against"))
    journey.do(OFFICER, Resolve(meeting=1, number="1号"))
    journey.do(OFFICER, ONE_OF_EACH["close_co_revision"])
    assert journey.problem(OFFICER, convened(repeats=1)).code == "meeting.not_repeatable"
    journey.do(OFFICER, convened(present=()))
    assert journey.problem(OFFICER, convened(repeats=1)).code == "meeting.not_repeatable"
    journey.do(OFFICER, convened(repeats=2))


PERSON = st.sampled_from((*COMMITTEE, "m1", "客人"))


@settings(deadline=None)
@given(
    present=st.lists(PERSON, max_size=6),
    leaving=st.none() | st.lists(PERSON, max_size=4),
    guests=st.none() | st.lists(PERSON, max_size=3),
    chair=st.none() | PERSON,
    item=st.none() | st.integers(1, 5),
)
def test_whatever_is_recorded_everybody_expected_is_in_one_place(
    present: list[str], leaving: list[str] | None, guests: list[str] | None, chair: str | None, item: int | None
) -> None:
    journey = scene.at_resolution()
    leave = None if leaving is None else [{"person": person} for person in leaving]
    command = convened(present=present, on_leave=leave, non_voting_attendees=guests, chair=chair, item=item)
    try:
        journey.do(OFFICER, command)
    except Invalid:
        return  # what fits not is refused; anything else that is raised fails
    meeting = held(journey)
    away = [one.person for one in meeting.on_leave or ()]
    if meeting.absent is not None:
        assert sorted((*meeting.present, *away, *meeting.absent)) == sorted(meeting.expected)
    assert meeting.absent is None if leaving is None else meeting.absent is not None
    assert meeting.chair is None or meeting.chair in meeting.present
    assert not set(meeting.non_voting_attendees or ()) & set(meeting.expected)
    assert meeting.matter in AGENDA
