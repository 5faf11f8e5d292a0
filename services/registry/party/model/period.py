"""Spans of days in what people record: in order, and without overlap where there can be only one."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import Field

from infra.kernel.dates import covers
from infra.kernel.errors import Invalid
from infra.kernel.values import Closed


class Span(Closed):
    """From the day ``since`` to the day ``until``, both included; without ``until`` it still runs."""

    since: date = Field(description="起始日（含） / First day")
    until: date | None = Field(default=None, description="截止日（含），空为至今 / Last day, included")

    def covers(self, day: date) -> bool:
        """Whether this held on ``day``."""
        return covers(self.since, self.until, day)

    def overlaps(self, other: Self) -> bool:
        """Whether some day belongs to both."""
        return self.covers(other.since) or other.covers(self.since)


def in_order(since: date, until: date | None, field: str) -> None:
    """Refuse a span without a single day; ``field`` points at its end."""
    if until is not None and until < since:
        raise Invalid("period.empty", zh="截止日不可早于起始日。", en="It must not end before it begins.", field=field)


def first_overlap(spans: Sequence[Span]) -> int | None:
    """The place of the first span that overlaps an earlier one in the sequence, if any."""
    for place, span in enumerate(spans):
        if any(span.overlaps(earlier) for earlier in spans[:place]):
            return place
    return None
