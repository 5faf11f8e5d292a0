"""The facts about the programme's settings."""

from datetime import date
from typing import Any, ClassVar, Final

from pydantic import BaseModel

from infra.kernel.events import Fact


class BlockTypeRecorded(Fact):
    """A block of this type must now look like this JSON Schema."""

    type: ClassVar[str] = "registry.block_type.recorded.v1"
    about: ClassVar[str] = "block_type"

    block_type: str
    title: str
    title_en: str
    body_schema: dict[str, Any]


class PublishedHoliday(BaseModel):
    """An official holiday from its first to its last day."""

    name: str
    first: date
    last: date


class PublishedOwnDay(BaseModel):
    """A day on which the company differs from the official calendar: worked, or off."""

    day: date
    working: bool
    name: str


class CalendarRecorded(Fact):
    """The calendar of a year is now this; ``worked`` are weekend days worked instead of others.

    The company's own days go before the official ones. Until it is ``confirmed`` the year may still change.
    """

    type: ClassVar[str] = "registry.calendar.recorded.v1"
    about: ClassVar[str] = "calendar"

    calendar: str
    year: int
    confirmed: bool
    holidays: list[PublishedHoliday]
    worked: list[date]
    own: list[PublishedOwnDay]


EXAMPLES: Final = (
    BlockTypeRecorded(
        block_type="numeric_code", title="数字代码", title_en="Numeric code",
        body_schema={"type": "object", "required": ["digits"], "properties": {"digits": {"type": "string"}}},
    ),
    CalendarRecorded(
        calendar="2026", year=2026, confirmed=True,
        holidays=[PublishedHoliday(name="春节", first=date(2026, 2, 15), last=date(2026, 2, 23))],
        worked=[date(2026, 2, 14), date(2026, 2, 28)],
        own=[PublishedOwnDay(day=date(2026, 6, 1), working=False, name="厂庆")],
    ),
)  # fmt: skip
"""One example of each."""
