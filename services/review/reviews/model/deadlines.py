"""What happens by itself: a deadline passes, the next level is told, a public notice ends, a calendar comes."""

from collections.abc import Iterator

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.events import Fact
from services.review.events.published.reviews import StepEscalated, StepOverdue
from services.review.reviews.model.commands import Recalendar
from services.review.reviews.model.context import CommandContext, people_of
from services.review.reviews.model.dates import deadline, levels
from services.review.reviews.model.flow import follow
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.shared.role_holders import people


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
        review=review.id,
        brand=review.brand,
        owner=review.owner,
        name=review.name,
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
                review=review.id,
                brand=review.brand,
                owner=review.owner,
                name=review.name,
                step=run.step,
                round=run.round,
                due=run.due_at,
                level=n + 1,
                working_days=level.working_days,
                roles=list(level.roles),
                people=list(people(who for role in level.roles for who in people_of(role, review, context.holders))),
                waiting=sum(task.state == "open" for task in review.tasks),
            )
