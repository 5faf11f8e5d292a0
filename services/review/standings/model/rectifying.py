"""Rectification (整改): items with a deadline, proof by the branch, closed by a person; one at a time."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from infra.kernel.aggregate import Decision
from infra.kernel.dates import end_of
from infra.kernel.errors import Invalid, NotFound, Refused
from services.review.events.published.standings import RectificationClosed, RectificationOrdered, RectificationOverdue
from services.review.shared.actor import Actor
from services.review.standings.model.commands import Closed, Ordered, Proved
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.lines import Proof, Rectification
from services.review.standings.model.standing import Standing, recorded


def order(standing: Standing, command: Ordered, context: DecisionContext) -> Decision[Standing]:
    """Order a rectification; raises ``Invalid`` for items or a deadline that cannot be, ``Refused`` for a second."""
    context.require_day(standing.begun_on)
    context.require_decider("rectify")
    after, fact = ordered(standing, command.items, command.deadline, context)
    after = after.noted("rectification_ordered", context, about=str(fact.rectification))
    return recorded(standing, after, fact)


def ordered(
    standing: Standing, items: tuple[str, ...], deadline: date, context: DecisionContext, year: int | None = None
) -> tuple[Standing, RectificationOrdered]:
    """The standing with one more rectification, its history not written yet; raises as ``order`` does."""
    standing.require_held()
    if standing.rectification is not None:
        raise Refused(
            "rectification.open",
            zh=f"第 {standing.rectification.n} 次整改尚未办结，不能再下达。",
            en=f"Rectification {standing.rectification.n} is not closed yet; there is one at a time.",
        )
    if len(set(items)) < len(items):
        raise Invalid("rectification.items", zh="须列明整改事项且不重复。", en="Each item once.", field="/items")
    days = context.rules.rectification_days
    latest = context.on + timedelta(days=days)
    if not context.on < deadline <= latest:
        raise Invalid(
            "rectification.deadline",
            zh=f"整改期限须晚于 {context.on}，且不超过 {days} 天（{latest}）。",
            en=f"The deadline lies after {context.on} and within {days} days, by {latest}.",
            field="/deadline",
        )
    fresh = Rectification(
        n=len(standing.rectifications) + 1,
        items=items,
        deadline=deadline,
        justification=context.justification,
        ordered_by=context.by,
        ordered_at=context.at,
        year=year,
    )
    fact = RectificationOrdered(
        **_about(standing, fresh),
        items=list(fresh.items),
        deadline=fresh.deadline,
        reason=context.justification.reason,
        ordered_by=context.by,
    )
    return standing.becomes(rectifications=(*standing.rectifications, fresh), due_at=end_of(fresh.deadline)), fact


def prove(standing: Standing, n: int, command: Proved, actor: Actor) -> Decision[Standing]:
    """Show something for an item; late proof is taken too: a person decides. Raises ``Refused``, ``Invalid``."""
    found = _open(standing, n)
    if not 1 <= command.item <= len(found.items):
        most = len(found.items)
        raise Invalid("rectification.item", zh=f"整改事项为 1–{most}。", en=f"Items are 1 to {most}.", field="/item")
    proof = Proof(n=len(found.proofs) + 1, by=actor.by, at=actor.at, **command.model_dump())
    return _with(standing, found.becomes(proofs=(*found.proofs, proof))), []


def close(standing: Standing, n: int, command: Closed, context: DecisionContext) -> Decision[Standing]:
    """Close it, met or not (销号); what follows from one that was not met, people decide. Raises ``Refused``."""
    found = _open(standing, n)
    context.require_day(found.justification.on)
    missing = unproved(found)
    if command.met and missing:
        items = ", ".join(map(str, missing))
        raise Refused(
            "rectification.unproved",
            zh=f"以下事项尚无佐证，不能销号：{items}。",
            en=f"Nothing was shown yet for item(s) {items}.",
            field="/met",
        )
    after, fact = closed(standing, found, "met" if command.met else "not_met", context)
    after = after.noted("rectification_closed", context, about=str(n))
    return recorded(standing, after, fact)


def closed(
    standing: Standing, found: Rectification, outcome: Literal["met", "not_met", "lapsed"], context: DecisionContext
) -> tuple[Standing, RectificationClosed]:
    """The standing with a rectification that is over, its history not written yet."""
    over = found.becomes(outcome=outcome, closing=context.justification, closed_by=context.by, closed_at=context.at)
    fact = RectificationClosed(
        **_about(standing, found), outcome=outcome, reason=context.justification.reason, closed_by=context.by
    )
    return _with(standing, over).becomes(due_at=None), fact


def overdue(standing: Standing, now: datetime) -> Decision[Standing]:
    """The deadline of the open rectification may have passed: told once, and nothing else follows by itself."""
    found = standing.rectification
    if found is None or standing.due_at is None or standing.due_at > now:
        raise Refused("deadline.moved", zh="期限未到或已变更。", en="The deadline is not now.")
    fact = RectificationOverdue(**_about(standing, found), deadline=found.deadline, unproved=len(unproved(found)))
    return _with(standing, found.becomes(overdue=True)).becomes(due_at=None), [fact]


def unproved(found: Rectification) -> list[int]:
    """The items for which nothing was shown yet."""
    shown = {one.item for one in found.proofs}
    return [item for item in range(1, len(found.items) + 1) if item not in shown]


def _about(standing: Standing, found: Rectification) -> dict[str, Any]:
    return {"brand": standing.id, "owner": standing.owner, "name": standing.name, "rectification": found.n}


def _open(standing: Standing, n: int) -> Rectification:
    found = next((one for one in standing.rectifications if one.n == n), None)
    if found is None:
        raise NotFound("rectification.unknown", zh=f"没有第 {n} 次整改。", en=f"There is no rectification {n}.")
    if found.outcome is not None:
        raise Refused("rectification.closed", zh="该次整改已办结。", en="This rectification is closed.")
    return found


def _with(standing: Standing, changed: Rectification) -> Standing:
    return standing.becomes(
        rectifications=tuple(changed if one.n == changed.n else one for one in standing.rectifications)
    )
