"""A public notice as it is kept, in the four states of the rules on openness in Party affairs (党务公开条例 art. 15).

提出 ``proposed`` → 审核 ``reviewed`` (secrecy, necessity, accuracy) → 审批 ``approved`` → 实施 ``implemented``.
"""

from datetime import date, datetime
from typing import Final, Literal, TypeAlias

from infra.kernel.dates import end_of
from services.review.events.value_objects import Kept
from services.review.shared.actor import Actor

State: TypeAlias = Literal["proposed", "reviewed", "approved", "implemented"]
Question: TypeAlias = Literal["secrecy", "necessity", "accuracy"]
QUESTIONS: Final[tuple[Question, ...]] = ("secrecy", "necessity", "accuracy")
USUAL_DAYS = 5
"""Working days of a notice where nothing else is said; common practice, no regulation fixes it."""


class Examined(Actor):
    """One question of the review answered: ``passed`` = nothing stands against publishing. The last answer counts."""

    question: Question
    passed: bool
    comment: str | None = None


class Approved(Actor):
    """The approval of the publication."""

    comment: str | None = None


class Published(Actor):
    """Where it was put up, and on which day: the day before the first of the period."""

    where: str
    on: date


class Finding(Actor):
    """What was decided on an objection, why, and what whoever raised it was told; nobody can tell the anonymous."""

    upheld: bool
    reason: str
    reply: str | None = None


class Objection(Kept):
    """What somebody said against it; ``raised_by`` None = anonymous. It is for officers' eyes only."""

    n: int
    text: str
    raised_by: str | None
    received_on: date
    recorded: Actor
    finding: Finding | None = None


class Notice(Kept):
    """One notice; ``days`` are working days, ``last_day`` the last on which people may object.

    ``provisional``: the last day may move since a day beyond the confirmed calendar was counted.
    """

    days: int
    proposed: Actor
    state: State = "proposed"
    examined: tuple[Examined, ...] = ()
    approved: Approved | None = None
    published: Published | None = None
    last_day: date | None = None
    provisional: bool = False
    objections: tuple[Objection, ...] = ()

    @property
    def ends_at(self) -> datetime | None:
        """The moment after the last day; None before it was published."""
        return end_of(self.last_day) if self.last_day else None

    @property
    def answers(self) -> dict[Question, Examined]:
        """The answer that counts of each question that was answered."""
        return {one.question: one for one in self.examined}

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions that were not answered, or answered with a no."""
        answers = self.answers
        return tuple(one for one in QUESTIONS if one not in answers or not answers[one].passed)

    @property
    def reviewers(self) -> frozenset[str]:
        """Everybody who answered one of the questions."""
        return frozenset().union(*(one.people for one in self.examined))

    @property
    def open(self) -> tuple[Objection, ...]:
        """The objections that are not decided."""
        return tuple(one for one in self.objections if one.finding is None)

    @property
    def upheld(self) -> tuple[Objection, ...]:
        """The objections that were upheld."""
        return tuple(one for one in self.objections if one.finding is not None and one.finding.upheld)
