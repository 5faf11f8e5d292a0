"""Suspension (暂停): a hint suggests it, a person decides with a reason, and a person lifts it."""

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Suspected
from services.review.standings.model.lines import Ruling, Suspension
from services.review.standings.model.standing import Standing, recorded


def suspend(standing: Standing, context: DecisionContext, hint: Suspected | None = None) -> Decision[Standing]:
    """Suspend a brand, because of a hint or without one; raises ``Refused`` when it is suspended or revoked already."""
    standing.require_held()
    context.require_day(standing.begun_on)
    context.require_decider("suspend")
    if standing.suspension is not None:
        raise Refused("standing.suspended", zh="该品牌已暂停。", en="The brand is suspended already.")
    restricted = hint is not None and hint.restricted
    fresh = Suspension(
        n=len(standing.suspensions) + 1,
        justification=context.justification,
        by=context.by,
        at=context.at,
        hint=hint.id if hint else None,
        restricted=restricted,
    )
    after = _ruled(standing, hint, "suspended", context) if hint else standing
    after = after.noted(
        "suspended",
        context,
        about=fresh.hint,
        restricted=restricted,
        suspensions=(*after.suspensions, fresh),
    )
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


def ended(standing: Standing, context: DecisionContext) -> Standing:
    """The standing without a suspension that holds, its history not written yet."""
    return standing.becomes(
        suspensions=tuple(
            one
            if one.lifted_at
            else one.becomes(lifting=context.justification, lifted_by=context.by, lifted_at=context.at)
            for one in standing.suspensions
        )
    )


def _ruled(standing: Standing, hint: Suspected, outcome: str, context: DecisionContext) -> Standing:
    if any(one.hint == hint.id for one in standing.rulings):
        raise Refused("hint.decided", zh="该线索已处理。", en="This hint was decided on already.")
    ruling = Ruling.model_validate(
        {
            "hint": hint.id,
            "outcome": outcome,
            "reason": context.justification.reason,
            "by": context.by,
            "at": context.at,
            "restricted": hint.restricted,
        }
    )
    return standing.becomes(rulings=(*standing.rulings, ruling))
