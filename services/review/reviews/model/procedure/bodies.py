"""Who is meant in a procedure: roles, people, and parts of a body that must be reached."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator

from services.review.shared.scope import Scope

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
