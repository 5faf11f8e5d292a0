"""A dry run: a drawn procedure walked with made-up people, by the very commands that real reviews make.

It says step by step who would be waited for, what passes, where a lost vote and each return lead, and what is wrong.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from infra.kernel.errors import NotYet, Problem
from services.review.reviews.model.commands import SendBack, Submit
from services.review.reviews.model.procedure.procedure import REJECT, Procedure, Step
from services.review.reviews.model.procedure.publication import faults
from services.review.reviews.model.procedure.rehearsal import MadeUp, Rehearsal
from services.review.reviews.model.tasks import waiting


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
    duties = waiting(context)
    stop = Stop(
        step=step.key,
        title=step.title,
        title_en=step.title_en,
        waits_for=[Waited(person=who, duty=what, duty_en=en) for who, (what, en) in duties.items()],
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
