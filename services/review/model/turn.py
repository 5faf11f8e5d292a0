"""A turn: one person's move at one moment, seen from the running step; and what the step makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from infra.aggregate import Forbidden, Refused
from infra.events import Fact
from services.review.model.moves import Move
from services.review.model.procedure import Role, Step
from services.review.model.review import Review
from services.review.model.seats import Seats
from services.review.model.visits import AnyVisit
from services.review.parts import Document, Resolution

Duties = dict[str, tuple[str, str]]
"""Who must act now, and what each must do, in Chinese and in English."""


@dataclass(frozen=True)
class Turn:
    """Who moves, when, with which seats, in which review."""

    review: Review
    by: str
    at: datetime
    seats: Seats

    @property
    def step(self) -> Step:
        """The running step; only asked while there is one."""
        step = self.review.step
        if step is None:
            raise LookupError(f"review {self.review.id} has no running step")
        return step

    @property
    def visit(self) -> AnyVisit:
        """The live visit; only asked while there is one."""
        if self.review.live is None:
            raise LookupError(f"review {self.review.id} has no live visit")
        return self.review.live

    @property
    def in_charge(self) -> tuple[str, ...]:
        """Who is in charge of the running step today."""
        return assignees(self.review, self.step, self.seats)

    def require_charge(self) -> None:
        """Raise ``Forbidden`` unless this person is in charge of the running step."""
        by_role = "work_department" in self.step.assignees and self.by in self.seats.role_holders
        if self.by not in self.in_charge and not (by_role and _eligible(self.review, self.step, self.by)):
            title, title_en = self.step.title, self.step.title_en
            raise Forbidden(
                "step.not_assignee",
                zh=f"您今天不是环节“{title}”的承办人。",
                en=f"You are not in charge of the step “{title_en}” today.",
            )

    def not_here(self, move: Move) -> Refused:
        """This move belongs to another kind of step than the running one."""
        return Refused(
            "step.not_running",
            zh=f"当前环节是“{self.step.title}”，不能执行此操作。",
            en=f"The running step is “{self.step.title_en}”; “{move.kind}” does not belong to it.",
        )


@dataclass(frozen=True)
class Outcome:
    """What a step makes of a move: the visit as it is now, and whether the review stays, passes, goes back or ends."""

    visit: AnyVisit
    go: Literal["stay", "pass", "back", "reject"] = "stay"
    to: str | None = None
    lost: bool = False
    reason: str | None = None
    resolution: Resolution | None = None
    document: Document | None = None
    facts: Sequence[Fact] = ()
    made: int | None = None


def holders(role: Role, review: Review, seats: Seats) -> tuple[str, ...]:
    """The people who hold a role for this review's owner."""
    held: dict[Role, tuple[str, ...]] = {
        "drafter": review.drafters[-1:],
        "secretary": seats.secretaries,
        "deputy": seats.deputies,
        "superior_secretary": seats.superior_secretaries,
        "work_department": seats.work_department,
        "committee_secretary": seats.committee_secretaries,
    }
    return held[role]


def assignees(review: Review, step: Step, seats: Seats) -> tuple[str, ...]:
    """Who is in charge of a step: the holders of the first of its roles in which somebody may act."""
    for role in step.assignees:
        able = tuple(person for person in holders(role, review, seats) if _eligible(review, step, person))
        if able:
            return able
    return ()


def _eligible(review: Review, step: Step, person: str) -> bool:
    """Nobody checks a text that they submitted themselves, in whatever post."""
    return step.kind != "check" or person not in review.drafters
