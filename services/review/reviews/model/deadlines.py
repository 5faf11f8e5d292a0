"""What happens by itself at any step: deadlines, escalations, a newer calendar, and the daily sweep.

Posts and memberships begin and end at midnight in China without anybody saying so that day: hence the sweep.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from infra.kernel.dates import day_of, end_of
from infra.kernel.errors import Refused
from infra.kernel.events import Aggregate, Decision, Fact
from infra.kernel.working_days import Calendar, working_period
from services.review.events.published.reviews import StepEscalated, StepOverdue
from services.review.reviews.model.context import CommandContext, Outcome
from services.review.reviews.model.procedure.procedure import Step
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.shared.role_holders import people

DAILY = "daily"
TICK = timedelta(milliseconds=1)
"""What the database can tell apart."""


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


def come(context: CommandContext) -> Outcome:
    """Everything whose moment has come, in one decision; raises ``Refused`` when that moment has been moved."""
    review, run, facts = context.review, context.review.live, list[Fact]()
    if run is None or review.due_at is None or review.due_at > context.at:
        raise Refused("deadline.moved", zh="期限未到或已变更。", en="The deadline is not now.")
    outcome = context.step.rules.come(context, run) or Outcome(run)
    if outcome.go != "stay":
        return outcome
    run = outcome.run
    if run.due_at is not None and run.due_at <= context.at and not run.overdue:
        run = run.becomes(overdue=True)
        facts.append(_overdue(review, run))
    if run.overdue:
        escalated = list(_escalated(context, run))
        run = run.becomes(escalated=run.escalated + len(escalated))
        facts += escalated
    return Outcome(run, facts=facts)


def recalendar(context: CommandContext, calendar: Calendar) -> Review:
    """Carry the newer calendar; a provisional date of the running step follows it, unless that is over."""
    review, run, step = context.review.becomes(calendar=calendar), context.review.live, context.review.step
    if run is None or step is None:
        return review
    if run.provisional and not run.overdue:
        due, provisional = step.deadline(run.opened_at, calendar)
        if due is not None and due <= context.at:  # nobody is late by a date that they were never told
            due = run.due_at
        run = run.becomes(due_at=due, provisional=provisional)
    return review.with_run(step.rules.recounted(run, calendar, context.at))


def _overdue(review: Review, run: AnyStepRun) -> Fact:
    assert run.due_at is not None  # noqa: S101 - it has passed
    return StepOverdue(
        **review.label,
        step=run.step,
        round=run.round,
        due=run.due_at,
        people=[task.person for task in review.tasks if task.state == "open"],
    )


def _escalated(context: CommandContext, run: AnyStepRun) -> Iterator[Fact]:
    """The levels whose moment has come and that were not told."""
    review, step = context.review, context.step
    moments = levels(step, run, review.calendar)
    for n, (level, moment) in enumerate(zip(step.escalation, moments, strict=True)):
        if n >= run.escalated and moment is not None and moment <= context.at and run.due_at is not None:
            yield StepEscalated(
                **review.label,
                step=run.step,
                round=run.round,
                due=run.due_at,
                level=n + 1,
                working_days=level.working_days,
                roles=list(level.roles),
                people=list(people(context.holding(*level.roles))),
                waiting=sum(task.state == "open" for task in review.tasks),
            )


class Sweep(Aggregate):
    """When the to-dos of the running reviews are next brought in line with who holds what that day."""

    due_at: datetime


def begin_sweep(at: datetime) -> Decision[Sweep]:
    """The first sweep is at the next midnight."""
    return Sweep(id=DAILY, due_at=end_of(day_of(at))), []


def sweep_again(sweep: Sweep, now: datetime) -> Decision[Sweep]:
    """After a sweep comes the one of the next midnight, however many were missed."""
    return sweep.becomes(due_at=end_of(day_of(now))), []
