"""Days: to which calendar day an instant belongs, spans of days, and the Party tree as of a day.

The programme's days are China's; it has no daylight saving, so a fixed offset needs no time zone database.
Organisations stand under each other, begin and end, and are never deleted.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated, Protocol, TypeVar

from pydantic import AwareDatetime, Field

CHINA = timezone(timedelta(hours=8))
DAY = timedelta(days=1)

Moment = Annotated[AwareDatetime, Field(ge=datetime(1921, 7, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC))]
"""An instant that people enter, with its time zone; far beyond these ends it can only be a slip of the hand."""

Day = Annotated[date, Field(ge=date(1921, 7, 1), le=date(2199, 12, 31))]
"""A day that people enter, within the same ends."""


def day_of(at: datetime) -> date:
    """The calendar day in China of an instant (one without a zone is taken as UTC)."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """0:00 of a day in China, in UTC as the database gives it back: a history replayed must say the same."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 of a day in China, in UTC: the first instant that no longer belongs to it."""
    return start_of(day + DAY)


def covers(since: date | None, until: date | None, day: date) -> bool:
    """Whether a span holds on ``day``; its first and its last day belong to it, None = open on that side."""
    return (since is None or since <= day) and (until is None or day <= until)


class Placed(Protocol):
    """What knows under which organisation it stands."""

    @property
    def parent(self) -> str | None:
        """The id of the one above it."""


class Dated(Placed, Protocol):
    """What also knows its id and its days."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def valid_from(self) -> date | None:
        """Its first day."""

    @property
    def valid_to(self) -> date | None:
        """Its last day."""


D = TypeVar("D", bound=Dated)


def above(key: str, known: Mapping[str, Placed]) -> list[str]:
    """The organisation, the one above it, and so on to the top; one that is not ``known`` is the last of the list.

    A circle ends where it closes.
    """
    chain: list[str] = []
    step: str | None = key
    while step is not None and step not in chain:
        chain.append(step)
        step = known[step].parent if step in known else None
    return chain


def below(key: str, known: Mapping[str, D], day: date) -> list[D]:
    """The organisation and all below it that exist on ``day``, those under one that has ended included."""
    return [one for one in known.values() if exists_on(one, day) and key in above(one.id, known)]


def exists_on(one: Dated, day: date) -> bool:
    """Whether it has begun and not ended; its first and its last day belong to it."""
    return covers(one.valid_from, one.valid_to, day)
