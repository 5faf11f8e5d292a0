"""Periods by the Civil Code and the published calendar, counted by hand."""

from datetime import UTC, date, datetime

import pytest

from infra.kernel.dates import day_of, end_of
from infra.kernel.working_days import working_period
from tests.unit.review.calendars import PUBLISHED, WEEKENDS


@pytest.mark.parametrize(
    ("event", "days", "last"),
    [
        ("2026-03-02", 1, "2026-03-03"),
        ("2026-03-02", 5, "2026-03-09"),  # a weekend lies between
        ("2026-02-12", 2, "2026-02-14"),  # Saturday the 14th is worked
        ("2026-02-13", 2, "2026-02-24"),  # then the Spring Festival, 15th to 23rd
        ("2026-02-13", 7, "2026-03-02"),  # 14, 24, 25, 26, 27, the worked Saturday 28, Monday 2
        ("2026-04-30", 1, "2026-05-06"),  # Labour Day
        ("2026-04-30", 4, "2026-05-09"),  # with the Saturday worked instead
        ("2026-09-30", 3, "2026-10-10"),
        ("2025-12-31", 1, "2026-01-04"),  # a Sunday that is worked
    ],
)
def test_working_days_follow_the_published_calendar(event: str, days: int, last: str) -> None:
    period = working_period(PUBLISHED, date.fromisoformat(event), days)
    assert (period.last_day.isoformat(), period.provisional) == (last, False)
    assert PUBLISHED.is_working(period.last_day)


def test_the_last_day_ends_at_midnight_in_china() -> None:
    assert end_of(date(2026, 3, 9)) == datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    assert end_of(date(2026, 3, 9)).tzinfo is UTC  # as the database gives it back
    assert day_of(datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC)) == date(2026, 3, 9)
    assert day_of(datetime(2026, 3, 9, 16, 0, tzinfo=UTC)) == date(2026, 3, 10)


def test_without_a_calendar_weekends_are_known_and_every_date_is_provisional() -> None:
    period = working_period(WEEKENDS, date(2026, 2, 13), 2)
    assert (period.last_day, period.provisional) == (date(2026, 2, 17), True)


def test_a_period_that_reaches_beyond_the_confirmed_years_is_provisional() -> None:
    assert not working_period(PUBLISHED, date(2026, 12, 30), 1).provisional  # the 31st
    assert working_period(PUBLISHED, date(2026, 12, 31), 1).provisional
    assert not working_period(PUBLISHED, date(2024, 12, 31), 1).provisional  # the day of the event is not counted
