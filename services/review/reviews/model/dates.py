"""When something is due in a review: deadlines, escalations, the end of a notice; and the calendar they follow."""

from datetime import datetime, timedelta

from services.review.reviews.model.procedure import Step
from services.review.reviews.model.review import Review
from services.review.reviews.model.step_runs import AnyStepRun
from services.review.shared.calendar import Calendar, working_period
from services.review.shared.role_holders import day_of

TICK = timedelta(milliseconds=1)
"""What the database can tell apart."""


def deadline(step: Step, opened_at: datetime, calendar: Calendar) -> tuple[datetime | None, bool]:
    """When a visit that begins now is due, and whether that may move.

    ``days`` are counted to the minute; the last of the ``working_days`` ends at midnight.
    """
    if step.working_days is None:
        return (opened_at + timedelta(days=step.days) if step.days else None), False
    period = working_period(calendar, day_of(opened_at), step.working_days)
    return period.ends_at, period.provisional


def upcoming(review: Review) -> datetime | None:
    """The next moment at which something happens by itself; None when nothing does."""
    visit, step = review.live, review.step
    if visit is None or step is None:
        return None
    coming = [visit.due_at] if not visit.overdue else levels(step, visit, review.calendar)[visit.escalated :][:1]
    if visit.kind == "public_notice" and not visit.ended:
        coming.append(visit.notice.ends_at)
    return min((moment for moment in coming if moment is not None), default=None)


def levels(step: Step, visit: AnyStepRun, calendar: Calendar) -> list[datetime | None]:
    """When each level of the escalation is told, counted from the day of the deadline."""
    if visit.due_at is None:
        return []
    missed = day_of(visit.due_at - TICK)
    return [working_period(calendar, missed, level.working_days).ends_at for level in step.escalation]


def newer(review: Review, offered: Calendar) -> Calendar | None:
    """The calendar that a review should carry instead of its own; None when its own does.

    One that confirms less than the review's own was read before that one: it is older.
    """
    visit = review.live
    if visit is None or not review.procedure.counts_working_days:
        return None
    year = day_of(visit.opened_at).year
    wanted, own = offered.since(year), review.calendar.since(year)
    return wanted if wanted != own and set(wanted.confirmed) >= set(own.confirmed) else None
