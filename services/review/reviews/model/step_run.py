"""What every run of a step has, and is kept in it: votes, duties handed on, when it opened and how it was closed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, Self

from services.review.events.value_objects import Kept
from services.review.reviews.model.procedure.bodies import Who


class Cast(Kept):
    """One vote."""

    by: str
    at: datetime
    choice: Literal["for", "against", "abstain", "recuse"]


class Tally(NamedTuple):
    """How the votes stand."""

    in_favour: int
    against: int
    abstained: int
    recused: int

    @classmethod
    def of(cls, votes: Iterable[Cast]) -> Self:
        """Count them."""
        choices = [vote.choice for vote in votes]
        return cls(*(choices.count(choice) for choice in ("for", "against", "abstain", "recuse")))


class Statement(NamedTuple):
    """What somebody said under their name, at the level of the role in which they did; ``proxy`` said it for them."""

    role: Who | None
    by: str
    proxy: str | None
    at: datetime
    said: str


class Handing(Kept):
    """A duty given to another person: for good (transfer), or until they have given their opinion (delegate)."""

    kind: Literal["transfer", "delegate"]
    giver: str
    taker: str
    at: datetime
    reason: str
    opinion: str | None = None
    ended_at: datetime | None = None


class StepRun(Kept):
    """What every run has; it is the live one until it is closed.

    ``resume``: the steps that returned the review here and to which it goes straight back when this one passes, the
    nearest first. ``closed_for``: in whose name a proxy closed it. ``provisional``: the deadline may move, since a day
    beyond the confirmed calendar was counted. ``escalated``: how many levels of the escalation were told.
    """

    kind: str
    step: str
    round: int
    opened_at: datetime
    due_at: datetime | None = None
    overdue: bool = False
    closed_at: datetime | None = None
    closed_by: str | None = None
    closed_for: str | None = None
    outcome: Literal["passed", "returned", "not_carried", "rejected", "recalled", "terminated"] | None = None
    reason: str | None = None
    resume: tuple[str, ...] = ()
    handings: tuple[Handing, ...] = ()
    urged_at: datetime | None = None
    provisional: bool = False
    escalated: int = 0
