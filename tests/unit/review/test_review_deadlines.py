"""Deadlines in working days, what follows when they are missed, and what a newer calendar does to them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from infra.kernel.errors import Refused
from infra.kernel.working_days import Calendar, Holiday, OwnDay, calendar_of
from services.review.events.consumed import CalendarRecorded
from services.review.events.published.reviews import StepEscalated, StepOverdue, TasksChanged
from services.review.reviews.api.views import Summary
from services.review.reviews.model.commands import Overdue
from services.review.reviews.model.decision import first, overdue, recalendared, replay
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.procedure.publication import faults
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.check import Agree
from tests.unit.review.calendars import PUBLISHED, WEEKENDS
from tests.unit.review.notice_scene import NOTICED, published, submitted
from tests.unit.review.scene import COMMITTEE, DRAFTER, PROCEDURE, SECRETARY, START, Journey, at_check, submission


def night(year: int, month: int, day: int) -> datetime:
    """24:00 of a day in China."""
    return datetime(year, month, day, 16, 0, tzinfo=UTC)


def due(review: Review) -> tuple[datetime | None, bool]:
    assert review.live is not None
    return review.due_at, review.live.provisional


def on_new_years_eve() -> Journey:
    """Submitted on 31 December 2026: of 2027 nothing is known."""
    journey = Journey(procedure=NOTICED)
    journey.at = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)
    journey.do(DRAFTER, submission().model_copy(update={"calendar": PUBLISHED}))
    return journey


def with_2027(**more: object) -> Calendar:
    """The year as it may be published: New Year's Day off, and the Saturday after it worked."""
    year = {"off": (*PUBLISHED.off, date(2027, 1, 1)), "worked": (*PUBLISHED.worked, date(2027, 1, 2))}
    return PUBLISHED.model_copy(update={**year, "confirmed": (2025, 2026, 2027), **more})


def test_working_days_end_at_midnight_and_days_stay_what_they_were() -> None:
    assert due(submitted().review) == (night(2026, 3, 5), False)  # three working days after Monday the 2nd
    assert due(at_check().review) == (START + timedelta(days=PROCEDURE.steps[1].days or 0), False)
    assert submitted().review.tasks[0].due == night(2026, 3, 5)


def test_a_date_beyond_the_confirmed_years_is_provisional() -> None:
    assert due(on_new_years_eve().review) == (night(2027, 1, 5), True)
    assert "期限暂定" in explain(on_new_years_eve().review).zh
    assert Summary.of(on_new_years_eve().review).due_provisional
    journey = Journey(procedure=NOTICED)
    journey.do(DRAFTER, submission())  # before any calendar has come
    assert due(journey.review) == (night(2026, 3, 5), True)


def test_a_calendar_moves_a_provisional_date_once_and_tells_it() -> None:
    journey = on_new_years_eve()
    after, facts = recalendared(journey.review, with_2027(), journey.at)
    assert due(after) == (night(2027, 1, 5), False)  # Saturday 2, Monday 4, Tuesday 5: a day off and a day on
    assert after.history[-1].command.kind == "recalendar"
    assert facts == []
    moved, facts = recalendared(journey.review, with_2027(worked=PUBLISHED.worked), journey.at)
    assert due(moved) == (night(2027, 1, 6), False)
    (changed,) = facts
    assert isinstance(changed, TasksChanged)
    assert [task.due for task in changed.tasks] == [night(2027, 1, 6)]
    own = with_2027(worked=PUBLISHED.worked, off=(*PUBLISHED.off, date(2027, 1, 1), date(2027, 1, 4)))
    again, facts = recalendared(moved, own, journey.at)
    assert (due(again), facts) == ((night(2027, 1, 6), False), [])  # sure by now
    assert again.calendar == own.since(2026)  # and the steps after this one count by it


def test_the_same_calendar_or_one_read_before_changes_nothing() -> None:
    review = on_new_years_eve().review
    assert recalendared(review, PUBLISHED, START) == (review, [])
    assert recalendared(review, WEEKENDS, START) == (review, [])
    old = at_check().review  # counts no working days
    assert recalendared(old, PUBLISHED, START) == (old, [])


def test_no_date_moves_into_the_past() -> None:
    journey = on_new_years_eve()
    journey.at = night(2027, 1, 4)
    early = with_2027(worked=(*PUBLISHED.worked, date(2027, 1, 2), date(2027, 1, 3)))
    after, _ = recalendared(journey.review, early, journey.at)
    assert due(after) == (night(2027, 1, 5), False)  # by the new calendar it would have been yesterday


def test_a_missed_deadline_is_told_once_and_then_each_level() -> None:
    journey = published()
    journey.facts.clear()
    run = journey.review.live
    assert run is not None
    assert (run.due_at, journey.review.due_at) == (night(2026, 3, 16), night(2026, 3, 9))  # first the notice's end
    found = []
    for _ in range(4):
        journey.at = journey.review.due_at or journey.at
        found.append((journey.at, [type(fact).__name__ for fact in journey.do("system", Overdue())]))
        if journey.review.finished:
            break
    assert journey.review.state == "approved"  # nobody objected: it passed by itself
    assert [moment for moment, _ in found] == [night(2026, 3, 9)]

    journey = submitted(_escalating())
    moments = []
    while journey.review.due_at is not None:
        journey.at = journey.review.due_at
        moments.append(journey.at)
        journey.do("system", Overdue())
    assert moments == [night(2026, 3, 5), night(2026, 3, 6), night(2026, 3, 10)]
    (late,) = [fact for fact in journey.facts if isinstance(fact, StepOverdue)]
    assert (late.due, late.people) == (night(2026, 3, 5), [SECRETARY])
    levels = [fact for fact in journey.facts if isinstance(fact, StepEscalated)]
    assert [(one.level, one.working_days, one.people) for one in levels] == [
        (1, 1, ["superior"]),
        (2, 3, sorted({COMMITTEE[0], "superior"})),
    ]
    assert {one.due for one in levels} == {night(2026, 3, 5)}
    journey.do(SECRETARY, Agree())  # late, but it goes on
    assert (
        replay(first(journey.review), journey.review.history, journey.review.holders).history == journey.review.history
    )


def test_what_came_due_while_nobody_looked_is_told_in_one_decision() -> None:
    journey = submitted(_escalating())
    journey.at = night(2026, 4, 1)
    after, facts = overdue(journey.review, journey.at)
    assert [type(fact) for fact in facts] == [StepOverdue, StepEscalated, StepEscalated]
    assert after.due_at is None
    assert len(after.history) == len(journey.review.history) + 1
    with pytest.raises(Refused):
        overdue(after, journey.at)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days": 3, "working_days": 3}, "working_days"),
        ({"escalation": [{"working_days": 1, "roles": ["secretary"]}]}, "escalation"),
        ({"days": 3, "escalation": [{"working_days": n, "roles": ["secretary"]} for n in (2, 2)]}, "escalation"),
        ({"notice_days": 5}, "notice_days"),
        ({"approvers": ["committee_secretary"]}, "approvers"),
    ],
)
def test_a_step_with_unsound_dates_is_not_published(change: dict[str, object], field: str) -> None:
    steps = [step.model_dump() for step in PROCEDURE.steps]
    steps[1] |= {"days": None, **change}
    found = list(faults(Procedure.model_validate(PROCEDURE.model_dump() | {"steps": steps})))
    assert [fault.field for fault in found] == [f"/steps/1/{field}"]


def test_the_companys_own_days_go_before_the_official_ones() -> None:
    own = [OwnDay(day=date(2026, 2, 16), working=True), OwnDay(day=date(2026, 3, 2), working=False)]
    own += [OwnDay(day=date(2026, 3, 7), working=True), OwnDay(day=date(2026, 2, 14), working=False)]
    fact = CalendarRecorded(
        calendar="2026",
        year=2026,
        confirmed=True,
        holidays=[Holiday(first=date(2026, 2, 15), last=date(2026, 2, 23))],
        worked=[date(2026, 2, 14)],
        own=own,
    )
    days = calendar_of([fact])
    expected = {"2026-02-13": True, "2026-02-14": False, "2026-02-16": True, "2026-02-17": False, "2026-02-22": False}
    expected |= {"2026-03-02": False, "2026-03-03": True, "2026-03-07": True, "2026-03-08": False}
    assert {day: days.is_working(date.fromisoformat(day)) for day in expected} == expected


def _escalating() -> Procedure:
    """Three working days for the check; then the superior hears of it, and then the committee's secretary too."""
    levels = [
        {"working_days": 1, "roles": ["superior_secretary"]},
        {"working_days": 3, "roles": ["superior_secretary", "committee_secretary"]},
    ]
    steps = [step.model_dump() for step in NOTICED.steps]
    steps[1] |= {"escalation": levels}
    return Procedure.model_validate(NOTICED.model_dump() | {"steps": steps})
