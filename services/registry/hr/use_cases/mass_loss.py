"""The circuit breaker for single changes: stops when a source lets too many people leave within a day, and asks."""

import asyncio
from datetime import datetime
from functools import partial

from infra.kernel.errors import Refused
from infra.kernel.events import Cause
from infra.storage.store import CommandResult
from services.registry.hr.model import hold
from services.registry.hr.model.hold import Loss
from services.registry.hr.model.run import Limits
from services.registry.hr.model.staging import EmployeeRecord
from services.registry.hr.store.mirror import Hr
from services.registry.hr.use_cases.intake import Intake


class Held(Refused):
    """A leaver waits until a person has looked at the many of this source."""

    def __init__(self, record: EmployeeRecord, why: tuple[str, str]) -> None:
        super().__init__("hr.mass_loss", zh=why[0], en=why[1])
        self.source, self.about = record.source, (record.employee_no, record.name)


class MassLossBreaker(Intake):
    """The way in for events and for the directory. Lists are asked about as a whole (``Runs``)."""

    def __init__(self, hr: Hr, limits: Limits) -> None:
        super().__init__(hr)
        self._limits = limits
        self._one_by_one = asyncio.Lock()  # people are taken side by side, and must not be counted so

    async def employee(self, record: EmployeeRecord, cause: Cause) -> CommandResult:
        """Take what is said about an employee; raises ``Held`` for one leaver too many of its source."""
        if record.status == "left":  # nobody else needs a look
            async with self._one_by_one:
                await self._check(record, cause.at)
        return await super().employee(record, cause)

    async def _check(self, record: EmployeeRecord, at: datetime) -> None:
        """Raise ``Held`` where this record would be one leaver too many of its source. The same record counts once."""
        known = (await self._hr.employees_by([record.employee_no])).get(record.employee_no)
        if not hold.leaves(record, known):
            return
        found = await self._hr.holds.find({"_id": record.source}, limit=1)
        if found and found[0].open(at):
            return
        if found and found[0].held_since and found[0].why:
            raise Held(record, found[0].why)
        loss = Loss(id=f"{record.source}#{record.employee_no}#{record.key}", source=record.source, at=at)
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
