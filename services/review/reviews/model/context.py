"""A run of a step, and a command seen from the running one: who acts when, and what the step makes of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypeAlias

from infra.kernel.errors import Forbidden, Refused
from infra.kernel.events import Fact
from services.review.events.value_objects import Document, Resolution, Stored
from services.review.reviews.model.commands import Command
from services.review.reviews.model.procedure.bodies import Role, Who
from services.review.shared.role_holders import RoleHolders, people
from services.review.shared.scope import Scope

if TYPE_CHECKING:
    from services.review.reviews.model import review
    from services.review.reviews.model.procedure import dry_run, procedure

    Step: TypeAlias = procedure.Step
    Review: TypeAlias = review.Review
    Rehearsal: TypeAlias = dry_run.Rehearsal
else:  # they are made of kinds, and kinds are asked about them
    Step = Review = Rehearsal = Any


class Cast(Stored):
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


class Handing(Stored):
    """A duty given to another person: for good (transfer), or until they have given their opinion (delegate)."""

    kind: Literal["transfer", "delegate"]
    giver: str
    taker: str
    at: datetime
    reason: str
    opinion: str | None = None
    ended_at: datetime | None = None


class StepRun(Stored):
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


Duties = dict[str, tuple[str, str]]
"""Who must act now, and what each must do, in Chinese and in English."""


@dataclass(frozen=True)
class Outcome:
    """What a step makes of a command: the run as it is now, and whether the review stays, passes, goes back or ends."""

    run: StepRun
    go: Literal["stay", "pass", "back", "reject", "recall", "terminate"] = "stay"
    to: str | None = None
    resume: tuple[str, ...] = ()
    lost: bool = False
    reason: str | None = None
    resolution: Resolution | None = None
    document: Document | None = None
    copies: tuple[Stored, ...] = ()
    facts: Sequence[Fact] = ()
    made: int | None = None


@dataclass(frozen=True)
class CommandContext:
    """Who acts, when, with which role holders, in which review; what follows from these is worked out once."""

    review: Review
    by: str
    at: datetime
    holders: RoleHolders
    behalf: str | None = None
    """In whose name, when a proxy acts."""

    @cached_property
    def step(self) -> Step:
        """The running step; only asked while there is one."""
        step = self.review.step
        if step is None:
            raise LookupError(f"review {self.review.id} has no running step")
        return step

    @cached_property
    def run(self) -> StepRun:
        """The live run; only asked while there is one."""
        if self.review.live is None:
            raise LookupError(f"review {self.review.id} has no live run")
        return self.review.live

    @cached_property
    def in_charge(self) -> tuple[str, ...]:
        """Who is in charge of the running step today: by post, or by having taken it over from who is."""
        charge = dict.fromkeys(self.first_able(self.step.assignees))
        for handing in self.run.handings:
            if handing.kind == "transfer" and handing.giver in charge:
                del charge[handing.giver]
                charge[handing.taker] = None
        return people(charge)

    @cached_property
    def delegations(self) -> tuple[Handing, ...]:
        """The delegates who have not given their opinion."""
        return tuple(one for one in self.run.handings if one.kind == "delegate" and one.ended_at is None)

    @cached_property
    def leading(self) -> tuple[str, ...]:
        """Those in charge who are waited for; whoever asked a delegate waits themselves."""
        asking = {one.giver for one in self.delegations}
        return tuple(person for person in self.in_charge if person not in asking)

    @cached_property
    def delegable(self) -> tuple[str, ...]:
        """Who has a duty that is not a personal vote: they may ask somebody for an opinion first."""
        return (*self.in_charge, *self.step.rules.delegable(self, self.run))

    def holding(self, *roles: Who) -> Iterable[str]:
        """The people who hold these roles, role by role."""
        return (person for role in roles for person in people_of(role, self.review, self.holders))

    def able(self, step: Step, *roles: Who) -> list[str]:
        """Those of them who may act in a step."""
        return [person for person in self.holding(*roles) if eligible(self.review, step, person)]

    def first_able(self, roles: Iterable[Who], barred: Collection[str] = ()) -> tuple[str, ...]:
        """The holders of the first of these roles in which somebody may act in the running step, who is not barred."""
        for role in roles:
            able = tuple(person for person in self.able(self.step, role) if person not in barred)
            if able:
                return able
        return ()

    def by_role(self, roles: Collection[Who]) -> bool:
        """Whether a role of their token makes this person one of those with these roles."""
        role_holder = "work_department" in roles and self.by in self.holders.role_holders
        return role_holder and eligible(self.review, self.step, self.by)

    def may_take(self, person: str) -> bool:
        """Whether somebody without the post may act in the step: no drafter, and nobody whom the kind keeps out."""
        allowed = self.step.rules.may_take(self.review, self.holders, person)
        return person not in self.review.drafters and allowed

    def in_own_right(self) -> bool:
        """Whether this person is in charge without being anybody's proxy."""
        return self.by in self.in_charge or self.by_role(self.step.assignees)

    def stands_in(self, persons: Iterable[str]) -> str | None:
        """The first of these people whose proxy this person is today, and may be in this step."""
        able = not self.step.rules.with_drafter and self.may_take(self.by)
        return next((one for one in persons if able and self.holders.proxy_of(one) == self.by), None)

    def require_charge(self) -> None:
        """Raise ``Forbidden`` unless this person, or who they are the proxy of, is in charge of the running step."""
        if not self.in_own_right() and self.stands_in(self.in_charge) is None:
            title, title_en = self.step.title, self.step.title_en
            raise Forbidden(
                "step.not_assignee",
                zh=f"您今天不是环节“{title}”的承办人。",
                en=f"You are not in charge of the step “{title_en}” today.",
            )

    def lost(self, run: StepRun, reason: str) -> Outcome:
        """What leads back, or ends the review, as its step says."""
        return Outcome(run, "back", to=self.step.on_not_carried, lost=True, reason=reason)

    def not_here(self, command: Command) -> Refused:
        """This command belongs to another kind of step than the running one."""
        return Refused(
            "step.not_running",
            zh=f"当前环节是“{self.step.title}”，不能执行此操作。",
            en=f"The running step is “{self.step.title_en}”; “{command.kind}” does not belong to it.",
        )


def people_of(role: Who, review: Review, holders: RoleHolders) -> tuple[str, ...]:
    """The people who hold a role for this review's owner."""
    if isinstance(role, Scope):
        return holders.holding(role.label)
    held: dict[Role, tuple[str, ...]] = {
        "drafter": review.drafters[-1:],
        "secretary": holders.secretaries,
        "deputy": holders.deputies,
        "superior_secretary": holders.superior_secretaries,
        "work_department": holders.work_department,
        "committee_secretary": holders.committee_secretaries,
        "committee_member": holders.committee_members,
        "branch_committee": holders.branch_committee,
    }
    return held[role]


def eligible(review: Review, step: Step, person: str) -> bool:
    """Nobody checks, signs, scores or puts to the vote a text that they submitted themselves, in whatever post."""
    return not step.rules.bars_drafters or person not in review.drafters
