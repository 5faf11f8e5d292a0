"""The calendar of several years, as the registry tells them: holidays, worked weekends, own days, and what is sure."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from infra.kernel.working_days import Calendar, OwnDay, Year, calendar_of

SHIPPED = Path(__file__).parents[3] / "services" / "registry" / "data" / "calendars.json"


def years() -> list[Year]:
    """What the registry is shipped with."""
    said = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return [Year.model_validate({"year": year, "confirmed": True, **one["arrangement"]}) for year, one in said.items()]


def test_the_shipped_years_know_holidays_and_worked_weekends() -> None:
    calendar = calendar_of(years())
    assert not calendar.is_working(date(2026, 10, 7))
    assert calendar.is_working(date(2026, 10, 10))
    assert calendar.is_working(date(2026, 6, 22))
    assert calendar.confirmed_until == date(2026, 12, 31)
    free = sum(not calendar.is_working(date(2026, 1, 1) + timedelta(days=n)) for n in range(365))
    assert free == 117  # 104 days of weekends, 19 working days off, less 6 weekend days worked


def test_before_any_calendar_came_lateness_is_provisional() -> None:
    calendar = calendar_of([])
    monday = date(2026, 3, 2)
    assert calendar.is_late(monday, monday + timedelta(days=4), 3)
    assert not calendar.is_surely_late(monday, monday + timedelta(days=4), 3)
    assert not calendar.is_working(date(2026, 3, 7))


@pytest.mark.parametrize(
    ("confirmed", "until"), [((2025, 2026), 2026), ((2025, 2027), 2025), ((2026,), 2026), ((2025, 2026, 2027), 2027)]
)
def test_it_is_sure_until_the_first_year_that_is_missing(confirmed: tuple[int, ...], until: int) -> None:
    calendar = calendar_of(Year(year=year, confirmed=year in confirmed) for year in (2025, 2026, 2027))
    assert calendar.confirmed_until == date(until, 12, 31)


def test_the_companys_own_days_go_before_the_official_ones() -> None:
    own = {"2026-02-14": False, "2026-02-16": True, "2026-03-02": False, "2026-03-07": True}
    days = [OwnDay(day=date.fromisoformat(day), working=on) for day, on in own.items()]
    known = [year.model_copy(update={"own": tuple(days)}) if year.year == 2026 else year for year in years()]
    calendar: Calendar = calendar_of(known)
    expected = own | {"2026-02-17": False, "2026-02-28": True, "2026-03-03": True, "2026-03-08": False}
    assert {day: calendar.is_working(date.fromisoformat(day)) for day in expected} == expected
