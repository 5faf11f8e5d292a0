"""A dry run: a drawn procedure walked with made-up people, by the very moves that real reviews make.

It says step by step who would be waited for, what passes, where a lost vote and each return lead, and what is wrong.
"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from infra.kernel.errors import NotYet, Problem
from services.review.reviews.model.commands import SendBack, Submit
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import REJECT, Procedure
from services.review.reviews.model.publication import faults
from services.review.reviews.model.rehearsal import MadeUp, Walk
from services.review.reviews.model.step_runs import Discussing, Noticing, Resolving, Signing
from services.review.reviews.model.tasks import waiting
from services.review.shared.scoring.record import plain

FIELDS = {"quorum": "quorum", "signers": "signers", "panel": "judges", "poll.no_voters": "voters"}
"""By a part of a problem's code, the field of the step that it is about."""


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
    """One step of the walk; ``passes_to`` and ``not_carried_to`` name a step or how the review ends."""

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
    """The whole walk; ``ends`` is the state in which everybody agreeing leaves the review."""

    sound: bool
    ends: str
    stops: list[Stop]
    problems: list[Found]


def rehearse(procedure: Procedure, made_up: MadeUp, at: datetime) -> Trial:
    """Walk a procedure that nobody has published."""
    problems = [_found(fault, fault.field) for fault in faults(procedure)]
    if problems:
        return Trial(sound=False, ends="new", stops=[], problems=problems)
    walk = Walk(procedure, made_up, at)
    stops = []
    try:
        walk.do(made_up.drafter, Submit(submission=1, document={}, revision=1, schemas={}))
        while walk.review.state == "running":
            stops.append(look(walk))
            walk.advance()
            stops[-1].passes_to = walk.place
    except Problem as problem:
        entering = isinstance(problem, NotYet) or not stops or stops[-1].passes_to is not None
        step = _next(procedure, stops) if entering else stops[-1].step
        field = next((FIELDS[word] for word in FIELDS if word in problem.code), "assignees")
        problems.append(_found(problem, f"/steps/{procedure.place(step)}/{field}"))
    return Trial(sound=not problems, ends=walk.review.state, stops=stops, problems=problems)


def look(walk: Walk) -> Stop:
    """The running step as it is now, and where each way out of it leads."""
    step, turn = walk.turn.step, walk.turn
    duties = waiting(turn)
    stop = Stop(
        step=step.key,
        title=step.title,
        title_en=step.title_en,
        waits_for=[Waited(person=who, duty=what, duty_en=en) for who, (what, en) in duties.items()],
        passes_with=_passes_with(turn),
        may_reject=step.may_reject,
    )
    if isinstance(turn.visit, Discussing | Resolving | Signing | Judging | Polling | Noticing):
        lost = walk.fork()
        lost.advance(agreeing=False)
        stop.not_carried_to = REJECT if lost.review.finished else lost.place
    stop.returns = [_back(walk, to) for to in walk.procedure.returnable(step) if turn.in_charge]
    return stop


def _back(walk: Walk, to: str) -> Back:
    there = walk.fork()
    there.do(walk.lead, SendBack(to=to, reason="trial", resume=True))
    return Back(to=there.place, resumes=there.turn.visit.resume[0])


def _passes_with(turn: CommandContext) -> str | None:
    """The figures that carry the step, with these people."""
    step, visit = turn.step, turn.visit
    if isinstance(visit, Signing):
        signers = len(visit.active)
        least = step.majority.needed(visit.figures) if step.majority else signers
        return f"{1 if visit.kind == 'sign_any' else least} / {signers}"
    if isinstance(visit, Noticing):
        return f"{visit.notice.days} 个工作日无成立异议 / {visit.notice.days} working days, no objection upheld"
    if isinstance(visit, Discussing | Polling) and step.majority:
        return f"{step.majority.needed({**visit.figures, 'present': len(visit.voters)})} / {len(visit.voters)}"
    if isinstance(visit, Judging) and step.rubric and step.rubric.pass_mark is not None:
        return f"{plain(step.rubric.pass_mark)} / {plain(step.rubric.greatest)}"
    if isinstance(visit, Resolving) and step.majority:
        body = len(turn.seats.committee_members)
        bases = dict.fromkeys(("expected", "members", "present", "voters"), body)
        return f"{step.majority.needed(bases)} / {body}"  # type: ignore[arg-type] # the names of the bases
    return None


def _next(procedure: Procedure, stops: Sequence[Stop]) -> str:
    """The step that could not even be entered."""
    last = [stop.step for stop in stops]
    following = procedure.after(procedure.step(last[-1]) if last else procedure.first)
    return following.key if following else procedure.first.key


def _found(problem: Problem, field: str | None) -> Found:
    return Found(code=problem.code, field=field, zh=problem.zh, en=problem.en)
