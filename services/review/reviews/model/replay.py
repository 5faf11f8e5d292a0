"""Replaying a history: the same moves with the same seats give the same review, or something was tampered with."""

from collections.abc import Mapping, Sequence

from services.review.reviews.model.decision import apply
from services.review.reviews.model.review import Entry, Review
from services.review.shared.role_holders import RoleHolders


def first(review: Review) -> Review:
    """The review before its first move."""
    return Review(
        id=review.id,
        brand=review.brand,
        owner=review.owner,
        committee=review.committee,
        procedure=review.procedure,
    )


def replay(review: Review, history: Sequence[Entry], seats: Mapping[str, RoleHolders]) -> Review:
    """Make the moves of a history again, one after the other; raises what a move raises that cannot have happened."""
    for entry in history:
        review, _ = apply(review, entry.move, entry.by, entry.at, seats[entry.seats])
    return review
