"""When a standing begins: the brand was approved, for the first time or again after its plaque was revoked."""

from dataclasses import dataclass
from datetime import date

from infra.kernel.aggregate import Decision
from services.review.standings.model.ground import Actor, Justification
from services.review.standings.model.rules import Rules
from services.review.standings.model.standing import Standing, recorded
from services.review.standings.model.warrant import DecisionContext

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


def begin(before: Standing | None, told: Approval, rules: Rules, hand: Actor) -> Decision[Standing]:
    """Begin the standing; told again, late or in another order it is the same. A revoked one needs a new review."""
    if before is not None and told.sequence <= before.told:
        return before, []
    if before is None:
        fresh = Standing(id=told.brand, owner=told.owner, committee=told.committee, name=told.name, begun_on=told.on)
        return recorded(None, _begun(fresh, told, rules, hand))
    known = before.becomes(told=told.sequence, name=told.name, owner=told.owner, committee=told.committee)
    if before.state == "revoked" and told.review not in before.reviews:
        return recorded(before, _begun(known, told, rules, hand))
    return recorded(before, known)


def _begun(standing: Standing, told: Approval, rules: Rules, hand: Actor) -> Standing:
    return standing.noted(
        "began",
        DecisionContext(Justification(reason=f"审定 approved: {told.review}", on=told.on), hand, rules),
        told=told.sequence,
        reviews=(*standing.reviews, told.review),
        level=rules.begins_with,
        begun_on=told.on,
        revocation=None,
        reapply_from=None,
    )
