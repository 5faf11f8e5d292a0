"""When a standing begins: the brand was approved, for the first time or again after its plaque was revoked."""

from dataclasses import dataclass
from datetime import date

from infra.kernel.aggregate import Decision
from services.review.shared.actor import Actor
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.justification import Justification
from services.review.standings.model.rules import Rules
from services.review.standings.model.standing import Standing, recorded

BEGINNING = ("approved", "plaqued")
"""The states of a brand in which it has a standing."""


@dataclass(frozen=True)
class Approval:
    """What registry told of an approved brand; ``sequence`` says which of two is newer."""

    brand: str
    owner: str
    committee: str
    name: str | None
    review: str
    on: date
    sequence: int


def begin(before: Standing | None, approval: Approval, rules: Rules, actor: Actor) -> Decision[Standing]:
    """Begin the standing; told again, late or in another order it is the same. A revoked one needs a new review."""
    if before is not None and approval.sequence <= before.sequence:
        return before, []
    if before is None:
        fresh = Standing(
            id=approval.brand,
            owner=approval.owner,
            committee=approval.committee,
            name=approval.name,
            begun_on=approval.on,
        )
        return recorded(None, _begun(fresh, approval, rules, actor))
    known = before.becomes(
        sequence=approval.sequence, name=approval.name, owner=approval.owner, committee=approval.committee
    )
    if before.state == "revoked" and approval.review not in before.reviews:
        return recorded(before, _begun(known, approval, rules, actor))
    return recorded(before, known)


def _begun(standing: Standing, approval: Approval, rules: Rules, actor: Actor) -> Standing:
    return standing.noted(
        "began",
        DecisionContext(Justification(reason=f"审定 approved: {approval.review}", on=approval.on), actor, rules),
        sequence=approval.sequence,
        reviews=(*standing.reviews, approval.review),
        level=rules.begins_with,
        begun_on=approval.on,
        revocation=None,
        reapply_from=None,
    )
