"""Revocation (摘牌): no level any more, what was open is over, and a day from which the brand may apply again."""

from infra.kernel.aggregate import Decision
from infra.kernel.events import Fact
from services.review.standings.model.ground import months_after
from services.review.standings.model.rectifying import closed
from services.review.standings.model.standing import Standing, recorded
from services.review.standings.model.suspending import ended
from services.review.standings.model.warrant import DecisionContext


def revoke(standing: Standing, warrant: DecisionContext) -> Decision[Standing]:
    """Revoke a brand's plaque; raises ``Refused`` when it is revoked, ``Invalid`` without what the rules ask for."""
    warrant.require_day(standing.begun_on)
    warrant.require_decider("revoke")
    after, facts = revoked(standing, warrant)
    return recorded(standing, after.noted("revoked", warrant), *facts)


def revoked(standing: Standing, warrant: DecisionContext) -> tuple[Standing, list[Fact]]:
    """The standing of a revoked brand, its history not written yet: nothing of it stays open."""
    standing.require_held()
    after, facts = ended(standing, warrant), list[Fact]()
    if after.rectification is not None:
        after, fact = closed(after, after.rectification, "lapsed", warrant)
        facts.append(fact)
    rechecks = (
        one
        if one.outcome
        else one.becomes(outcome="revoke", ground=warrant.ground, decided_by=warrant.person, decided_at=warrant.at)
        for one in after.rechecks
    )
    over = after.becomes(
        level=None,
        rechecks=tuple(rechecks),
        revocation=warrant.ground,
        reapply_from=months_after(warrant.on, warrant.rules.reapply_months),
        due_at=None,
    )
    return over, facts
