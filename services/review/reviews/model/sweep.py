"""The daily sweep: posts and memberships begin and end at midnight in China without anybody saying so that day."""

from datetime import datetime, time, timedelta

from infra.kernel.aggregate import Aggregate, Decision
from services.review.shared.role_holders import CHINA, day_of

DAILY = "daily"


class Sweep(Aggregate):
    """When the to-dos of the running reviews are next brought in line with who holds what that day."""

    due_at: datetime


def begin(before: Sweep | None, at: datetime) -> Decision[Sweep]:
    """The first sweep is at the next midnight; one that is set already stays."""
    return before or Sweep(id=DAILY, due_at=midnight_after(at)), []


def move_on(sweep: Sweep, now: datetime) -> Decision[Sweep]:
    """After a sweep comes the one of the next midnight, however many were missed."""
    return sweep.becomes(due_at=midnight_after(now)), []


def midnight_after(at: datetime) -> datetime:
    """The next midnight in China."""
    return datetime.combine(day_of(at) + timedelta(days=1), time(), CHINA)
