"""The way between steps, and what happens by itself: deadlines, escalations, the end of a notice.

It knows no rules of any one kind of step.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from infra.kernel.aggregate import Decision
from infra.kernel.dates import day_of
from infra.kernel.errors import Refused
from infra.kernel.events import Fact
from infra.kernel.working_days import Calendar, working_period
from services.review.events.published.reviews import (
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
    StepEscalated,
    StepOverdue,
)
from services.review.reviews.model.commands import Recalendar, Submit
from services.review.reviews.model.context import CommandContext, Outcome, people_of
from services.review.reviews.model.procedure.procedure import REJECT, Step
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.shared.role_holders import people

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


def take(context: CommandContext, command: Submit) -> Decision[Review]:
    """Take in a submission: the first one, or a resubmission after a return; it goes to the step after the draft."""
    review, draft = context.review, context.review.procedure.first
    if command.submission <= review.submission:
        raise Refused("submission.known", zh="该次提交已受理。", en="This submission was taken in already.")
    if review.state not in ("new", "returned"):
        raise Refused("review.running", zh="审核进行中，不能再次提交。", en="The review is running already.")
    live = review.live or _visit(context, draft, 1)
    drafting = _closed(context, live, "passed", None)
    review = review.becomes(
        state="running",
        drafters=(*(person for person in review.drafters if person != context.by), context.by),
        submission=command.submission,
        document=command.document,
        revision=command.revision,
        schemas=command.schemas,
        calendar=command.calendar or review.calendar,
        runs=(*(review.runs[:-1] if review.live else review.runs), drafting),
    )
    following = review.procedure.after(draft)
    assert following is not None  # noqa: S101 - a published procedure ends in a deciding step
    review, following = _onward(replace(context, review=review), drafting, following)
    opened = ReviewOpened(
        **review.label,
        step=following.key,
        procedure=review.procedure.id,
        procedure_version=review.procedure.number,
        submission=review.submission,
    )
    return review, [opened]


def follow(context: CommandContext, outcome: Outcome) -> Decision[Review]:
    """Do what a step made of a command."""
    review = context.review.becomes(runs=(*context.review.runs[:-1], outcome.run))
    if outcome.document is not None:
        review = review.becomes(document=outcome.document, revision=review.revision + 1)
    context = replace(context, review=review)
    match outcome.go:
        case "stay":
            return review, outcome.facts
        case "pass":
            return _pass(context, outcome)
        case "back" if outcome.to != REJECT:
            return _back(context, outcome)
        case _:
            return conclude(context, "rejected", outcome)


def conclude(context: CommandContext, state: str, outcome: Outcome) -> Decision[Review]:
    """End the review for good."""
    ends = {"approved": "passed", "recalled": "recalled", "terminated": "terminated"}.get(
        state, "not_carried" if outcome.lost else "rejected"
    )
    after = context.review.becomes(
        state=state,
        runs=(*context.review.runs[:-1], _closed(context, outcome.run, ends, outcome.reason)),
        due_at=None,
        resolution=outcome.resolution,
        reason=outcome.reason,
    )
    fact = ReviewConcluded.model_validate(
        {
            **after.label,
            "outcome": "rejected" if state == "terminated" else state,
            "terminated": state == "terminated",
            "document": after.document,
            "revision": after.revision,
            "resolution": after.resolution,
            "reason": after.reason,
            "concluded_by": context.by,
            "drafter": after.drafter,
        }
    )
    return after, [fact]


def _pass(context: CommandContext, outcome: Outcome) -> Decision[Review]:
    following = context.review.procedure.after(context.step)
    if following is None and not outcome.run.resume:
        return conclude(context, "approved", outcome)
    closed = _closed(context, outcome.run, "passed", outcome.reason)
    review = context.review.becomes(runs=(*context.review.runs[:-1], closed))
    return _onward(replace(context, review=review), closed, following or context.step)[0], []


def _back(context: CommandContext, outcome: Outcome) -> Decision[Review]:
    procedure, source = context.review.procedure, context.step
    target = procedure.first if outcome.to is None else procedure.step(outcome.to)
    closed = _closed(context, outcome.run, "not_carried" if outcome.lost else "returned", outcome.reason)
    review = context.review.becomes(
        state="returned" if target.rules.with_drafter else "running", runs=(*context.review.runs[:-1], closed)
    )
    after = _enter(replace(context, review=review), target, outcome.resume)
    fact: Fact = ReviewReturned(
        **after.label,
        document=after.document,
        revision=after.revision,
        from_step=source.key,
        to_step=target.key,
        to_drafter=target.rules.with_drafter,
        reason=outcome.reason or "",
        returned_by=context.by,
        drafter=after.drafter,
        resume=bool(outcome.resume),
    )
    return after, [fact]


def _onward(context: CommandContext, passed: AnyStepRun, following: Step) -> tuple[Review, Step]:
    """From a passed run to the step that is waiting for the review to come back, or else to the following one."""
    step = context.review.procedure.step(passed.resume[0]) if passed.resume else following
    return _enter(context, step, passed.resume[1:]), step


def _enter(context: CommandContext, step: Step, resume: tuple[str, ...] = ()) -> Review:
    """Begin a new run; earlier runs of the same step stay as they were."""
    seen = sum(run.step == step.key for run in context.review.runs)
    run = _visit(context, step, seen + 1).becomes(resume=resume)
    return context.review.becomes(runs=(*context.review.runs, run), due_at=run.due_at)


def _visit(context: CommandContext, step: Step, count: int) -> AnyStepRun:
    due, provisional = deadline(step, context.at, context.review.calendar)
    common = {"step": step.key, "round": count, "opened_at": context.at, "due_at": due, "provisional": provisional}
    begun: AnyStepRun = step.rules.begin(context, step, common)
    return begun


def _closed(context: CommandContext, run: AnyStepRun, outcome: str, reason: str | None) -> AnyStepRun:
    return run.becomes(
        closed_at=context.at, closed_by=context.by, closed_for=context.behalf, outcome=outcome, reason=reason
    )


def come(context: CommandContext) -> Decision[Review]:
    """Everything whose moment has come, in one decision; raises ``Refused`` when that moment has been moved."""
    review, run, facts = context.review, context.review.live, list[Fact]()
    if run is None or review.due_at is None or review.due_at > context.at:
        raise Refused("deadline.moved", zh="期限未到或已变更。", en="The deadline is not now.")
    outcome = context.step.rules.come(context, run)
    if outcome is not None and outcome.go != "stay":
        return follow(context, outcome)
    run = outcome.run if outcome is not None else run
    if run.due_at is not None and run.due_at <= context.at and not run.overdue:
        run = run.becomes(overdue=True)
        facts.append(_overdue(review, run))
    if run.overdue:
        escalated = list(_escalated(context, run))
        run = run.becomes(escalated=run.escalated + len(escalated))
        facts += escalated
    return review.becomes(runs=(*review.runs[:-1], run)), facts


def recalendar(context: CommandContext, command: Recalendar) -> Review:
    """Carry the newer calendar; a provisional date of the running step follows it, unless that is over."""
    review, run, step = context.review.becomes(calendar=command.calendar), context.review.live, context.review.step
    if run is None or step is None:
        return review
    if run.provisional and not run.overdue:
        due, provisional = deadline(step, run.opened_at, command.calendar)
        if due is not None and due <= context.at:  # nobody is late by a date that they were never told
            due = run.due_at
        run = run.becomes(due_at=due, provisional=provisional)
    run = step.rules.recounted(run, command.calendar, context.at)
    return review.becomes(runs=(*review.runs[:-1], run))


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
                people=list(people(who for role in level.roles for who in people_of(role, review, context.holders))),
                waiting=sum(task.state == "open" for task in review.tasks),
            )
