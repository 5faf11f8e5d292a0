"""On what a decision about a standing rests, and whose hand writes it down."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from services.review.events.value_objects import Kept
from services.review.shared.role_holders import day_of
from services.review.shared.text_types import Key, Line, Words


@dataclass(frozen=True)
class Actor:
    """Who enters it, and when."""

    person: str
    at: datetime

    @property
    def today(self) -> date:
        """The day in China on which it is entered."""
        return day_of(self.at)


class Justification(Kept):
    """Why, from which day it counts (of a resolution: the day of the meeting), and what it goes back to.

    ``direct`` is one of the rules' grounds for grading past the usual number of levels.
    """

    reason: Words
    on: date
    resolution: Line | None = None
    campaign: Line | None = None
    direct: Key | None = None


def months_after(day: date, months: int) -> date:
    """The same day some months later; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
