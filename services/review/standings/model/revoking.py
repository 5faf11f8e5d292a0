"""Revocation (摘牌): no level any more, what was open is over, and a day from which the brand may apply again."""

from infra.kernel.aggregate import Decision
from infra.kernel.events import Fact
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.justification import months_after
from services.review.standings.model.rectifying import closed
from services.review.standings.model.standing import Standing, recorded
from services.review.standings.model.suspending import ended


def revoke(standing: Standing, context: DecisionContext) -> Decision[Standing]:
    """Revoke a brand's plaque; raises ``Refused`` when it is revoked, ``Invalid`` without what the rules ask for."""
    context.require_day(standing.begun_on)
    context.require_decider("revoke")
    after, facts = revoked(standing, context)
    return recorded(standing, after.noted("revoked", context), *facts)


def revoked(standing: Standing, context: DecisionContext) -> tuple[Standing, list[Fact]]:
    """The standing of a revoked brand, its history not written yet: nothing of it stays open."""
    standing.require_held()
    after, facts = ended(standing, context), list[Fact]()
    if after.rectification is not None:
        after, fact = closed(after, after.rectification, "lapsed", context)
        facts.append(fact)
    rechecks = (
        one
        if one.outcome
        else one.becomes(
            outcome="revoke", justification=context.justification, decided_by=context.by, decided_at=context.at
        )
        for one in after.rechecks
    )
    over = after.becomes(
        level=None,
        rechecks=tuple(rechecks),
        revocation=context.justification,
        reapply_from=months_after(context.on, context.rules.reapply_months),
        due_at=None,
    )
    return over, facts
