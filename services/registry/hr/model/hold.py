"""A hold for each source of single changes: many people leaving within a day is asked about, not believed.

A list is compared as a whole (``run``). Events and a directory say one thing at a time, so here a day's leavers count.
"""

from datetime import datetime, timedelta

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Refused
from infra.kernel.values import Value
from services.registry.hr.model.run import Limits

WINDOW = timedelta(days=1)


class Loss(Value):
    """Somebody who left by this source; ``id`` = source, employee and moment."""

    id: str
    source: str
    at: datetime


class HoldDecision(Aggregate):
    """The id is the source. ``held_since``: leavers wait until a person has looked."""

    held_since: datetime | None = None
    why: tuple[str, str] | None = None
    released_until: datetime | None = None
    decided_by: str | None = None
    reason: str | None = None

    @property
    def released(self) -> bool:
        """Whether the last decision was that they really leave."""
        return self.released_until is not None

    def open(self, at: datetime) -> bool:
        """Whether a person let the leavers of this time through."""
        return self.released_until is not None and at < self.released_until


def alarming(losses: int, people: int, limits: Limits) -> tuple[str, str] | None:
    """Why so many leavers within a day are suspicious, in Chinese and English; None = they are not."""
    if not limits.exceeded(losses, people):
        return None
    zh = f"一天内将有 {losses} / {people} 人离开，超过 {limits.percent:g}%，暂停受理离职。"
    en = f"{losses} of {people} people would leave within a day, more than {limits.percent:g} %: leavers are held."
    return zh, en


def close(before: HoldDecision | None, source: str, why: tuple[str, str], at: datetime) -> Decision[HoldDecision]:
    """Hold the leavers of a source from now on."""
    hold = before or HoldDecision(id=source)
    return hold.becomes(held_since=hold.held_since or at, why=why, released_until=None), []


def release(hold: HoldDecision, by: str, reason: str, at: datetime) -> Decision[HoldDecision]:
    """A person has looked: they really leave. What was held goes on, and for a day nothing is asked again."""
    _require_held(hold)
    return hold.becomes(held_since=None, released_until=at + WINDOW, decided_by=by, reason=reason), []


def reject(hold: HoldDecision, by: str, reason: str) -> Decision[HoldDecision]:
    """A person has looked: the source was wrong. What was held is dismissed; the next leavers count anew."""
    _require_held(hold)
    return hold.becomes(held_since=None, released_until=None, decided_by=by, reason=reason), []


def _require_held(hold: HoldDecision) -> None:
    if hold.held_since is None:
        raise Refused("hold.not_held", zh="该来源没有被暂停的离职。", en=f"Nothing of “{hold.id}” is held.")
