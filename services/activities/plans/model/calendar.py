"""Days that can be meant, and working days: Monday to Friday, less public holidays, plus weekends worked instead."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

SATURDAY = 5

Moment = Annotated[AwareDatetime, Field(ge=datetime(1921, 7, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC))]
"""A moment with its time zone; far beyond these ends it can only be a slip of the hand."""

Day = Annotated[date, Field(ge=date(1921, 7, 1), le=date(2199, 12, 31))]
"""A day within the same ends."""


class Holiday(BaseModel):
    """A public holiday from its first to its last day."""

    model_config = ConfigDict(frozen=True)

    name: str
    first: date
    last: date


class OwnDay(BaseModel):
    """A day on which the company differs from the official calendar: worked, or off."""

    model_config = ConfigDict(frozen=True)

    name: str
    day: date
    working: bool


class Year(BaseModel):
    """What the registry keeps of one year; the company's own days go before the official ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    year: int
    confirmed: bool
    holidays: Sequence[Holiday] = ()
    worked: Sequence[date] = ()
    own: Sequence[OwnDay] = ()


class Calendar(BaseModel):
    """The published calendar; after ``confirmed_until`` only weekends are known to be free: lateness is provisional."""

    model_config = ConfigDict(frozen=True)

    confirmed_until: date
    holidays: Sequence[Holiday] = ()
    worked: Sequence[date] = ()

    def is_working(self, day: date) -> bool:
        """Whether this is a working day."""
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and not any(free.first <= day <= free.last for free in self.holidays)

    def is_late(self, done: date, entered: date, allowed: int) -> bool:
        """Whether more than ``allowed`` working days lie between the day it was done and the day it was entered."""
        day, passed = done, 0
        while day < entered and passed <= allowed:
            day += timedelta(days=1)
            passed += self.is_working(day)
        return passed > allowed

    def is_surely_late(self, done: date, entered: date, allowed: int) -> bool:
        """Whether it is late by the confirmed days alone, whatever is made a holiday after them."""
        return self.is_late(done, min(entered, self.confirmed_until), allowed)


def calendar_of(years: Iterable[Year]) -> Calendar:
    """One calendar of several years; it is confirmed until the first year, after the first one, that is not."""
    known = list(years)
    own = {one.day: one for year in known for one in year.own}
    confirmed = {year.year for year in known if year.confirmed}
    last = min(confirmed, default=None)
    while last is not None and last + 1 in confirmed:
        last += 1
    off = [Holiday(name=one.name, first=day, last=day) for day, one in own.items() if not one.working]
    worked = {day for year in known for day in year.worked if day not in own}
    return Calendar(
        confirmed_until=date.min if last is None else date(last, 12, 31),
        holidays=(*(one for year in known for one in year.holidays), *off),
        worked=tuple(sorted(worked | {day for day, one in own.items() if one.working})),
    )
