"""What review's facts do to a brand, in any order and any number of times.

The text goes by its revision (the pen passes between the services, so revisions only grow), the state by review's
sequence. Every text is filed in the history, also when it comes late. Review owns the standing of a brand (动态管理) as
well, whose level and revocation follow the newest fact.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from infra.kernel.dates import day_of
from infra.kernel.errors import NotYet
from infra.kernel.events import Decision
from services.registry.brands.model.brand import Actor, Brand, Final, Returned, Source
from services.registry.brands.model.document import Document, digest, rejoined
from services.registry.events import consumed

Fact: TypeAlias = consumed.ReviewOpened | consumed.DocumentRevised | consumed.ReviewReturned | consumed.ReviewConcluded
STANDING = ("approved", "plaqued", "revoked")
"""The states of a brand that has a standing."""
Written: TypeAlias = consumed.DocumentRevised | consumed.ReviewReturned | consumed.ReviewConcluded


@dataclass(frozen=True)
class ReviewFact:
    """Which sequence of its review a fact made true, and when."""

    sequence: int
    at: datetime


def opened(brand: Brand, fact: consumed.ReviewOpened, stamp: ReviewFact) -> Decision[Brand]:
    """Review took the text; remember under which version of which procedure (pinned, so it is right however late)."""
    if not _about(brand, fact):
        return brand, []
    procedure = f"{fact.procedure}@{fact.procedure_version}"
    return _recorded(brand, _advanced(brand.becomes(procedure=procedure), stamp))


def revised(brand: Brand, fact: consumed.DocumentRevised, stamp: ReviewFact) -> Decision[Brand]:
    """A suggestion was accepted: the text has a new revision."""
    if not _about(brand, fact):
        return brand, []
    after = _filed(brand, fact, "suggestion", Actor(fact.suggested_by, stamp.at))
    return _recorded(brand, _advanced(after, stamp))


def returned(brand: Brand, fact: consumed.ReviewReturned, stamp: ReviewFact) -> Decision[Brand]:
    """The review went back; to its drafter, then registry holds the pen again."""
    if not _about(brand, fact):
        return brand, []
    actor = Actor(fact.returned_by, stamp.at)
    after = _filed(brand, fact, "returned", actor)
    if stamp.sequence < brand.review_sequence:
        return _recorded(brand, after)
    if brand.state == "in_review" and fact.to_drafter:
        why = Returned(from_step=fact.from_step, reason=fact.reason, by=fact.returned_by, at=stamp.at)
        after = after.entered(actor.move("draft", fact.reason), returned=why)
    return _recorded(brand, _advanced(after, stamp))


def concluded(brand: Brand, fact: consumed.ReviewConcluded, stamp: ReviewFact) -> Decision[Brand]:
    """The review is over; an approved text is frozen, tied to its resolution."""
    if not _about(brand, fact):
        return brand, []
    actor = Actor(fact.concluded_by, stamp.at)
    after = _filed(brand, fact, "final" if fact.outcome == "approved" else "returned", actor)
    if stamp.sequence < brand.review_sequence or brand.state != "in_review":  # with its drafter, no review ends
        return _recorded(brand, after)
    match fact.outcome:
        case "approved":
            document, resolution = _text(after, fact), fact.resolution
            on = resolution.held_on if resolution else day_of(actor.at)
            key = digest(brand.id, document)
            final = Final(revision=fact.revision, digest=key, approved_on=on, resolution=resolution)
            number = resolution.number if resolution else None
            after = after.written(document, fact.revision).entered(actor.move("approved", number, on), final=final)
        case "rejected":
            after = after.entered(actor.move("rejected", fact.reason))
        case "recalled":
            after = after.entered(actor.move("draft", fact.reason))
    return _recorded(brand, _advanced(after, stamp))


def stood(brand: Brand, fact: consumed.StandingRecorded, stamp: ReviewFact) -> Decision[Brand]:
    """The brand follows its standing; a fact of an earlier approval takes nothing from the present one."""
    if fact.review != brand.review or brand.state not in STANDING or stamp.sequence <= brand.standing_sequence:
        return brand, []
    after = brand.becomes(standing_sequence=stamp.sequence, level=fact.level, reapply_from=fact.reapply_from)
    if fact.state == "revoked" and brand.state != "revoked":
        after = after.entered(Actor(fact.by, stamp.at).move("revoked", fact.revoked_by, fact.revoked_on))
    return after, [after.recorded()] if after.recorded() != brand.recorded() else []


def _about(brand: Brand, fact: Fact) -> bool:
    """Whether the fact is of the brand's present review; of an earlier one it is too late for anything.

    Raises ``NotYet`` for a review that this brand has not asked for yet.
    """
    if fact.review == brand.review:
        return True
    number = fact.review.removeprefix(f"{brand.id}.r")
    if not number.isdecimal() or int(number) > brand.reviews:
        zh = f"品牌“{brand.id}”尚未提交过审核“{fact.review}”。"
        en = f"Brand “{brand.id}” has not asked for a review “{fact.review}” yet."
        raise NotYet("review.not_yet", zh, en)
    return False


def _filed(brand: Brand, fact: Written, source: Source, actor: Actor) -> Brand:
    """File the text of a fact, and make it the current one unless a later revision is."""
    document = _text(brand, fact)
    after = brand.filed(document, fact.revision, source, actor)
    return after.written(document, fact.revision) if fact.revision > brand.revision else after


def _text(brand: Brand, fact: Written) -> Document:
    """The text as it was before its masked values stayed behind when it was handed in."""
    return rejoined(Document.model_validate(fact.document), brand.seals)


def _advanced(brand: Brand, stamp: ReviewFact) -> Brand:
    return brand.becomes(review_sequence=max(brand.review_sequence, stamp.sequence))


def _recorded(before: Brand, after: Brand) -> Decision[Brand]:
    return (after, [after.recorded()]) if after != before else (before, [])
