"""What other departments send: kept first, then believed or doubted, then looked at under the rules of now.

Every delivery becomes an arrival before anything else happens, so that a message may come twice, a process may die in
the middle, and a rule may be mended later: looking again adds what is missing and repeats nothing.
"""

import hashlib
from collections.abc import Sequence, Sized
from datetime import datetime, timedelta
from functools import partial

from infra.kernel import clock
from infra.kernel.cloudevents import LARGEST, PREFIXES, Foreign, read
from infra.kernel.errors import Invalid, Refused, Unreadable
from infra.kernel.events import Cause
from infra.messaging.subscriptions import Delivery
from services.activities.inbound.model import arrival as model
from services.activities.inbound.model.arrival import Arrival, Outcome, Raw, Reason, State, is_credible, require_past
from services.activities.inbound.model.department import Department, owner
from services.activities.inbound.model.outcome import Origin
from services.activities.inbound.model.rule import Version
from services.activities.inbound.use_cases.effects import Effects

STORED_BYTES = 100_000
HEALING = ("rule.spared", "organisation.unknown", "brand.unknown", "brand.not_one", "department.unmapped")
"""Reasons that may pass by themselves: a rule is left alone for a while, the registry's facts are on their way."""
HEALING_SECONDS, MOST_LOOKS, AT_ONCE = 61.0, 10, 20
NO_RULE = Reason(code="rule.none", zh="没有规则处理此类事件。", en="No rule listens to this type.")
NOT_TAKEN = Reason(code="rule.none_took", zh="没有规则的条件成立。", en="No rule's condition held.")


class Intake:
    """Takes deliveries in and looks at arrivals, the first time or again."""

    def __init__(self, effects: Effects) -> None:
        self.effects, self.inbound = effects, effects.inbound

    async def receive(self, delivery: Delivery) -> Arrival:
        """Keep it and look at it, unless it was looked at before; returns what became of it."""
        fresh = _fresh(delivery, await self._owner(delivery.routing_key))
        cause = Cause.of(fresh.id, fresh.digest, delivery.at.isoformat(), causation=fresh.event)
        await self.inbound.arrivals.put(fresh.id, partial(model.keep, fresh), cause=cause)
        stored = await self.inbound.arrivals.get(fresh.id)
        if stored.digest != fresh.digest:
            fresh = model.conflict(fresh)
            await self.inbound.arrivals.put(fresh.id, partial(model.keep, fresh), cause=cause)
        elif stored.state == "received":
            await self.look(stored, cause.step("look"))
        return await self.inbound.arrivals.get(fresh.id)

    async def redrive(self, key: str, cause: Cause) -> Arrival:
        """Look at an arrival again, with the departments and rules of now; raises ``Refused`` for a settled one."""
        arrival = await self.inbound.arrivals.get(key)
        model.require_open(arrival)
        raw = arrival.raw
        if raw is None or raw.size > len(raw.body):
            await self.look(arrival, cause)
            return await self.inbound.arrivals.get(key)
        again = Delivery(raw.body, raw.headers, raw.content_type, arrival.routing_key, None, cause.at)
        fresh = _fresh(again, await self._owner(arrival.routing_key))
        if fresh.content is None:
            await self._settle(arrival, "quarantined", fresh.reasons, (), cause)
        else:
            decide = partial(model.pass_on, became=(await self.receive(again)).id, at=clock.now())
            await self.inbound.arrivals.update(key, decide, cause=cause)
        return await self.inbound.arrivals.get(key)

    async def revisit(self) -> bool:
        """Look again at what may have healed by itself, some at once and not for ever; whether more may wait."""
        before = clock.now() - timedelta(seconds=HEALING_SECONDS)
        where = {"state": "failed", "reasons.code": {"$in": HEALING}, "looked_at": {"$lt": before}}
        where |= {"looked": {"$lt": MOST_LOOKS}}
        found = await self.inbound.arrivals.find(where, sort=(("looked_at", 1),), limit=AT_ONCE)
        for arrival in found:
            await self.look(arrival, Cause.of(arrival.id, "revisit", arrival.looked, causation=arrival.event))
        return len(found) == AT_ONCE

    async def look(self, arrival: Arrival, cause: Cause) -> None:
        """Look at a kept event: is it still believed, does it fit its schema, which rules take it."""
        if arrival.conflicts_with is not None or arrival.content is None:
            await self._settle(arrival, "quarantined", arrival.reasons, (), cause)
            return
        event = arrival.foreign
        try:
            sender = await self._believe(event, await self._owner(event.type))
        except (Invalid, Refused) as problem:
            state: State = "failed" if problem.code.startswith(("schema.", "rule.")) else "quarantined"
            await self._settle(arrival, state, (Reason.of(problem),), (), cause)
            return
        in_force = await self.inbound.rules_in_force()
        listening = [(key, rule) for key, rule in in_force.items() if rule.concerns(event.type)]
        reasons: list[Reason] = []
        outcomes: list[Outcome] = []
        for key, rule in listening:
            origin = _origin(arrival, event, sender, key, rule)
            outcomes += await self._effect(rule, event, origin, reasons, arrival.received_at)
        await self._settle(arrival, *_verdict(sender, event, listening, reasons, outcomes), tuple(outcomes), cause)

    async def _owner(self, kind: str) -> Department | None:
        return owner(await self.inbound.departments.find(limit=0), kind)

    async def _believe(self, event: Foreign, department: Department | None) -> Department:
        if department is None or not is_credible(event, department, event.type):
            raise Refused(
                "event.no_longer_believed",
                zh="该类型或来源已不再属于任何登记的部门。",
                en="No registered department owns this type and source any more.",
            )
        require_past(event, clock.now())
        await self.effects.evaluator.fit(department, event.type, event.dataschema, event.data)
        return department

    async def _effect(
        self, rule: Version, event: Foreign, origin: Origin, reasons: list[Reason], received_at: datetime
    ) -> list[Outcome]:
        """What one rule makes of the event; what keeps it from doing so is added to the reasons."""
        made: list[Outcome] = []
        try:
            wanted = await self.effects.evaluator.weigh(rule, event.envelope())
        except (Invalid, Refused) as problem:
            reasons.append(Reason.of(problem, origin.rule))
            return made
        for number, one in enumerate(wanted or ()):
            try:
                places = await self.effects.places(one, event.time or received_at)
                made += await self.effects.make(one, places, origin, number)
            except (Invalid, Refused) as problem:
                reasons.append(Reason.of(problem, origin.rule))
        return made

    async def _settle(
        self, arrival: Arrival, state: State, reasons: tuple[Reason, ...], outcomes: tuple[Outcome, ...], cause: Cause
    ) -> None:
        decide = partial(model.settle, state=state, reasons=reasons, outcomes=outcomes, at=clock.now())
        await self.inbound.arrivals.update(arrival.id, decide, cause=cause)


def _fresh(delivery: Delivery, department: Department | None) -> Arrival:
    """The arrival of a delivery: of a believed event, or of a message that is kept as it came."""
    key, at = delivery.routing_key, clock.kept(delivery.at)
    claimed: Foreign | Unreadable
    try:
        claimed = read(delivery.body, delivery.headers, delivery.content_type)
    except Unreadable as error:
        claimed = error
    else:
        if department is not None and is_credible(claimed, department, key):
            return model.believed(claimed, department, key, at)
    return model.doubted(_raw(delivery), claimed, department, key, at)


def _raw(delivery: Delivery) -> Raw:
    """The message as it came; of one that is too large, the beginning."""
    whole = len(delivery.body) <= LARGEST
    return Raw(
        body=delivery.body if whole else delivery.body[:STORED_BYTES],
        size=len(delivery.body),
        sha256=hashlib.sha256(delivery.body).hexdigest(),
        headers={name: _text(value) for name, value in delivery.headers.items() if name.lower().startswith(PREFIXES)},
        content_type=delivery.content_type,
    )


def _verdict(
    sender: Department, event: Foreign, listening: Sized, reasons: Sequence[Reason], made: Sequence[Outcome]
) -> tuple[State, tuple[Reason, ...]]:
    if reasons:
        return "failed", tuple(reasons)
    if made:
        return "effected", ()
    if sender.is_elsewhere(event.type):
        return "elsewhere", ()
    return "unmatched", (NOT_TAKEN if listening else NO_RULE,)


def _origin(arrival: Arrival, event: Foreign, department: Department, key: str, rule: Version) -> Origin:
    return Origin(
        arrival=arrival.id,
        event_type=event.type,
        source=event.source,
        subject=event.subject,
        occurred_at=event.time,
        department=department.id,
        department_title=department.title,
        rule=key,
        rule_version=rule.number,
        restricted=department.restricted or rule.restricted,
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
