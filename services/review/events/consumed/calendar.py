"""What review consumes of the calendar."""

from datetime import date
from typing import ClassVar

from pydantic import Field

from infra.kernel.events import Fact
from services.review.events.value_objects import Part


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
