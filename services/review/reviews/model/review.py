"""The review of one brand: its text, its runs to the steps of its procedure, its to-dos and its whole history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, Self, TypeAlias

from pydantic import Field

from infra.kernel.events import Aggregate, Decision, digest
from infra.kernel.working_days import Calendar
from services.review.events.value_objects import Document, Resolution, Stored, Task
from services.review.reviews.model.procedure.procedure import Procedure, Step
from services.review.reviews.model.steps import BY_NAME, AnyCommand, AnyStepRun
from services.review.reviews.model.steps.co_revision import Suggestion
from services.review.reviews.model.steps.discussion import Opinion
from services.review.shared.role_holders import RoleHolders
from services.review.shared.scope import Scope

LONGEST = 20_000
"""An unfinished text, in letters."""
State: TypeAlias = Literal["new", "running", "returned", "approved", "rejected", "recalled", "terminated"]


class Entry(Stored):
    """One command in the history: who made it when, with which role holders, and the number of what it made.

    ``behalf``: in whose name a proxy made it.
    """

    n: int
    at: datetime
    by: str
    command: AnyCommand
    holders: str
    made: int | None = None
    behalf: str | None = None

    def sealed(self, before: str | None) -> str:
        """The seal of a history that ends with this entry; ``before`` is its seal without it."""
        return digest({"before": before, "entry": self.model_dump(mode="json", exclude_none=True)})


class Copied(Stored):
    """Somebody who is to know of the review and may see it."""

    person: str
    by: str
    at: datetime


class Review(Aggregate):
    """One review, pinned to one version of a procedure.

    ``running`` and ``returned`` (the pen is with the drafter) may go on; the other states are final. ``holders`` has
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
    runs: tuple[AnyStepRun, ...] = ()
    tasks: tuple[Task, ...] = ()
    due_at: datetime | None = None
    resolution: Resolution | None = None
    reason: str | None = None
    copies: tuple[Copied, ...] = ()
    history: tuple[Entry, ...] = ()
    seal: str | None = None
    holders: dict[str, RoleHolders] = Field(default_factory=dict)
    calendar: Calendar = Calendar()

    @property
    def name(self) -> str | None:
        """The brand's name as everybody may see it: masked shows its mask, unknown shows nothing."""
        value = self.document.get("name")
        if not isinstance(value, dict):
            return None
        shown = value.get("shown") if value.get("state") == "masked" else value.get("value")
        return shown if isinstance(shown, str) else None

    @property
    def label(self) -> dict[str, Any]:
        """What every fact about it says first."""
        return {"review": self.id, "brand": self.brand, "owner": self.owner, "name": self.name}

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
        """The one run that is not closed."""
        last = self.runs[-1] if self.runs else None
        return last if last is not None and last.closed_at is None else None

    @property
    def step(self) -> Step | None:
        """The step of the live run."""
        return self.procedure.step(self.live.step) if self.live else None

    def with_run(self, run: AnyStepRun, **changes: Any) -> Self:  # noqa: ANN401 - field values of any type
        """The review with its last run as it is now."""
        return self.becomes(runs=(*self.runs[:-1], run), **changes)

    def involves(self, person: str) -> bool:
        """Whether somebody was asked in, by no post: to sign, score, take over, advise, or know."""
        asked = (
            one for run in self.runs for one in (*BY_NAME[run.kind].involved(run), *(h.taker for h in run.handings))
        )
        return person in {*asked, *(copy.person for copy in self.copies)}

    def asked(self, holders: RoleHolders) -> Iterator[str]:
        """People who may have to act here without holding a post."""
        for step in self.procedure.steps:
            yield from step.experts
            scopes = (role for role in (*step.assignees, *step.signers, *step.approvers) if isinstance(role, Scope))
            yield from (one for scope in scopes for one in holders.holding(scope.label))
        if self.live is not None:
            yield from (handing.taker for handing in self.live.handings)
            yield from BY_NAME[self.live.kind].asked(self.live)

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """Every opinion ever given."""
        return tuple(one for run in self.runs for one in getattr(run, "opinions", ()))

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Every suggestion ever made."""
        return tuple(one for run in self.runs for one in getattr(run, "suggestions", ()))

    @property
    def meetings_held(self) -> int:
        """How many meetings were recorded, in all runs."""
        return sum(len(getattr(run, "meetings", ())) for run in self.runs)

    def answer(self) -> dict[str, Any]:
        """State, running step and round, and the number of what the last command made."""
        live, last = self.live, self.history[-1] if self.history else None
        answer: dict[str, Any] = {"state": self.state}
        if live is not None:
            answer |= {"step": live.step, "round": live.round}
        if last is not None and last.made is not None and last.command.makes is not None:
            answer[last.command.makes] = last.made
        return answer


class Unfinished(Aggregate):
    """What one person has written for a review and not yet said (暂存); None = nothing any more."""

    review: str
    person: str
    text: str | None
    saved_at: datetime


def unfinished_key(review: str, person: str) -> str:
    """Where it is kept: one text for each person and review."""
    return f"{review}:{person}"


def save(before: Unfinished | None, review: str, person: str, text: str | None, at: datetime) -> Decision[Unfinished]:
    """The text as it is now replaces the one before."""
    if before is None:
        return Unfinished(id=unfinished_key(review, person), review=review, person=person, text=text, saved_at=at), []
    return before.becomes(text=text, saved_at=at), []
