"""Messages about rectifications: what is to be put right, that the time is over, and how it ended."""

from collections.abc import Sequence

from services.notify import events
from services.notify.inbox.model.audience import EVERYWHERE, secretary, work_department
from services.notify.inbox.model.notice import Message

OUTCOMES = {"met": ("整改到位", "met"), "not_met": ("整改不到位", "not met"), "lapsed": ("随摘牌终止", "lapsed")}


def ordered(fact: events.RectificationOrdered, owner: str) -> Message:
    """To the secretary: what is to be put right, and until when."""
    values = {
        "name": fact.name,
        "owner": owner,
        "count": str(len(fact.items)),
        "due": fact.deadline.isoformat(),
        "reason": fact.reason,
    }
    return _of(fact, "rectification.ordered", [secretary(fact.owner)], values)


def overdue(fact: events.RectificationOverdue, owner: str, above: Sequence[str]) -> Message:
    """To the secretary and to the work department above, which decides what follows."""
    to = [secretary(fact.owner), *map(work_department, (*above, EVERYWHERE))]
    values = {"name": fact.name, "owner": owner, "due": fact.deadline.isoformat(), "count": str(fact.unproved)}
    return _of(fact, "rectification.overdue", to, values)


def closed(fact: events.RectificationClosed, owner: str) -> Message:
    """To the secretary: how it ended, and why."""
    zh, en = OUTCOMES[fact.outcome]
    values = {"name": fact.name, "owner": owner, "outcome": zh, "reason": fact.reason}
    message = _of(fact, "rectification.closed", [secretary(fact.owner)], values)
    return message.model_copy(update={"english": {"outcome": en}})


def _of(
    fact: events.RectificationOrdered | events.RectificationOverdue | events.RectificationClosed,
    kind: str,
    to: Sequence[str],
    values: dict[str, str | None],
) -> Message:
    return Message(kind=kind, to=tuple(dict.fromkeys(to)), link=f"/standings/{fact.brand}", values=values)
