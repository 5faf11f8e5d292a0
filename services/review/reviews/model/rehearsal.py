"""Made-up people who walk through a procedure by the moves of real reviews; nothing of it is stored."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.errors import Problem
from services.review.reviews.model.commands import (
    Agree,
    Ballot,
    CloseCoRevision,
    CloseDiscussion,
    Command,
    Convene,
    Overdue,
    Resolve,
    Vote,
)
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.decision import apply
from services.review.reviews.model.judging import panel, rubric_of
from services.review.reviews.model.notice_commands import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    PublishNotice,
    RaiseObjection,
)
from services.review.reviews.model.operations import Sign
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import Number, Procedure, Step
from services.review.reviews.model.publicity import approvers
from services.review.reviews.model.review import Review
from services.review.reviews.model.scores import ClosePoll, CloseScoring, PollVote, Reveal, Score
from services.review.reviews.model.step_runs import Checking, CoRevising, Discussing, Noticing, Resolving, Signing
from services.review.shared.role_holders import RoleHolders, day_of, people
from services.review.shared.scope import Scope
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.scoring.sheet import Marks, Veto

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

    def seats(self, scopes: Iterable[Scope] = ()) -> RoleHolders:
        """Them as seats, and three of each role with a scope."""
        bodies = {name: people(body) for name, body in self if name not in ("drafter", "others")}
        scoped = tuple((one.label, tuple(f"{one.label}.{n}"[-64:] for n in (1, 2, 3))) for one in scopes)
        return RoleHolders(**bodies, members=people((*self.voters, *self.others)), scoped=scoped)


class Walk:
    """A review that is never stored; ``fork`` tries something from here without going there."""

    def __init__(self, procedure: Procedure, made_up: MadeUp, at: datetime, review: Review | None = None) -> None:
        self.procedure, self.made_up, self.at, self.seats = procedure, made_up, at, made_up.seats(procedure.scopes)
        self.review = review or Review(id="trial", brand="trial", owner="trial", committee="trial", procedure=procedure)

    @property
    def place(self) -> str:
        """The running step, or how the review ended."""
        return self.review.step.key if self.review.step else self.review.state

    @property
    def turn(self) -> CommandContext:
        """What the running step sees."""
        return CommandContext(self.review, "", self.at, self.seats)

    def fork(self) -> "Walk":
        """The same place, to be left again."""
        return Walk(self.procedure, self.made_up, self.at, self.review)

    def do(self, by: str, move: Command) -> None:
        """Make a move; a minute passes."""
        self.review, _ = apply(self.review, move, by, self.at, self.seats)
        self.at += timedelta(minutes=1)

    def advance(self, *, agreeing: bool = True) -> None:
        """Everybody who is asked agrees (or nobody does), until the step is left; raises what stands in the way."""
        here = len(self.review.visits)
        for by, move in self._moves(agreeing=agreeing):
            self.do(by, move)
            if len(self.review.visits) != here or self.review.finished:
                return
        raise _stuck(self.turn.step)

    @property
    def lead(self) -> str:
        """Who leads the running step; raises a ``Problem`` when nobody does."""
        if not self.turn.in_charge:
            raise _stuck(self.turn.step)
        return self.turn.in_charge[0]

    def _moves(self, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        choice = "for" if agreeing else "against"
        match self.review.live:
            case Checking():
                yield self.lead, Agree()
            case CoRevising():
                yield self.lead, CloseCoRevision()
            case Discussing() as visit:
                yield from ((one, Vote.model_validate({"choice": choice})) for one in visit.voters)
                yield self.lead, CloseDiscussion()
            case Resolving():
                yield from self._meeting(choice)
            case Signing() as visit:
                sign = Sign(choice="agree" if agreeing else "disagree")
                yield from ((signer.person, sign) for signer in visit.silent)
            case Noticing() as visit:
                yield from self._notice(visit, agreeing=agreeing)
            case Judging() as visit:
                score = Score(marks=marks(rubric_of(self.turn.step), agreeing=agreeing))
                yield from ((judge, score) for judge in visit.card.missing(panel(self.turn.step, visit)))
                yield self.lead, Reveal()
                yield self.lead, CloseScoring()
            case Polling() as visit:
                yield from ((one, PollVote.model_validate({"choice": choice})) for one in visit.silent)
                yield self.lead, ClosePoll()

    def _notice(self, visit: Noticing, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        yield from ((self.lead, ExamineNotice(question=one, passed=True)) for one in visit.notice.unanswered)
        live = self.review.live
        able = approvers(self.turn, live) if isinstance(live, Noticing) else ()
        if not able:
            raise _stuck(self.turn.step)
        yield able[0], ApproveNotice()
        yield self.lead, PublishNotice(where="trial")
        if not agreeing:
            yield self.lead, RaiseObjection(text="trial")
            yield self.lead, DecideObjection(objection=1, upheld=True, reason="trial")
        self.at = self.review.due_at or self.at
        yield "system", Overdue()

    def _meeting(self, choice: str) -> Iterator[tuple[str, Command]]:
        present = self.seats.committee_members
        held_on = day_of(self.at)
        yield self.lead, Convene(number="1", held_on=held_on, agenda=("trial",), present=present)
        ballot = Ballot.model_validate({"meeting": self.review.meetings_held, "choice": choice})
        live = self.review.live
        if isinstance(live, Resolving) and live.open:
            yield from ((one, ballot) for one in present)
            yield self.lead, Resolve(meeting=ballot.meeting, number="1")


def marks(rubric: Rubric, *, agreeing: bool) -> Marks:
    """Full marks; or none, every gate shut and every veto named."""
    none = Decimal(0)
    return Marks(
        points={one.key: one.greatest if agreeing else none for one in rubric.dimensions},
        gates={one.key: agreeing for one in rubric.gates},
        vetoes=() if agreeing else tuple(Veto(ground=one.key, reason="trial") for one in rubric.vetoes),
    )


def _stuck(step: Step) -> Problem:
    code = "trial.no_quorum" if step.kind == "resolution" else "trial.nobody"
    return Problem(
        code,
        zh=f"环节“{step.title}”：以这些人员无法继续（无人承办或无法达到法定人数）。",
        en=f"Step “{step.key}”: with these people it goes no further (nobody in charge, or never a quorum).",
    )
