"""Whom a message reaches, as a rule; the store of notify asks the same as a query."""

from collections.abc import Collection
from datetime import date

from infra.kernel.dates import covers
from services.notify.inbox.model.audience import Held


def reaches(to: Collection[str], day: date, held: Collection[Held]) -> bool:
    """Whether a message to these keys on this day reaches who holds those."""
    return any(one.key in to and covers(one.since, one.until, day) for one in held)
