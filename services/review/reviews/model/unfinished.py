"""A person's unfinished text for a review (暂存): theirs alone, and never part of the review's history."""

from datetime import datetime

from infra.kernel.aggregate import Aggregate, Decision

LONGEST = 20_000


class Unfinished(Aggregate):
    """What one person has written and not yet said; None = nothing any more."""

    review: str
    person: str
    text: str | None
    saved_at: datetime


def key(review: str, person: str) -> str:
    """Where it is kept: one text for each person and review."""
    return f"{review}:{person}"


def save(before: Unfinished | None, review: str, person: str, text: str | None, at: datetime) -> Decision[Unfinished]:
    """The text as it is now replaces the one before."""
    if before is None:
        return Unfinished(id=key(review, person), review=review, person=person, text=text, saved_at=at), []
    return before.becomes(text=text, saved_at=at), []
