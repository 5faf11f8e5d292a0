"""The one place where the product reads the time of what it decides."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC and in whole milliseconds: that is what the database keeps."""
    read = datetime.now(UTC)
    return read.replace(microsecond=read.microsecond // 1000 * 1000)
