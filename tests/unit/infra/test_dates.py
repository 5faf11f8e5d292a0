"""Days in China, working days, and the tree of a day: what every service counts the same way."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from infra.kernel.dates import above, below, covers, day_of, end_of, start_of
from infra.kernel.working_days import Calendar, Holiday, OwnDay, Year, calendar_of, working_period

FRIDAY, SATURDAY, MONDAY = date(2026, 6, 26), date(2026, 6, 27), date(2026, 6, 29)


@dataclass
class Branch:
    """An organisation with its days."""

    id: str
    parent: str | None
    valid_from: date | None = None
    valid_to: date | None = None


def test_a_day_in_china_begins_while_it_is_still_yesterday_in_utc() -> None:
    assert start_of(FRIDAY) == datetime(2026, 6, 25, 16, tzinfo=UTC)
    assert end_of(FRIDAY) == start_of(SATURDAY)
    tick = timedelta(microseconds=1)
    assert [day_of(one) for one in (start_of(FRIDAY), end_of(FRIDAY) - tick, end_of(FRIDAY))] == [
        FRIDAY,
        FRIDAY,
        SATURDAY,
    ]
    assert day_of(datetime(2026, 6, 26, 17)) == SATURDAY  # noqa: DTZ001 - without a zone it is taken as UTC


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [(None, None, True), (FRIDAY, FRIDAY, True), (SATURDAY, None, False), (None, date(2026, 6, 25), False)],
)
def test_the_first_and_the_last_day_belong_to_a_span(since: date | None, until: date | None, held: bool) -> None:
    assert covers(since, until, FRIDAY) is held


def test_periods_end_as_the_civil_code_has_it() -> None:
    calendar = Calendar(off=(MONDAY,), confirmed=(2026,))
    assert working_period(calendar, FRIDAY, 1) == (date(2026, 6, 30), end_of(date(2026, 6, 30)), False)
    assert working_period(Calendar(), FRIDAY, 1) == (MONDAY, end_of(MONDAY), True)


def test_lateness_across_a_year_that_is_not_confirmed_is_not_sure() -> None:
    calendar = Calendar(confirmed=(2026,))
    done, entered = date(2026, 12, 30), date(2027, 1, 6)
    assert calendar.is_late(done, entered, 3)
    assert not calendar.is_surely_late(done, entered, 3)
    assert calendar.model_copy(update={"confirmed": (2026, 2027)}).is_surely_late(done, entered, 3)


def test_the_companys_own_days_go_before_holidays_of_any_year() -> None:
    shut = Holiday(first=FRIDAY, last=MONDAY)
    own = (OwnDay(day=MONDAY, working=True), OwnDay(day=date(2026, 6, 30), working=False))
    years = [Year(year=2025, confirmed=False, holidays=(shut,)), Year(year=2026, confirmed=True, own=own)]
    assert calendar_of(years) == calendar_of(reversed(years))
    assert calendar_of(years) == Calendar(off=(FRIDAY, date(2026, 6, 30)), confirmed=(2026,))


def test_the_way_up_ends_at_what_is_unknown_and_where_a_circle_closes() -> None:
    known = {one.id: one for one in (Branch("a", "b"), Branch("b", "c"), Branch("x", "y"), Branch("y", "x"))}
    assert above("a", known) == ["a", "b", "c"]
    assert above("x", known) == ["x", "y"]
    assert above("nobody", known) == ["nobody"]


def test_those_below_one_that_has_ended_are_still_below_the_top() -> None:
    known = {one.id: one for one in (Branch("a", None), Branch("b", "a", valid_to=FRIDAY), Branch("c", "b"))}
    assert [one.id for one in below("a", known, FRIDAY)] == ["a", "b", "c"]
    assert [one.id for one in below("a", known, SATURDAY)] == ["a", "c"]
