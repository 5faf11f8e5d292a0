"""What became of a source whose leavers were held: let through and taken, or dismissed."""

from functools import partial

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.events import Cause
from infra.storage.store import CommandResult
from services.registry.hr.model import directory as entries
from services.registry.hr.model import hold as model
from services.registry.hr.model.directory import Entry
from services.registry.hr.model.hold import HoldDecision
from services.registry.hr.store.directory import Entries
from services.registry.hr.store.mirror import Hr, Quarantined
from services.registry.hr.use_cases.events import HrEvents
from services.registry.hr.use_cases.mass_loss import Held

AT_ONCE = 100


class Holds:
    """People's decisions about held leavers, and the job that carries them out."""

    def __init__(self, hr: Hr, directory: Entries, hr_events: HrEvents) -> None:
        self._hr, self._directory, self._hr_events = hr, directory, hr_events

    async def held(self, source: str, limit: int = AT_ONCE) -> tuple[list[Quarantined], list[Entry]]:
        """Events and entries of the directory that wait for a decision about this source."""
        events = await self._hr.quarantined.find({"held_by": source, "state": "quarantined"}, limit=limit)
        return events, await self._directory.find({"held_by": source}, limit=limit)

    async def release(self, source: str, by: str, reason: str, cause: Cause) -> CommandResult:
        """They really leave; the job takes what was held."""
        decide = partial(model.release, by=by, reason=reason, at=cause.at)
        return await self._hr.holds.update(source, decide, cause=cause)

    async def reject(self, source: str, by: str, reason: str, cause: Cause) -> CommandResult:
        """The source was wrong; its held events are dismissed, and its entries wait until it corrects them."""
        return await self._hr.holds.update(source, partial(model.reject, by=by, reason=reason), cause=cause)

    async def run_once(self) -> bool:
        """Carry a decision out, a bounded piece of it; whether more waits. Repeating it changes nothing."""
        done = False
        for hold in await self._hr.holds.find({"held_since": None}, limit=0):
            events, entries_held = await self.held(hold.id)
            for event in events:
                await self._settle(hold, event)
            for entry in entries_held:
                decide = entries.freed if hold.released else entries.refused
                await self._directory.update(entry.id, decide, cause=_cause(hold, entry.id, entry.seq))
            done = done or bool(events or entries_held)
        return done

    async def _settle(self, hold: HoldDecision, event: Quarantined) -> None:
        cause = _cause(hold, event.id, event.tries)
        if not hold.released:
            await self._hr_events.dismiss(event.id, hold.reason or "", hold.decided_by or "", cause)
            return
        try:
            await self._hr_events.redrive(event.id, cause)
        except Held:  # so long ago that it counts anew
            return
        except Refused:  # something else is wrong with it now: a person looks at it like at any other
            await self._hr.quarantined.update(event.id, _alone, cause=cause)


def _cause(hold: HoldDecision, key: str, number: int) -> Cause:
    return Cause.of(f"hold#{hold.id}", hold.version, key, number)


def _alone(quarantined: Quarantined) -> Decision[Quarantined]:
    return quarantined.becomes(held_by=None), []
