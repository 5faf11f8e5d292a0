"""Days that are worked and days that are off, and periods counted in them, by the calendar day in China.

Periods begin and end as the Civil Code (民法典) has it: the day of the event is not counted (art. 201), the last day
ends at 24:00, and a last day that is off moves on to the next working day (art. 203).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Self

from services.review.events.value_objects import Part
from services.review.shared.role_holders import CHINA

SATURDAY = 5
DAY = timedelta(days=1)


class Calendar(Part):
    """The days that differ from Monday to Friday; of the ``confirmed`` years nothing is expected to change any more.

    ``off`` are days from Monday to Friday that nobody works, ``worked`` weekend days that are worked. Without any of
    them only the weekends are known to be free and every date is provisional.
    """

    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()
    confirmed: tuple[int, ...] = ()

    def is_working(self, day: date) -> bool:
        """Whether this is a working day."""
        return day not in self.off if _weekday(day) else day in self.worked

    def is_confirmed(self, day: date) -> bool:
        """Whether the calendar of this day's year is confirmed."""
        return day.year in self.confirmed

    def since(self, year: int) -> Self:
        """What matters to days from this year on."""
        off, worked = ([day for day in days if day.year >= year] for days in (self.off, self.worked))
        return type(self)(off=tuple(off), worked=tuple(worked), confirmed=tuple(y for y in self.confirmed if y >= year))

    def changed_by(self, own: Mapping[date, bool]) -> Self:
        """With a company's own days, which go before the official ones: True = worked, False = off."""
        off = {day for day in self.off if not own.get(day)}
        off |= {day for day, on in own.items() if not on and _weekday(day)}
        worked = {day for day in self.worked if own.get(day, True)}
        worked |= {day for day, on in own.items() if on and not _weekday(day)}
        return type(self)(off=tuple(sorted(off)), worked=tuple(sorted(worked)), confirmed=self.confirmed)


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
    return _period(calendar, event, last)


def calendar_period(calendar: Calendar, event: date, days: int) -> Period:
    """So many days after the day of the event; a last day that is off moves on."""
    last = event + days * DAY
    while not calendar.is_working(last):
        last += DAY
    return _period(calendar, event, last)


def end_of(day: date) -> datetime:
    """24:00 of a day in China, in UTC as the database gives it back: a history replayed must tell the same text."""
    return datetime.combine(day + DAY, time(), CHINA).astimezone(UTC)


def of_year(confirmed: int | None, holidays: Iterable[tuple[date, date]], worked: Iterable[date]) -> Calendar:
    """The calendar of holidays from a first to a last day each; ``confirmed`` is the year, None = not confirmed."""
    off = {first + n * DAY for first, last in holidays for n in range((last - first).days + 1)}
    return Calendar(
        off=tuple(sorted(filter(_weekday, off))),
        worked=tuple(sorted(worked)),
        confirmed=() if confirmed is None else (confirmed,),
    )


def merged(years: Iterable[Calendar]) -> Calendar:
    """One calendar of several years' ones; the same days give an equal calendar."""
    found = list(years)
    return Calendar(
        off=tuple(sorted({day for one in found for day in one.off})),
        worked=tuple(sorted({day for one in found for day in one.worked})),
        confirmed=tuple(sorted({year for one in found for year in one.confirmed})),
    )


def _weekday(day: date) -> bool:
    return day.weekday() < SATURDAY


def _period(calendar: Calendar, event: date, last: date) -> Period:
    years = range((event + DAY).year, last.year + 1)
    return Period(last, end_of(last), not set(years) <= set(calendar.confirmed))
