"""Procedures as data: which steps a review goes through, who does them, and what carries them.

A procedure says nothing about any one review. Published versions never change; each review keeps the one it began with.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.review.shared.scope import Scope
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.text_types import Key, Title

Kind: TypeAlias = Literal[
    "draft",
    "check",
    "discussion",
    "co_revision",
    "resolution",
    "countersign",
    "sign_any",
    "public_notice",
    "scoring",
    "poll",
]
Role: TypeAlias = Literal[
    "drafter",
    "secretary",
    "deputy",
    "superior_secretary",
    "work_department",
    "committee_secretary",
    "committee_member",
    "branch_committee",
]
Who: TypeAlias = Role | Scope
"""A role by its name, or the holders of posts and memberships in a scope."""
Base: TypeAlias = Literal["expected", "members", "voters", "present", "signers", "judges"]
Number = Annotated[str, StringConstraints(pattern=r"^[\w.@-]{1,64}$")]
"""A person, by employee number."""

REJECT = "reject"
"""What ``on_not_carried`` may name instead of a step: the review ends there."""
PREVIOUS = "previous"
"""What a return may name instead of a step: the one that the review came from."""
SIGNING = ("countersign", "sign_any")
"""The kinds of steps that are decided by signatures."""


class Share(BaseModel):
    """A part of a body that must be reached: ``more_than`` 1/2, or ``at_least`` 2/3, of those who count.

    ``of`` in a discussion: members = on the roster, voters = full members on it, present = who voted. ``of`` in a
    meeting: expected = members = the committee of that day, present = who came, voters = present and not recused.
    ``of`` in a countersign: signers = everybody who is to sign. In a scoring: judges = the whole panel, who stood back
    included. In a poll: voters = expected = members = who may vote, present = who did.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: Base
    more_than: str | None = None
    at_least: str | None = None

    @model_validator(mode="after")
    def _one_fraction(self) -> Self:
        if (self.more_than is None) == (self.at_least is None):
            raise ValueError("give exactly one of more_than and at_least")
        if not 0 < self.fraction <= 1 or (self.more_than is not None and self.fraction == 1):
            raise ValueError("the fraction must be above 0 and reachable")
        return self

    @property
    def fraction(self) -> Fraction:
        """The part as a number; a text that is no fraction raises ``ValueError``."""
        try:
            return Fraction(self.more_than or self.at_least or "")
        except ZeroDivisionError as error:
            raise ValueError("the fraction divides by zero") from error

    def met(self, count: int, figures: Mapping[Base, int]) -> bool:
        """Whether ``count`` reaches the part; of nobody nothing is ever reached."""
        part = self.fraction * figures[self.of]
        return figures[self.of] > 0 and (count > part if self.more_than is not None else count >= part)

    def needed(self, figures: Mapping[Base, int]) -> int:
        """The smallest count that reaches the part."""
        return next(count for count in range(figures[self.of] + 2) if self.met(count, figures) or not figures[self.of])


class Escalation(BaseModel):
    """So many working days after a deadline that was missed the holders of these roles are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    working_days: int = Field(ge=1, le=250)
    roles: tuple[Role, ...] = Field(min_length=1, max_length=10)


class Step(BaseModel):
    """One step: ``assignees`` are roles in order of preference, the first that somebody may act in is taken.

    ``then`` names a later step than the following one; ``returnable_to`` narrows the earlier steps to which it may be
    returned (None = any of them); ``on_not_carried`` is where a lost vote leads (None = the draft).

    In a countersign or a sign-any step the ``signers`` are roles whose holders sign, ``experts`` are people who sign
    beside them; the assignees lead the step. In a scoring the ``judges`` and the ``experts`` score by the ``rubric``,
    and the assignees supervise; in a poll the ``voters`` may vote, and the assignees run it. ``urge_hours``: so many
    lie between two urges of one visit.

    The deadline is so many ``days``, or so many ``working_days`` to the end of the last; ``escalation`` follows it.
    A public notice runs for ``notice_days`` working days (None = the usual number), and the ``approvers`` approve it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    kind: Kind
    title: Title
    title_en: Title
    assignees: tuple[Who, ...] = Field(min_length=1)
    days: int | None = Field(default=None, ge=1, le=3650)
    quorum: Share | None = None
    majority: Share | None = None
    then: Key | None = None
    returnable_to: tuple[Key, ...] | None = None
    on_not_carried: Key | None = None
    may_reject: bool = False
    signers: tuple[Who, ...] = ()
    experts: tuple[Number, ...] = Field(default=(), max_length=50)
    urge_hours: int = Field(default=4, ge=1, le=720)
    judges: tuple[Who, ...] = ()
    rubric: Rubric | None = None
    voters: tuple[Who, ...] = ()
    working_days: int | None = Field(default=None, ge=1, le=2500)
    escalation: tuple[Escalation, ...] = Field(default=(), max_length=10)
    notice_days: int | None = Field(default=None, ge=1, le=250)
    approvers: tuple[Who, ...] = ()


class Procedure(BaseModel):
    """One published version, ``number``, of a procedure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Key
    number: int = Field(ge=1)
    title: Title
    title_en: Title
    steps: tuple[Step, ...] = Field(min_length=1, max_length=50)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Every role with a scope in it, each once."""
        bodies = ((one.assignees, one.signers, one.judges, one.voters, one.approvers) for one in self.steps)
        named = (who for step in bodies for body in step for who in body)
        return tuple(dict.fromkeys(who for who in named if isinstance(who, Scope)))

    @property
    def first(self) -> Step:
        """The draft, where everything begins."""
        return self.steps[0]

    @property
    def counts_working_days(self) -> bool:
        """Whether a review in it needs the calendar."""
        return any(one.working_days or one.escalation or one.kind == "public_notice" for one in self.steps)

    def step(self, key: str) -> Step:
        """The step with this key; raises ``KeyError``."""
        return self.steps[self.place(key)]

    def place(self, key: str) -> int:
        """Where a step stands; raises ``KeyError``."""
        for place, step in enumerate(self.steps):
            if step.key == key:
                return place
        raise KeyError(key)

    def after(self, step: Step) -> Step | None:
        """The step that follows when this one passed; None = the review is done."""
        if step.then is not None:
            return self.step(step.then)
        place = self.place(step.key) + 1
        return self.steps[place] if place < len(self.steps) else None

    def returnable(self, step: Step) -> tuple[str, ...]:
        """The earlier steps to which this one may be returned."""
        earlier = tuple(other.key for other in self.steps[: self.place(step.key)])
        return earlier if step.returnable_to is None else tuple(key for key in earlier if key in step.returnable_to)
