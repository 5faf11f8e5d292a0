"""The one place where the product reads the time of what it decides; durations are measured by ``time.monotonic``."""

from datetime import UTC, date, datetime

from infra.kernel.dates import day_of


def now() -> datetime:
    """The present moment, in UTC and in whole milliseconds."""
    return kept(datetime.now(UTC))


def wall() -> datetime:
    """What this machine's clock shows: only for what another's clock has dated, such as the life of a token."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in China."""
    return day_of(now())


def kept(at: datetime) -> datetime:
    """A moment as the database keeps it: in whole milliseconds."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
