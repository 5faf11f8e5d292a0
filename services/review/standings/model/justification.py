"""On what a decision about a standing rests."""

import calendar
from datetime import date

from services.review.events.value_objects import Kept
from services.review.shared.text_types import Key, Line, Words


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
