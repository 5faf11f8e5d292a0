"""A delivery: what should stand in one office system about one to-do, and what we know to stand there. Pure.

``next_at`` is when it is to be worked off; None = both sides agree, or a person must mend something (``failed``).
``holders`` are the vendor's users who have it open over there, as far as we know, or may have it: a name is noted
before the call that gives it to them, so that a lost answer is not a forgotten one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from infra.kernel.errors import Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Value
from services.notify.events.consumed import State
from services.notify.inbox.model.todo import Todo

Due: TypeAlias = Decision["ChannelDelivery"]
Pushed = Literal["none", "open", "done", "withdrawn"]
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 600.0
NUMBERS_AT_ONCE = 16
"""How many numbers one turn of a delivery may use: each call has its own."""


class Content(Value):
    """What the receiver sees."""

    title: str
    title_en: str
    name: str
    step: str
    since: datetime
    due: datetime | None
    link: str


class ChannelDelivery(Aggregate):
    """One to-do in one channel: ``wanted`` at ``todo_version`` shall stand there; ``pushed`` does."""

    channel: str
    todo: str
    person: str
    wanted: State
    todo_version: int
    content: Content
    pushed: Pushed = "none"
    pushed_version: int = -1
    pushed_at: datetime | None = None
    holders: tuple[str, ...] = ()
    mailed_since: datetime | None = None
    seq: int = 0
    attempts: int = 0
    next_at: datetime | None = None
    failed: bool = False
    error: str | None = None

    @property
    def settled(self) -> bool:
        """Whether what shall stand there stands there, as far as we know."""
        return self.next_at is None and not self.failed


class Step(Value):
    """One call to a vendor: the operation of the port, whose item it is about, and who gets it (``reassign``)."""

    operation: Literal["upsert", "complete", "withdraw", "reassign"]
    receiver: str
    to: str = ""


def delivery_id(channel: str, todo: str) -> str:
    """There is one delivery for each to-do and channel."""
    return f"{channel}:{todo}"


def want(before: ChannelDelivery | None, channel: str, todo: Todo, version: int, now: datetime) -> Due:
    """What review says now; an older version changes nothing. What was never there need not be taken away."""
    if before is not None and before.todo_version >= version:
        return before, []
    content = Content.model_validate({**dict(todo), "name": todo.name or "", "link": todo.link})
    said = {"wanted": todo.state, "todo_version": version, "content": content, "person": todo.person}
    delivery = before or ChannelDelivery.model_validate(
        {"id": delivery_id(channel, todo.id), "channel": channel, "todo": todo.id, **said}
    )
    after = delivery.becomes(**said)
    if after.pushed == "none" and after.wanted != "open" and after.seq == 0:
        return after.becomes(next_at=None, failed=False, error=None), []
    unseen = after.wanted != "open" or (delivery.content, delivery.person) == (after.content, after.person)
    if delivery.settled and delivery.pushed == after.wanted and unseen:  # published again, with nothing new to see
        return after.becomes(pushed_version=version), []
    return after.becomes(next_at=now, attempts=0, failed=False, error=None), []


def steps(delivery: ChannelDelivery, receiver: str) -> list[Step]:
    """The calls that bring a delivery about; ``receiver`` is the vendor's user for its person now. The last one counts.

    Usually one. More when somebody has it who should not: the mapping of people changed, or it was found in a wrong
    list. What is done or withdrawn goes to whoever has it, even if the person has another user by now.
    """
    if delivery.wanted == "open":
        others = [one for one in delivery.holders if one != receiver]
        last = Step(operation="reassign", receiver=others[-1], to=receiver) if others else None
        taken = [Step(operation="withdraw", receiver=one) for one in others[:-1]]
        return [*taken, last or Step(operation="upsert", receiver=receiver)]
    who = receiver if receiver in delivery.holders or not delivery.holders else delivery.holders[-1]
    taken = [Step(operation="withdraw", receiver=one) for one in delivery.holders if one != who]
    return [*taken, Step(operation="complete" if delivery.wanted == "done" else "withdraw", receiver=who)]


def reserve(delivery: ChannelDelivery, receiver: str, now: datetime) -> Due:
    """Take the next numbers before anything is sent: they only grow, whatever happens after.

    Raises ``Refused`` when there is nothing to be sent any more.
    """
    if delivery.next_at is None:
        raise Refused("delivery.settled", zh="该待办无需推送。", en="There is nothing to be sent.")
    seq = max(int(now.timestamp() * 1000), delivery.seq + NUMBERS_AT_ONCE)
    holders = tuple(dict.fromkeys((*delivery.holders, receiver))) if delivery.wanted == "open" else delivery.holders
    return delivery.becomes(seq=seq, holders=holders), []


def pushed(delivery: ChannelDelivery, sent: ChannelDelivery, receiver: str, now: datetime) -> Due:
    """The vendor has what ``sent`` wanted. Where review went on meanwhile, the delivery is due again."""
    again, opened = delivery.todo_version != sent.todo_version, sent.wanted == "open"
    return delivery.becomes(
        pushed=sent.wanted,
        pushed_version=sent.todo_version,
        pushed_at=now,
        holders=(receiver,) if opened else (),
        mailed_since=sent.content.since if opened else delivery.mailed_since,
        attempts=0,
        error=None,
        failed=False,
        next_at=now if again else None,
    ), []


def delayed(delivery: ChannelDelivery, why: str, after: float | None, chance: float, now: datetime) -> Due:
    """It could not be done; ``chance`` (0 to 1) spreads the next tries. ``after``: what the vendor asked for."""
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts, 10), LONGEST_PAUSE) * (0.5 + chance / 2)
    wait = timedelta(seconds=max(pause, after or 0))
    return delivery.becomes(attempts=delivery.attempts + 1, error=why, next_at=now + wait), []


def refused(delivery: ChannelDelivery, sent: ChannelDelivery, why: str, now: datetime) -> Due:
    """The vendor refuses it for good: a person must mend something, then redrive it.

    Where review went on meanwhile, what was refused is of no interest any more, and the delivery is due again.
    """
    if delivery.todo_version != sent.todo_version:
        return delivery.becomes(next_at=now, attempts=0, error=why), []
    return delivery.becomes(failed=True, error=why, next_at=None, attempts=delivery.attempts + 1), []


def hastened(delivery: ChannelDelivery, now: datetime) -> Due:
    """The vendor is back: what waited for it need not wait longer."""
    return (delivery if delivery.next_at is None or delivery.next_at <= now else delivery.becomes(next_at=now)), []


def found(delivery: ChannelDelivery, holders: Iterable[str], now: datetime) -> Due:
    """A comparison found that both sides differ: ``holders`` have it over there."""
    known = tuple(dict.fromkeys((*delivery.holders, *holders)))
    return delivery.becomes(failed=False, attempts=0, next_at=now, error=None, holders=known), []


def redriven(delivery: ChannelDelivery, now: datetime) -> Due:
    """A person has mended what was wrong; raises ``Refused`` where both sides agree."""
    if delivery.settled:
        raise Refused(
            "delivery.settled", zh="该待办两侧一致，无需重推。", en="Both sides agree; nothing is to be sent."
        )
    return found(delivery, (), now)


class Differences(NamedTuple):
    """``missing``: open here, not there. ``surplus``: open there (to-do, receiver) and not here."""

    missing: Sequence[ChannelDelivery]
    surplus: Sequence[tuple[str, str]]


def differences(
    deliveries: Mapping[str, ChannelDelivery],
    there: Sequence[tuple[str, str]],
    user: Callable[[str], str],
    begun: datetime,
) -> Differences:
    """Compare; ``user`` makes the vendor's user from an employee number, ``begun`` is when its list was asked for.

    Only deliveries that were settled before that say anything: the list may be older than the others.
    """
    listed = set(there)
    still = {
        key: one for key, one in deliveries.items() if one.settled and not (one.pushed_at and one.pushed_at >= begun)
    }
    ours = {(key, user(delivery.person)) for key, delivery in still.items() if delivery.wanted == "open"}
    missing = [still[key] for key, who in sorted(ours - listed)]
    surplus = [(key, who) for key, who in sorted(listed - ours) if key in still or key not in deliveries]
    return Differences(missing, surplus)
