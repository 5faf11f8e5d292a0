"""An arrival: one event of another department, from the moment it came to what became of it. Nothing is dropped.

``received`` → ``effected`` | ``unmatched`` (no rule takes it) | ``elsewhere`` (another service's business) |
``quarantined`` (the event is at fault) | ``failed`` (a rule is at fault) → looked at again after mending |
``dismissed`` by a person. What was quarantined and can be believed after mending goes on as an arrival of its own:
``passed_on``.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from infra.kernel.cloudevents import Foreign, structured
from infra.kernel.errors import Invalid, Problem, Refused, Unreadable
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Value
from services.activities.inbound.model.department import Department
from services.activities.inbound.model.effect import Kind
from services.activities.plans.model.roster import Actor

AHEAD = timedelta(days=1)
"""How far a sender's clock may be wrong: a time zone that was left out or written twice, and a little more."""
State = Literal["received", "effected", "unmatched", "elsewhere", "quarantined", "failed", "passed_on", "dismissed"]


class Reason(Value):
    """Why it has no effect (or not every one): for the sender or for the rule's author."""

    code: str
    zh: str
    en: str
    field: str | None = None
    rule: str | None = None

    @classmethod
    def of(cls, problem: Problem, rule: str | None = None) -> "Reason":
        """What a problem says."""
        return cls(code=problem.code, zh=problem.zh, en=problem.en, field=problem.field, rule=rule)


class Outcome(Value):
    """An effect that this event had, by which version of which rule."""

    rule: str
    version: int
    effect: Kind
    id: str
    organisation: str


class Raw(Value):
    """A message as it came, to be read once more after mending; of a very large one, the beginning."""

    body: bytes
    size: int
    sha256: str
    headers: dict[str, str]
    content_type: str | None


class Dismissal(Value):
    """Who put it aside for good, and why."""

    reason: str
    by: str
    at: datetime


class Described(Value):
    """What is shown of an arrival."""

    routing_key: str
    received_at: datetime
    last_seen_at: datetime
    seen: int = 1
    source: str | None = None
    event: str | None = None
    type: str | None = None
    subject: str | None = None
    occurred_at: datetime | None = None
    department: str | None = None
    restricted: bool = False
    state: State = "received"
    reasons: tuple[Reason, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    looked: int = 0
    conflicts_with: str | None = None
    became: str | None = None
    dismissal: Dismissal | None = None


class Arrival(Described, Aggregate):
    """One event as it came: ``content`` is its envelope as JSON; ``raw`` the message where it cannot be believed."""

    digest: str
    content: str | None = None
    raw: Raw | None = None
    looked_at: datetime | None = None

    @property
    def foreign(self) -> Foreign:
        """The event; only where there is ``content``."""
        return structured(json.loads(self.content or "null"))


def identity(source: str, event: str) -> str:
    """(source, id) is what CloudEvents calls unique, so it names the arrival of a believed event and its effects."""
    return str(uuid5(NAMESPACE_URL, f"{source}\n{event}"))


def believed(event: Foreign, department: Department, routing_key: str, at: datetime) -> Arrival:
    """The arrival of an event that its department may send. Both modes of the same event are the same content."""
    envelope = event.envelope()
    same = {name: value for name, value in envelope.items() if name != "datacontenttype"}
    return Arrival(
        id=identity(event.source, event.id),
        routing_key=routing_key,
        received_at=at,
        last_seen_at=at,
        content=json.dumps(envelope, ensure_ascii=False),
        digest=sha256(json.dumps(same, sort_keys=True).encode()).hexdigest(),
        occurred_at=event.time,
        department=department.id,
        restricted=department.restricted,
        **_claims(event),
    )


def doubted(
    raw: Raw, claimed: Foreign | Unreadable, department: Department | None, routing_key: str, at: datetime
) -> Arrival:
    """The arrival of a message that cannot be read or believed, under an id of its own.

    It never takes the id of the event it claims to be: whoever forges one must not keep the true one out.
    """
    head = json.dumps([routing_key, raw.content_type, sorted(raw.headers.items())]).encode()
    digest = sha256(head + raw.sha256.encode()).hexdigest()
    code, zh, en = why_doubted(claimed, department, routing_key)
    return Arrival(
        id=digest[:32],
        routing_key=routing_key,
        received_at=at,
        last_seen_at=at,
        digest=digest,
        raw=raw,
        department=department.id if department else None,
        restricted=department is not None and department.restricted,
        state="quarantined",
        reasons=(Reason(code=code, zh=zh, en=en),),
        **(_claims(claimed) if isinstance(claimed, Foreign) else {}),
    )


def _claims(event: Foreign) -> dict[str, Any]:
    return {"event": event.id, **event.model_dump(include={"source", "type", "subject"})}


def conflict(arrival: Arrival) -> Arrival:
    """The same (source, id) with other content: kept beside the first one, visible, without effect."""
    reason = Reason(
        code="event.id_reused",
        zh="同一 (source, id) 已收到过内容不同的事件；首次收到的有效。",
        en="Another event came under the same (source, id) before; the first one counts.",
    )
    name = str(uuid5(NAMESPACE_URL, f"{arrival.id}\n{arrival.digest}"))
    return arrival.becomes(id=name, state="quarantined", reasons=(reason,), conflicts_with=arrival.id)


def keep(arrival: Arrival, before: Arrival | None) -> Decision[Arrival]:
    """Keep what came, or count that it came again; other content under the same id changes nothing here."""
    if before is None:
        return arrival, []
    if before.digest != arrival.digest:
        return before, []
    return before.becomes(seen=before.seen + 1, last_seen_at=arrival.last_seen_at), []


def settle(
    arrival: Arrival, state: State, reasons: tuple[Reason, ...], outcomes: tuple[Outcome, ...], at: datetime
) -> Decision[Arrival]:
    """Say what became of it. Earlier effects stay, new ones are added; what a person put aside stays there."""
    known = {outcome.id for outcome in arrival.outcomes}
    outcomes = (*arrival.outcomes, *(one for one in outcomes if one.id not in known))
    if outcomes and state in {"unmatched", "elsewhere"}:
        state, reasons = "effected", ()
    if arrival.state == "dismissed":
        state, reasons = arrival.state, arrival.reasons
    looked = arrival.looked + 1
    return arrival.becomes(state=state, reasons=reasons, outcomes=outcomes, looked=looked, looked_at=at), []


def pass_on(arrival: Arrival, became: str, at: datetime) -> Decision[Arrival]:
    """It can be believed now and goes on as that arrival."""
    return arrival.becomes(state="passed_on", became=became, looked_at=at), []


def require_open(arrival: Arrival) -> None:
    """What a person put aside, or what goes on as another arrival, is not looked at again."""
    if arrival.state in {"dismissed", "passed_on"}:
        raise Refused(
            "arrival.settled",
            zh="该事件已搁置或已转为另一条，不能重新处理。",
            en="This arrival was put aside or goes on as another one.",
        )


def dismiss(arrival: Arrival, reason: str, by: Actor) -> Decision[Arrival]:
    """Put aside what has no effect, with a reason; what had its effect needs no such thing."""
    if arrival.state in {"effected", "received", "dismissed", "passed_on"}:
        raise Refused(
            "arrival.not_waiting", zh="只有未生效的事件可以搁置。", en="Only an event without effect can be put aside."
        )
    return arrival.becomes(state="dismissed", dismissal=Dismissal(reason=reason, by=by.person, at=by.at)), []


def require_past(event: Foreign, now: datetime) -> None:
    """Raise ``Invalid`` for what has not happened yet: as the newest of its series it would never be corrected."""
    if event.time is not None and event.time > now + AHEAD:
        raise Invalid(
            "event.time_ahead",
            zh=f"事件时间 {event.time.isoformat()} 尚未到来，请核对发送方的时钟。",
            en=f"The event's time {event.time.isoformat()} is still to come; is the sender's clock right?",
            field="/time",
        )


def is_credible(event: Foreign, department: Department | None, routing_key: str) -> bool:
    """Whether the broker's word (the routing key), the type and the source belong to one registered department."""
    return department is not None and event.type == routing_key and department.speaks_as(event.source)


def why_doubted(claimed: Foreign | Unreadable, department: Department | None, routing_key: str) -> tuple[str, str, str]:
    """The code, and why in Chinese and in English."""
    if isinstance(claimed, Unreadable):
        code, zh = "event.unreadable", f"不是可读的 CloudEvents 1.0 事件：{claimed}"
        en = f"No readable CloudEvent: {claimed}"
    elif claimed.type != routing_key:
        said = f"type “{claimed.type}” ≠ routing key “{routing_key}”"
        code, zh = "event.type_forged", f"事件类型与路由键不一致：{said}"
        en = f"The type is not the routing key: {said}"
    elif department is None:
        code, zh, en = "event.type_unknown", f"没有部门登记过类型“{routing_key}”", f"No department owns “{routing_key}”"
    else:
        code, zh = "event.source_foreign", f"来源“{claimed.source}”不属于“{department.title}”"
        en = f"The source “{claimed.source}” is none of “{department.title_en}”"
    return code, f"{zh}。", f"{en}."
