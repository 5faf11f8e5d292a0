"""Rectification (整改), one at a time, suspension (暂停) and revocation (摘牌): a hint suggests, a person decides."""

import calendar
from datetime import date, datetime, timedelta
from typing import Any, Literal

from infra.kernel.dates import end_of
from infra.kernel.errors import Invalid, NotFound, Refused
from infra.kernel.events import Decision, Fact
from services.review.events.published.standings import RectificationClosed, RectificationOrdered, RectificationOverdue
from services.review.shared.actor import Actor
from services.review.standings.model.commands import Closed, Ordered, Proved
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Suspected
from services.review.standings.model.lines import Proof, Rectification, Ruling, Suspension
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
    said: dict[str, Any] = {"items": items, "deadline": deadline}
    fresh = Rectification(n=len(standing.rectifications) + 1, year=year, **said, **context.signed("ordered"))
    reason, by = context.justification.reason, context.actor.by
    fact = RectificationOrdered(**_about(standing, fresh), **said, reason=reason, ordered_by=by)
    return standing.becomes(rectifications=(*standing.rectifications, fresh), due_at=end_of(deadline)), fact


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
    over = found.becomes(outcome=outcome, **context.signed("closed", "closing"))
    reason, by = context.justification.reason, context.actor.by
    fact = RectificationClosed(**_about(standing, found), outcome=outcome, reason=reason, closed_by=by)
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
    every = (changed if one.n == changed.n else one for one in standing.rectifications)
    return standing.becomes(rectifications=tuple(every))


def suspend(standing: Standing, hint: Suspected | None, context: DecisionContext) -> Decision[Standing]:
    """Suspend a brand, because of a hint or without one; raises ``Refused`` when it is suspended or revoked already."""
    standing.require_held()
    context.require_day(standing.begun_on)
    context.require_decider("suspend")
    if standing.suspension is not None:
        raise Refused("standing.suspended", zh="该品牌已暂停。", en="The brand is suspended already.")
    restricted = hint is not None and hint.restricted
    n, about = len(standing.suspensions) + 1, hint.id if hint else None
    fresh = Suspension(**context.made, n=n, hint=about, restricted=restricted)
    after = _ruled(standing, hint, "suspended", context) if hint else standing
    suspensions = (*after.suspensions, fresh)
    after = after.noted("suspended", context, about=fresh.hint, restricted=restricted, suspensions=suspensions)
    return recorded(standing, after)


def lift(standing: Standing, context: DecisionContext) -> Decision[Standing]:
    """End the suspension; an open rectification goes on. Raises ``Refused`` when there is none."""
    held = standing.suspension
    if held is None:
        raise Refused("standing.not_suspended", zh="该品牌未被暂停。", en="The brand is not suspended.")
    context.require_day(held.justification.on)
    context.require_decider("lift")
    over = ended(standing, context)
    return recorded(standing, over.noted("lifted", context, restricted=held.restricted))


def dismiss(standing: Standing, hint: Suspected, context: DecisionContext) -> Decision[Standing]:
    """A hint needs no suspension, with the reason; raises ``Refused`` when it was decided on before."""
    context.require_day(standing.begun_on)
    after = _ruled(standing, hint, "dismissed", context)
    return recorded(standing, after.noted("dismissed", context, about=hint.id, restricted=hint.restricted))


def revoke(standing: Standing, context: DecisionContext) -> Decision[Standing]:
    """Revoke a brand's plaque; raises ``Refused`` when it is revoked, ``Invalid`` without what the rules ask for."""
    context.require_day(standing.begun_on)
    context.require_decider("revoke")
    after, facts = revoked(standing, context)
    return recorded(standing, after.noted("revoked", context), *facts)


def revoked(standing: Standing, context: DecisionContext) -> tuple[Standing, list[Fact]]:
    """The standing of a revoked brand, its history not written yet: nothing stays open, and it has no level."""
    standing.require_held()
    after, facts, ground = ended(standing, context), list[Fact](), context.justification
    if after.rectification is not None:
        after, fact = closed(after, after.rectification, "lapsed", context)
        facts.append(fact)
    over = {"outcome": "revoke", **context.signed("decided")}
    rechecks = tuple(one if one.outcome else one.becomes(**over) for one in after.rechecks)
    again = months_after(context.on, context.rules.reapply_months)
    after = after.becomes(level=None, rechecks=rechecks, revocation=ground, reapply_from=again, due_at=None)
    return after, facts


def ended(standing: Standing, context: DecisionContext) -> Standing:
    """The standing without a suspension that holds, its history not written yet."""
    over = context.signed("lifted", "lifting")
    suspensions = tuple(one if one.lifted_at else one.becomes(**over) for one in standing.suspensions)
    return standing.becomes(suspensions=suspensions)


def months_after(day: date, months: int) -> date:
    """The same day some months later; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _ruled(
    standing: Standing, hint: Suspected, outcome: Literal["suspended", "dismissed"], context: DecisionContext
) -> Standing:
    if any(one.hint == hint.id for one in standing.rulings):
        raise Refused("hint.decided", zh="该线索已处理。", en="This hint was decided on already.")
    by, at, reason = context.actor.by, context.actor.at, context.justification.reason
    ruling = Ruling(hint=hint.id, outcome=outcome, reason=reason, by=by, at=at, restricted=hint.restricted)
    return standing.becomes(rulings=(*standing.rulings, ruling))
