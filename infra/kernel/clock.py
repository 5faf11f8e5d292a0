"""The one place where the product reads the time of what it decides."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC and in whole milliseconds."""
    return kept(datetime.now(UTC))


def kept(at: datetime) -> datetime:
    """A moment as the database keeps it: in whole milliseconds."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
