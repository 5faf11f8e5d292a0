"""Facts about deadlines: the one that review tells, and its narrow copy of the calendar that they are counted by."""

from datetime import UTC, datetime
from typing import ClassVar, Final

from infra.kernel.events import Fact


class StepEscalated(Fact):
    """A step is still not finished so many working days after its deadline, and these people are told.

    Told once for each ``level`` (from 1) of each visit of a step. ``waiting``: how many have not acted.
    """

    type: ClassVar[str] = "review.step.escalated.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None
    step: str
    round: int
    due: datetime
    level: int
    working_days: int
    roles: list[str]
    people: list[str]
    waiting: int


EXAMPLES: Final = (StepEscalated(
    review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", step="secretary_check", round=1,
    due=datetime(2026, 3, 9, 16, 0, tzinfo=UTC), level=1, working_days=2, roles=["superior_secretary"],
    people=["10003"], waiting=1,
),)  # fmt: skip
"""One example of each."""
