"""The daily sweep: posts and memberships begin and end at midnight in China without anybody saying so that day."""

from datetime import datetime

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.dates import day_of, end_of

DAILY = "daily"


class Sweep(Aggregate):
    """When the to-dos of the running reviews are next brought in line with who holds what that day."""

    due_at: datetime


def begin(at: datetime) -> Decision[Sweep]:
    """The first sweep is at the next midnight."""
    return Sweep(id=DAILY, due_at=end_of(day_of(at))), []


def move_on(sweep: Sweep, now: datetime) -> Decision[Sweep]:
    """After a sweep comes the one of the next midnight, however many were missed."""
    return sweep.becomes(due_at=end_of(day_of(now))), []
