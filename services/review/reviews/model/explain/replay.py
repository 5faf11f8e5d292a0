"""Replaying a history: the same commands and role holders give the same review, or something was tampered with."""

from collections.abc import Mapping, Sequence

from services.review.reviews.model.decision import apply
from services.review.reviews.model.review import Entry, Review
from services.review.shared.role_holders import RoleHolders


def first(review: Review) -> Review:
    """The review before its first command."""
    return Review(
        id=review.id,
        brand=review.brand,
        owner=review.owner,
        committee=review.committee,
        procedure=review.procedure,
    )


def replay(review: Review, history: Sequence[Entry], holders: Mapping[str, RoleHolders]) -> Review:
    """Make the commands of a history again, in order; raises what one raises that cannot have happened."""
    for entry in history:
        review, _ = apply(review, entry.command, entry.by, entry.at, holders[entry.holders])
    return review
