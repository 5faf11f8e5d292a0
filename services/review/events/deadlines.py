"""Facts about deadlines: the one that review tells, and its narrow copy of the calendar that they are counted by."""

from datetime import UTC, date, datetime
from typing import ClassVar, Final

from pydantic import Field

from infra.events import Fact
from services.review.parts import Part


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


class Span(Part):
    """Days off from the first to the last, both included."""

    first: date
    last: date


class OwnDay(Part):
    """A day on which the company differs from the official calendar."""

    day: date
    working: bool


class CalendarRecorded(Fact):
    """Heard from registry: the calendar of a year as it is now."""

    type: ClassVar[str] = "registry.calendar.recorded.v1"
    about: ClassVar[str] = "calendar"

    calendar: str
    year: int
    confirmed: bool
    holidays: list[Span] = Field(default_factory=list)
    worked: list[date] = Field(default_factory=list)
    own: list[OwnDay] = Field(default_factory=list)


ESCALATED: Final = StepEscalated(
    review="b-sanxin.r1", brand="b-sanxin", owner="branch-3", name="三心", step="secretary_check", round=1,
    due=datetime(2026, 3, 9, 16, 0, tzinfo=UTC), level=1, working_days=2, roles=["superior_secretary"],
    people=["10003"], waiting=1,
)  # fmt: skip
"""The example that the recorded contract is generated from."""
