"""Deadlines: a time in a document that, once it has come, is decided on exactly once. And jobs: work in turns.

A deadline is a field of its aggregate, so it is set and cleared in the same write as everything else. Several
replicas may look at once: the write is versioned and remembers its cause, so only one of them takes effect.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from infra.kernel import clock
from infra.kernel.errors import Problem
from infra.kernel.events import Cause, Decision
from infra.kernel.telemetry import log
from infra.storage.lease import Lease
from infra.storage.store import Store

AT_ONCE = 1000


@dataclass(frozen=True)
class Due:
    """Aggregates of ``store`` whose ``field`` is not in the future (the server's clock) are handed to ``decide``.

    ``decide(aggregate, now)`` is pure and must move or clear the field.
    """

    store: Store[Any]
    field: str
    decide: Callable[[Any, datetime], Decision[Any]]


class Schedule:
    """Looks for what is due, one replica at a time. ``run`` until cancelled; it raises what the database does."""

    def __init__(self, due: Sequence[Due], lease: Lease, poll: float) -> None:
        self._due, self._lease, self._poll = due, lease, poll

    async def run(self) -> None:
        """Look once in a while; the lease keeps replicas from looking at the same time."""
        while True:
            if self._due and await self._lease.hold():
                now = clock.now()  # one for all, so that what comes due together is decided in the order given
                for due in self._due:
                    await self.run_once(due, now)
            await asyncio.sleep(self._poll)

    async def run_once(self, due: Due, now: datetime) -> int:
        """Decide on what is due by both clocks, ours (``now``) and the server's; returns how many."""
        come = {"$and": [{"$gt": [f"${due.field}", None]}, {"$lte": [f"${due.field}", "$$NOW"]}]}
        where = {due.field: {"$ne": None, "$lte": now}, "$expr": come}
        found = await due.store.find(where, sort=((due.field, 1),), limit=AT_ONCE)
        for aggregate in found:
            when: datetime = getattr(aggregate, due.field)
            # the id names the deadline itself, so a second replica (or a second look) meets its own cause
            cause = Cause.of(f"due#{due.store.name}#{aggregate.id}", due.field, when.isoformat(), at=now)
            try:
                await due.store.update(aggregate.id, partial(_flipped, due.decide, now), cause=cause)
            except Problem as problem:  # this one waits for the next look; those behind it do not wait for this one
                log.warning("due.not_decided", id=aggregate.id, why=str(problem))
        return len(found)


def _flipped(decide: Callable[[Any, datetime], Decision[Any]], now: datetime, current: Any) -> Decision[Any]:  # noqa: ANN401 - any aggregate
    """``decide`` with the moment given first, as a decision of the store."""
    return decide(current, now)
