"""Days that are worked and days that are off, and periods counted in them, by the calendar day in China.

Periods begin and end as the Civil Code (民法典) has it: the day of the event is not counted (art. 201), and the last
day ends at 24:00 (art. 203).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple, Self

from infra.kernel.dates import DAY, end_of
from infra.kernel.values import Value

SATURDAY = 5


class Holiday(Value):
    """Days off from the first to the last, both included."""

    first: date
    last: date


class OwnDay(Value):
    """A day on which the company differs from the official calendar: worked, or off."""

    day: date
    working: bool


class Year(Value):
    """The calendar of one year as the registry records it; the company's own days go before the official ones."""

    year: int
    confirmed: bool
    holidays: tuple[Holiday, ...] = ()
    worked: tuple[date, ...] = ()
    own: tuple[OwnDay, ...] = ()


class Calendar(Value):
    """The days that differ from Monday to Friday; of the ``confirmed`` years nothing is expected to change any more.

    ``off`` are days from Monday to Friday that nobody works, ``worked`` weekend days that are worked. Without any of
    them only the weekends are known to be free and every date is provisional.
    """

    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    confirmed: tuple[int, ...] = ()

    @property
    def confirmed_until(self) -> date:
        """The last day of the first years in a row that are confirmed; ``date.min`` when none is."""
        last = min(self.confirmed, default=None)
        while last is not None and last + 1 in self.confirmed:
            last += 1
        return date.min if last is None else date(last, 12, 31)

    def is_working(self, day: date) -> bool:
        """Whether this is a working day."""
        return day in self.worked if is_weekend(day) else day not in self.off

    def since(self, year: int) -> Self:
        """What matters to days from this year on."""
        off, worked = (tuple(day for day in days if day.year >= year) for days in (self.off, self.worked))
        return type(self)(off=off, worked=worked, confirmed=tuple(one for one in self.confirmed if one >= year))

    def is_late(self, done: date, entered: date, allowed: int) -> bool:
        """Whether more than ``allowed`` working days lie between the day it was done and the day it was entered."""
        return working_period(self, done, allowed + 1).last_day <= entered

    def is_surely_late(self, done: date, entered: date, allowed: int) -> bool:
        """Whether it is late by the confirmed days alone, whatever is made a holiday after them."""
        return self.is_late(done, min(entered, self.confirmed_until), allowed)


class Period(NamedTuple):
    """A period: its last day, the moment after it, and whether a day that is not confirmed yet was counted."""

    last_day: date
    ends_at: datetime
    provisional: bool


def working_period(calendar: Calendar, event: date, days: int) -> Period:
    """So many working days after the day of the event."""
    last, left = event, days
    while left > 0:
        last += DAY
        left -= calendar.is_working(last)
    years = range((event + DAY).year, last.year + 1)
    return Period(last, end_of(last), not set(years) <= set(calendar.confirmed))


def calendar_of(years: Iterable[Year]) -> Calendar:
    """One calendar of several years; the same days give an equal calendar, in whatever order the years come."""
    known = list(years)
    own = {one.day: one.working for year in known for one in year.own}
    off = {day for year in known for one in year.holidays for day in days_of(one.first, one.last)}
    worked = {day for year in known for day in year.worked}
    off = {day for day in off if not own.get(day)} | {day for day, on in own.items() if not on}
    worked = {day for day in worked if own.get(day, True)} | {day for day, on in own.items() if on}
    return Calendar(
        off=tuple(sorted(day for day in off if not is_weekend(day))),
        worked=tuple(sorted(filter(is_weekend, worked))),
        confirmed=tuple(sorted({year.year for year in known if year.confirmed})),
    )


def days_of(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last, both included."""
    return (first + n * DAY for n in range((last - first).days + 1))


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= SATURDAY
