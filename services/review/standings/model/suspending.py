"""Suspension (暂停): a hint suggests it, a person decides with a reason, a person lifts it. And revocation (摘牌)."""

import calendar
from datetime import date
from typing import Literal

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.events import Fact
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Suspected
from services.review.standings.model.lines import Ruling, Suspension
from services.review.standings.model.rectifying import closed
from services.review.standings.model.standing import Standing, recorded


def suspend(standing: Standing, hint: Suspected | None, context: DecisionContext) -> Decision[Standing]:
    """Suspend a brand, because of a hint or without one; raises ``Refused`` when it is suspended or revoked already."""
    standing.require_held()
    context.require_day(standing.begun_on)
    context.require_decider("suspend")
    if standing.suspension is not None:
        raise Refused("standing.suspended", zh="该品牌已暂停。", en="The brand is suspended already.")
    restricted = hint is not None and hint.restricted
    fresh = Suspension(
        **context.made, n=len(standing.suspensions) + 1, hint=hint.id if hint else None, restricted=restricted
    )
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
    """The standing of a revoked brand, its history not written yet: nothing of it stays open.

    There is no level any more, and a day from which the brand may apply again.
    """
    standing.require_held()
    after, facts, ground = ended(standing, context), list[Fact](), context.justification
    if after.rectification is not None:
        after, fact = closed(after, after.rectification, "lapsed", context)
        facts.append(fact)
    over = {"outcome": "revoke", "justification": ground, "decided_by": context.by, "decided_at": context.at}
    return after.becomes(
        level=None,
        rechecks=tuple(one if one.outcome else one.becomes(**over) for one in after.rechecks),
        revocation=ground,
        reapply_from=months_after(context.on, context.rules.reapply_months),
        due_at=None,
    ), facts


def ended(standing: Standing, context: DecisionContext) -> Standing:
    """The standing without a suspension that holds, its history not written yet."""
    over = {"lifting": context.justification, "lifted_by": context.by, "lifted_at": context.at}
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
    ruling = Ruling(
        hint=hint.id,
        outcome=outcome,
        reason=context.justification.reason,
        by=context.by,
        at=context.at,
        restricted=hint.restricted,
    )
    return standing.becomes(rulings=(*standing.rulings, ruling))
