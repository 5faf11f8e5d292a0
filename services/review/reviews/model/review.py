"""The review of one brand: its text, its visits to the steps of its procedure, its to-dos and its whole history."""

from datetime import datetime
from typing import Any, Literal, TypeAlias

from pydantic import Field

from infra.kernel.aggregate import Aggregate
from infra.kernel.events import digest
from services.review.events.value_objects import Document, Kept, Resolution, Task
from services.review.reviews.model.commands import Command
from services.review.reviews.model.document import display_name
from services.review.reviews.model.panels import Judging
from services.review.reviews.model.procedure import Procedure, Step
from services.review.reviews.model.step_runs import (
    AnyStepRun,
    CoRevising,
    Discussing,
    Opinion,
    Resolving,
    Signing,
    Suggestion,
)
from services.review.shared.calendar import Calendar
from services.review.shared.role_holders import RoleHolders

State: TypeAlias = Literal["new", "running", "returned", "approved", "rejected", "recalled", "terminated"]
MADE = {"opine": "opinion", "suggest": "suggestion", "convene": "meeting", "raise_objection": "objection"}


class Entry(Kept):
    """One move in the history: who made it when, with which seats, and the number of what it made.

    ``behalf``: in whose name a proxy made it.
    """

    n: int
    at: datetime
    by: str
    move: Command
    seats: str
    made: int | None = None
    behalf: str | None = None

    def sealed(self, before: str | None) -> str:
        """The seal of a history that ends with this entry; ``before`` is its seal without it."""
        return digest({"before": before, "entry": self.model_dump(mode="json", exclude_none=True)})


class Copied(Kept):
    """Somebody who is to know of the review and may see it."""

    person: str
    by: str
    at: datetime


class Review(Aggregate):
    """One review, pinned to one version of a procedure.

    ``running`` and ``returned`` (the pen is with the drafter) may go on; the other states are final. ``seats`` holds
    every body of people that a decision was made with, under its digest. ``seal`` is the hash of the whole history; the
    journal keeps it beside what the review told. ``calendar``: what its working days are counted by.
    """

    brand: str
    owner: str
    committee: str
    procedure: Procedure
    state: State = "new"
    drafters: tuple[str, ...] = ()
    submission: int = 0
    document: Document = Field(default_factory=dict)
    revision: int = 0
    schemas: dict[str, str] = Field(default_factory=dict)
    visits: tuple[AnyStepRun, ...] = ()
    tasks: tuple[Task, ...] = ()
    due_at: datetime | None = None
    resolution: Resolution | None = None
    reason: str | None = None
    copies: tuple[Copied, ...] = ()
    history: tuple[Entry, ...] = ()
    seal: str | None = None
    seats: dict[str, RoleHolders] = Field(default_factory=dict)
    calendar: Calendar = Calendar()

    @property
    def name(self) -> str | None:
        """The brand's name as everybody may see it."""
        return display_name(self.document)

    @property
    def drafter(self) -> str:
        """Who submitted last."""
        return self.drafters[-1]

    @property
    def finished(self) -> bool:
        """Whether nothing can happen any more."""
        return self.state in ("approved", "rejected", "recalled", "terminated")

    @property
    def live(self) -> AnyStepRun | None:
        """The one visit that is not closed."""
        last = self.visits[-1] if self.visits else None
        return last if last is not None and last.closed_at is None else None

    @property
    def step(self) -> Step | None:
        """The step of the live visit."""
        return self.procedure.step(self.live.step) if self.live else None

    def involves(self, person: str) -> bool:
        """Whether somebody was asked in, by no post: to sign, score, take over, advise, or know."""
        taken = (one.taker for visit in self.visits for one in visit.handings)
        signing = (one.person for visit in self.visits if isinstance(visit, Signing) for one in visit.signers)
        judging = (one for visit in self.visits if isinstance(visit, Judging) for one in visit.judges)
        return person in {*taken, *signing, *judging, *(copy.person for copy in self.copies)}

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """Every opinion ever given."""
        return tuple(one for visit in self.visits if isinstance(visit, Discussing) for one in visit.opinions)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Every suggestion ever made."""
        return tuple(one for visit in self.visits if isinstance(visit, CoRevising) for one in visit.suggestions)

    @property
    def meetings_held(self) -> int:
        """How many meetings were recorded, in all visits."""
        return sum(len(visit.meetings) for visit in self.visits if isinstance(visit, Resolving))

    def answer(self) -> dict[str, Any]:
        """State, running step and round, and the number of what the last move made."""
        live, last = self.live, self.history[-1] if self.history else None
        told: dict[str, Any] = {"state": self.state}
        if live is not None:
            told |= {"step": live.step, "round": live.round}
        if last is not None and last.made is not None:
            told[MADE[last.move.kind]] = last.made
        return told
