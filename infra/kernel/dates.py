"""Days: to which calendar day an instant belongs, when a day begins and ends, and spans of days.

The programme's days are China's; it has no daylight saving, so a fixed offset needs no time zone database.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Annotated

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
