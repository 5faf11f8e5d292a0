"""Made-up people who walk through a procedure by the commands of real reviews; nothing of it is stored."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.errors import Problem
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.decision import apply
from services.review.reviews.model.procedure.procedure import Procedure, Step
from services.review.reviews.model.review import Review
from services.review.shared.role_holders import RoleHolders, people
from services.review.shared.scope import Scope
from services.review.shared.text_types import Number

Some = Annotated[tuple[Number, ...], Field(max_length=15)]


class MadeUp(BaseModel):
    """The people of a trial, by what they hold; full members are voters, the others on the roster are not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    drafter: Number = "起草人"
    secretaries: Some = ("支部书记",)
    deputies: Some = ("副书记",)
    branch_committee: Some = ("支部书记", "副书记", "组织委员", "宣传委员")
    superior_secretaries: Some = ("上级书记",)
    voters: Some = ("起草人", "支部书记", "副书记", "党员甲", "党员乙")
    others: Some = ("预备党员",)
    committee_members: Some = ("党委书记", "党委委员甲", "党委委员乙", "党委委员丙", "党委委员丁")
    committee_secretaries: Some = ("党委书记",)
    work_department: Some = ("党委工作部",)

    def holders(self, scopes: Iterable[Scope] = ()) -> RoleHolders:
        """Them as role holders, and three of each role with a scope."""
        bodies = {name: people(body) for name, body in self if name not in ("drafter", "others")}
        scoped = tuple((one.label, tuple(f"{one.label}.{n}"[-64:] for n in (1, 2, 3))) for one in scopes)
        return RoleHolders(**bodies, members=people((*self.voters, *self.others)), scoped=scoped)


class Rehearsal:
    """A review that is never stored; ``fork`` tries something from here without going there."""

    def __init__(self, procedure: Procedure, made_up: MadeUp, at: datetime, review: Review | None = None) -> None:
        self.procedure, self.made_up, self.at, self.holders = procedure, made_up, at, made_up.holders(procedure.scopes)
        self.review = review or Review(id="trial", brand="trial", owner="trial", committee="trial", procedure=procedure)

    @property
    def place(self) -> str:
        """The running step, or how the review ended."""
        return self.review.step.key if self.review.step else self.review.state

    @property
    def context(self) -> CommandContext:
        """What the running step sees."""
        return CommandContext(self.review, "", self.at, self.holders)

    def fork(self) -> "Rehearsal":
        """The same place, to be left again."""
        return Rehearsal(self.procedure, self.made_up, self.at, self.review)

    def do(self, by: str, command: Command) -> None:
        """Make a command; a minute passes."""
        self.review, _ = apply(self.review, command, by, self.at, self.holders)
        self.at += timedelta(minutes=1)

    def advance(self, *, agreeing: bool = True) -> None:
        """Everybody who is asked agrees (or nobody does), until the step is left; raises what stands in the way."""
        here = len(self.review.runs)
        for by, command in self.context.step.rules.rehearse(self, self.context.run, agreeing=agreeing):
            self.do(by, command)
            if len(self.review.runs) != here or self.review.finished:
                return
        raise _stuck(self.context.step)

    @property
    def lead(self) -> str:
        """Who leads the running step; raises a ``Problem`` when nobody does."""
        return self.one_of(self.context.in_charge)

    @property
    def live(self) -> Any:  # noqa: ANN401 - of the kind that asks
        """The run as it is now."""
        return self.context.run

    def one_of(self, people: Sequence[str]) -> str:
        """The first of these; raises a ``Problem`` when there is none."""
        if not people:
            raise _stuck(self.context.step)
        return people[0]

    def at_due(self) -> str:
        """Wait until something happens by itself; who does that."""
        self.at = self.review.due_at or self.at
        return "system"


def _stuck(step: Step) -> Problem:
    return Problem(
        step.rules.stuck,
        zh=f"环节“{step.title}”：以这些人员无法继续（无人承办或无法达到法定人数）。",
        en=f"Step “{step.key}”: with these people it goes no further (nobody in charge, or never a quorum).",
    )
