"""When something is due in a review: deadlines, escalations, the end of a notice; and the calendar they follow."""

from datetime import datetime, timedelta

from services.review.reviews.model.procedure.procedure import Step
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.shared.calendar import Calendar, working_period
from services.review.shared.role_holders import day_of

TICK = timedelta(milliseconds=1)
"""What the database can tell apart."""


def deadline(step: Step, opened_at: datetime, calendar: Calendar) -> tuple[datetime | None, bool]:
    """When a run that begins now is due, and whether that may move.

    ``days`` are counted to the minute; the last of the ``working_days`` ends at midnight.
    """
    if step.working_days is None:
        return (opened_at + timedelta(days=step.days) if step.days else None), False
    period = working_period(calendar, day_of(opened_at), step.working_days)
    return period.ends_at, period.provisional


def upcoming(review: Review) -> datetime | None:
    """The next moment at which something happens by itself; None when nothing does."""
    run, step = review.live, review.step
    if run is None or step is None:
        return None
    coming = [run.due_at] if not run.overdue else levels(step, run, review.calendar)[run.escalated :][:1]
    coming.append(step.rules.moment(run))
    return min((moment for moment in coming if moment is not None), default=None)


def levels(step: Step, run: AnyStepRun, calendar: Calendar) -> list[datetime | None]:
    """When each level of the escalation is told, counted from the day of the deadline."""
    if run.due_at is None:
        return []
    missed = day_of(run.due_at - TICK)
    return [working_period(calendar, missed, level.working_days).ends_at for level in step.escalation]


def newer(review: Review, offered: Calendar) -> Calendar | None:
    """The calendar that a review should carry instead of its own; None when its own does.

    One that confirms less than the review's own was read before that one: it is older.
    """
    run = review.live
    if run is None or not review.procedure.counts_working_days:
        return None
    year = day_of(run.opened_at).year
    wanted, own = offered.since(year), review.calendar.since(year)
    return wanted if wanted != own and set(wanted.confirmed) >= set(own.confirmed) else None
