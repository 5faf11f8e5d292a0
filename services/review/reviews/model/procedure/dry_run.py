"""A dry run: a drawn procedure walked by made-up people, with the commands of real reviews; nothing is stored.

It says step by step who would be waited for, what passes, where a lost vote and each return lead, and what is wrong.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.errors import NotYet, Problem
from services.review.reviews.model.commands import Command, SendBack, Submit
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.decision import apply, waiting
from services.review.reviews.model.procedure.procedure import REJECT, Procedure, Step
from services.review.reviews.model.procedure.publication import faults
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


class Waited(BaseModel):
    """Who would be waited for, and for what."""

    person: str
    duty: str
    duty_en: str


class Back(BaseModel):
    """A return: the step it goes to, and where it goes on with ``resume`` when that step passes."""

    to: str
    resumes: str


class Stop(BaseModel):
    """One step of the rehearsal; ``passes_to`` and ``not_carried_to`` name a step or how the review ends."""

    step: str
    title: str
    title_en: str
    waits_for: list[Waited]
    passes_with: str | None = None
    passes_to: str | None = None
    not_carried_to: str | None = None
    may_reject: bool = False
    returns: list[Back] = Field(default_factory=list)


class Found(BaseModel):
    """Something that would go wrong, and where in the procedure."""

    code: str
    field: str | None
    zh: str
    en: str


class Trial(BaseModel):
    """The whole rehearsal; ``ends`` is the state in which everybody agreeing leaves the review."""

    sound: bool
    ends: str
    stops: list[Stop]
    problems: list[Found]


def rehearse(procedure: Procedure, made_up: MadeUp, at: datetime) -> Trial:
    """Rehearsal a procedure that nobody has published."""
    problems = [_found(fault, fault.field) for fault in faults(procedure)]
    if problems:
        return Trial(sound=False, ends="new", stops=[], problems=problems)
    rehearsal = Rehearsal(procedure, made_up, at)
    stops = []
    try:
        rehearsal.do(made_up.drafter, Submit(submission=1, document={}, revision=1, schemas={}))
        while rehearsal.review.state == "running":
            stops.append(look(rehearsal))
            rehearsal.advance()
            stops[-1].passes_to = rehearsal.place
    except Problem as problem:
        entering = isinstance(problem, NotYet) or not stops or stops[-1].passes_to is not None
        step = _next(procedure, stops) if entering else stops[-1].step
        problems.append(_found(problem, f"/steps/{procedure.place(step)}/{_field(procedure.step(step), problem)}"))
    return Trial(sound=not problems, ends=rehearsal.review.state, stops=stops, problems=problems)


def look(rehearsal: Rehearsal) -> Stop:
    """The running step as it is now, and where each way out of it leads."""
    step, context = rehearsal.context.step, rehearsal.context
    stop = Stop(
        **step.heading,
        waits_for=[Waited(person=who, duty=what, duty_en=en) for who, (what, en) in waiting(context).items()],
        passes_with=step.rules.passes_with(context, context.run),
        may_reject=step.may_reject,
    )
    if step.rules.collective:
        lost = rehearsal.fork()
        lost.advance(agreeing=False)
        stop.not_carried_to = REJECT if lost.review.finished else lost.place
    stop.returns = [_back(rehearsal, to) for to in rehearsal.procedure.returnable(step) if context.in_charge]
    return stop


def _back(rehearsal: Rehearsal, to: str) -> Back:
    there = rehearsal.fork()
    there.do(rehearsal.lead, SendBack(to=to, reason="trial", resume=True))
    return Back(to=there.place, resumes=there.context.run.resume[0])


def _next(procedure: Procedure, stops: Sequence[Stop]) -> str:
    """The step that could not even be entered."""
    last = [stop.step for stop in stops]
    following = procedure.after(procedure.step(last[-1]) if last else procedure.first)
    return following.key if following else procedure.first.key


def _field(step: Step, problem: Problem) -> str:
    """The field of a step that a problem is about."""
    if "quorum" in problem.code:
        return "quorum"
    code, field = step.rules.empty
    return field if code == problem.code else "assignees"


def _found(problem: Problem, field: str | None) -> Found:
    return Found(code=problem.code, field=field, zh=problem.zh, en=problem.en)
