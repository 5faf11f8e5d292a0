"""The one way in for everything HR says: one record, one decision, one write; and the circuit breaker before it.

The breaker stops single changes when a source lets too many people leave within a day, and asks.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from pydantic import ValidationError

from infra.kernel.dates import day_of
from infra.kernel.errors import Refused
from infra.kernel.events import Cause
from infra.storage.store import CommandResult
from infra.web.problems import CHINESE
from services.registry.hr.model import hold
from services.registry.hr.model.hold import Loss
from services.registry.hr.model.mirror import MIRRORS, Employee, leaves
from services.registry.hr.model.records import Record
from services.registry.hr.model.run import Limits
from services.registry.hr.store import Hr


class Intake:
    """Takes canonical records; the day on which it acts is the cause's day in China."""

    def __init__(self, hr: Hr) -> None:
        self._hr = hr

    async def take(self, record: Record, cause: Cause) -> CommandResult:
        """Take what is said about an employee or a department; again, late or in another order it ends the same."""
        decide = partial(MIRRORS[record.kind].take, record=record, today=day_of(cause.at))
        return await self._hr.mirror(record.kind).put(record.subject, decide, cause=cause)


class Held(Refused):
    """A leaver waits until a person has looked at the many of this source."""

    def __init__(self, record: Record, why: tuple[str, str]) -> None:
        super().__init__("hr.mass_loss", zh=why[0], en=why[1])
        self.source, self.about = record.source, (record.subject, record.name)


class MassLossBreaker(Intake):
    """The way in for events and for the directory. Lists are asked about as a whole (``Runs``)."""

    def __init__(self, hr: Hr, limits: Limits) -> None:
        super().__init__(hr)
        self._limits = limits
        self._one_by_one = asyncio.Lock()  # people are taken side by side, and must not be counted so

    async def take(self, record: Record, cause: Cause) -> CommandResult:
        """Take a record; raises ``Held`` for one leaver too many of its source."""
        if getattr(record, "status", None) == "left":  # nobody else needs a look
            async with self._one_by_one:
                await self._check(record, cause.at)
        return await super().take(record, cause)

    async def _check(self, record: Record, at: datetime) -> None:
        """Raise ``Held`` where this record would be one leaver too many of its source. The same record counts once."""
        if not leaves(record, (await self._hr.known(Employee, [record.subject])).get(record.subject)):
            return
        found = await self._hr.holds.find({"_id": record.source}, limit=1)
        if found and found[0].open(at):
            return
        if found and found[0].held_since and found[0].why:
            raise Held(record, found[0].why)
        loss = Loss(id=f"{record.source}#{record.subject}#{record.key}", source=record.source, at=at)
        recent = {"source": record.source, "at": {"$gt": at - hold.WINDOW}, "_id": {"$ne": loss.id}}
        losses = await self._hr.losses.count(recent)
        people = losses + await self._hr.staff()
        why = hold.alarming(losses + 1, people, self._limits)
        if why is not None:
            decide = partial(hold.close, source=record.source, why=why, at=at)
            cause = Cause.of(f"hold#{record.source}", loss.id, at.isoformat(), at=at)
            await self._hr.holds.put(record.source, decide, cause=cause)
            raise Held(record, why)
        await self._hr.losses.save([loss])


def first_of(error: ValidationError) -> tuple[Sequence[str | int], str, str]:
    """What a record refuses first: where, and why in Chinese and in English."""
    first = error.errors()[0]
    return first["loc"], CHINESE.get(first["type"], "取值不符合要求"), first["msg"]
