"""The one way in for everything HR says: one record, one decision, one write; and the circuit breaker before it.

The breaker stops single changes when a source lets too many people leave within a day, and asks. Events on the exchange
of the departments are read into canonical records; what cannot be read is kept.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from infra.kernel import clock
from infra.kernel.cloudevents import Foreign, read
from infra.kernel.dates import day_of
from infra.kernel.errors import Refused, Unreadable, first_fault
from infra.kernel.events import Cause, Decision
from infra.messaging.subscriptions import Delivery
from infra.storage.store import CommandResult
from infra.web.problems import CHINESE
from services.registry.hr.model import directory as entries
from services.registry.hr.model import run as model
from services.registry.hr.model.directory import Entry
from services.registry.hr.model.employee_and_department import MIRRORS, Employee, Record, leaves
from services.registry.hr.model.run import HoldDecision, Limits, Loss
from services.registry.hr.store import Entries, Hr, Quarantined


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
        recent = {"source": record.source, "at": {"$gt": at - model.WINDOW}, "_id": {"$ne": loss.id}}
        losses = await self._hr.losses.count(recent)
        people = losses + await self._hr.staff()
        why = model.too_many_leave(losses + 1, people, self._limits)
        if why is not None:
            decide = partial(model.hold_leavers, source=record.source, why=why, at=at)
            cause = Cause.of(f"hold#{record.source}", loss.id, at.isoformat(), at=at)
            await self._hr.holds.put(record.source, decide, cause=cause)
            raise Held(record, why)
        await self._hr.losses.save([loss])


def first_of(error: ValidationError) -> tuple[Sequence[str | int], str, str]:
    """What a record refuses first: where, and why in Chinese and in English."""
    first = error.errors()[0]
    return first["loc"], CHINESE.get(first["type"], "取值不符合要求"), first["msg"]


AT_ONCE = 100


class HrEvents:
    """Takes deliveries; raises only what trying again may heal."""

    def __init__(self, hr: Hr, intake: Intake) -> None:
        self._hr, self._intake = hr, intake

    async def take(self, delivery: Delivery) -> None:
        """Take one event, or quarantine it with its reason."""
        try:
            await self._take(delivery.routing_key, delivery.body, delivery.headers, delivery.content_type)
        except Unreadable as reason:
            await self._keep(delivery, f"无法受理：{reason}", str(reason))
        except Held as held:
            await self._keep(delivery, held.zh, held.en, held)

    async def _keep(self, delivery: Delivery, zh: str, en: str, held: Held | None = None) -> None:
        quarantined = Quarantined(
            id=hashlib.sha256(delivery.routing_key.encode() + b"\0" + delivery.body).hexdigest()[:32],
            routing_key=delivery.routing_key,
            content=delivery.body.decode("utf-8", "backslashreplace").replace("\0", "\\0"),
            headers={name: str(value) for name, value in delivery.headers.items()},
            content_type=delivery.content_type,
            at=clock.now(),
            zh=zh,
            en=en,
            held_by=held.source if held else None,
            about=held.about if held else None,
        )
        await self._hr.quarantined.put(
            quarantined.id, lambda before: (before or quarantined, []), cause=Cause.of(quarantined.id)
        )

    async def redrive(self, key: str, cause: Cause) -> Quarantined:
        """Try a quarantined event again, for example after an upgrade; raises ``Refused`` with the reason."""
        quarantined = await self._hr.quarantined.get(key)
        try:
            await self._take(
                quarantined.routing_key, quarantined.content.encode(), quarantined.headers, quarantined.content_type
            )
        except Unreadable as reason:
            raise Refused(
                "arrival.still_quarantined", zh=f"仍无法受理：{reason}", en=f"Still not possible: {reason}"
            ) from reason
        await self._hr.quarantined.update(key, partial(_state, "taken", None, None), cause=cause)
        return await self._hr.quarantined.get(key)

    async def dismiss(self, key: str, reason: str, by: str, cause: Cause) -> None:
        """Put a quarantined event aside for good, with a reason."""
        await self._hr.quarantined.update(key, partial(_state, "dismissed", reason, by), cause=cause)

    async def _take(self, route: str, body: bytes, headers: Mapping[str, Any], content_type: str | None) -> None:
        event = read(body, headers, content_type)
        if event.type != route:
            raise Unreadable(f"its type is {event.type!r}, but it came under the routing key {route!r}")
        await self._intake.take(_record(event), Cause.of(event.source, event.id))


def _record(event: Foreign) -> Record:
    """The canonical record in an event. The number of a change is its own, else the moment of the event."""
    of = next((one.records for kind, one in MIRRORS.items() if event.type.startswith(f"hr.{kind}.")), None)
    if of is None:
        raise Unreadable(f"no event of this kind is known: {event.type!r}")
    if not isinstance(event.data, dict):
        raise Unreadable("data must be an object")
    given = {**event.data, "source": event.source}
    if "seq" not in given and event.time is not None:
        given["seq"] = int(event.time.timestamp() * 1000)
    if event.type.rpartition(".")[2] == "withdrawn":
        given["withdrawn"] = True
    try:
        return of.model_validate(given)
    except ValidationError as error:
        raise Unreadable(f"data do not fit: {first_fault(error)}") from error


def _state(state: str, reason: str | None, by: str | None, quarantined: Quarantined) -> Decision[Quarantined]:
    if quarantined.state != "quarantined":
        raise Refused("arrival.settled", zh="该事件已处理。", en=f"This event is {quarantined.state} already.")
    return quarantined.becomes(state=state, reason=reason, dismissed_by=by, tries=quarantined.tries + 1), []


class Holds:
    """People's decisions about held leavers, and the job that carries them out."""

    def __init__(self, hr: Hr, directory: Entries, hr_events: HrEvents) -> None:
        self._hr, self._directory, self._hr_events = hr, directory, hr_events

    async def held(self, source: str, limit: int = AT_ONCE) -> tuple[list[Quarantined], list[Entry]]:
        """Events and entries of the directory that wait for a decision about this source."""
        events = await self._hr.quarantined.find({"held_by": source, "state": "quarantined"}, limit=limit)
        return events, await self._directory.find({"held_by": source}, limit=limit)

    async def run_once(self) -> bool:
        """Carry a decision out, a bounded piece of it; whether more waits. Repeating it changes nothing."""
        done = False
        for hold in await self._hr.holds.find({"held_since": None}, limit=0):
            events, entries_held = await self.held(hold.id)
            for event in events:
                await self._settle(hold, event)
            for entry in entries_held:
                decide = entries.freed if hold.released else entries.refused
                await self._directory.update(entry.id, decide, cause=_cause_of(hold, entry.id, entry.seq))
            done = done or bool(events or entries_held)
        return done

    async def _settle(self, hold: HoldDecision, event: Quarantined) -> None:
        cause = _cause_of(hold, event.id, event.tries)
        if not hold.released:
            await self._hr_events.dismiss(event.id, hold.reason or "", hold.decided_by or "", cause)
            return
        try:
            await self._hr_events.redrive(event.id, cause)
        except Held:  # so long ago that it counts anew
            return
        except Refused:  # something else is wrong with it now: a person looks at it like at any other
            await self._hr.quarantined.update(event.id, lambda one: (one.becomes(held_by=None), []), cause=cause)


def _cause_of(hold: HoldDecision, key: str, number: int) -> Cause:
    return Cause.of(f"hold#{hold.id}", hold.version, key, number)
