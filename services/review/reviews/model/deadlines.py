"""What happens by itself: a deadline passes, the next level is told, a public notice ends, a calendar comes."""

from collections.abc import Iterator

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.events import Fact
from services.review.events.published.deadlines import StepEscalated
from services.review.events.published.reviews import StepOverdue
from services.review.reviews.model import poll
from services.review.reviews.model.commands import Recalendar
from services.review.reviews.model.context import CommandContext, holders
from services.review.reviews.model.dates import deadline, levels
from services.review.reviews.model.flow import follow
from services.review.reviews.model.panels import Polling
from services.review.reviews.model.publicity import ended
from services.review.reviews.model.review import Review
from services.review.reviews.model.step_runs import AnyStepRun, Noticing
from services.review.shared.public_notice.stages import recounted
from services.review.shared.role_holders import people


def come(turn: CommandContext) -> Decision[Review]:
    """Everything whose moment has come, in one decision; raises ``Refused`` when that moment has been moved."""
    review, visit, told = turn.review, turn.review.live, list[Fact]()
    if visit is None or review.due_at is None or review.due_at > turn.at:
        raise Refused("deadline.moved", zh="期限未到或已变更。", en="The deadline is not now.")
    if isinstance(visit, Noticing) and _over(turn, visit):
        outcome = ended(turn, visit)
        if outcome.go != "stay":
            return follow(turn, outcome)
        visit = outcome.visit
    if isinstance(visit, Polling) and visit.due_at is not None and visit.due_at <= turn.at:
        return follow(turn, poll.counted(turn, visit))  # a poll is over at its deadline, not late
    if visit.due_at is not None and visit.due_at <= turn.at and not visit.overdue:
        visit = visit.becomes(overdue=True)
        told.append(_overdue(review, visit))
    if visit.overdue:
        escalated = list(_escalated(turn, visit))
        visit = visit.becomes(escalated=visit.escalated + len(escalated))
        told += escalated
    return review.becomes(visits=(*review.visits[:-1], visit)), told


def recalendar(turn: CommandContext, move: Recalendar) -> Review:
    """Carry the newer calendar; a provisional date of the running step follows it, unless that is over."""
    review, visit, step = turn.review.becomes(calendar=move.calendar), turn.review.live, turn.review.step
    if visit is None or step is None:
        return review
    if visit.provisional and not visit.overdue:
        due, provisional = deadline(step, visit.opened_at, move.calendar)
        if due is not None and due <= turn.at:  # nobody is late by a date that they were never told
            due = visit.due_at
        visit = visit.becomes(due_at=due, provisional=provisional)
    if isinstance(visit, Noticing):
        visit = visit.becomes(notice=recounted(visit.notice, move.calendar, turn.at))
    return review.becomes(visits=(*review.visits[:-1], visit))


def _over(turn: CommandContext, visit: Noticing) -> bool:
    """Whether the last day of a notice is over and that was not decided on."""
    ends = visit.notice.ends_at
    return ends is not None and ends <= turn.at and not visit.ended


def _overdue(review: Review, visit: AnyStepRun) -> Fact:
    assert visit.due_at is not None  # noqa: S101 - it has passed
    return StepOverdue(
        review=review.id,
        brand=review.brand,
        owner=review.owner,
        name=review.name,
        step=visit.step,
        round=visit.round,
        due=visit.due_at,
        people=[task.person for task in review.tasks if task.state == "open"],
    )


def _escalated(turn: CommandContext, visit: AnyStepRun) -> Iterator[Fact]:
    """The levels whose moment has come and that were not told."""
    review, step = turn.review, turn.step
    moments = levels(step, visit, review.calendar)
    for n, (level, moment) in enumerate(zip(step.escalation, moments, strict=True)):
        if n >= visit.escalated and moment is not None and moment <= turn.at and visit.due_at is not None:
            yield StepEscalated(
                review=review.id,
                brand=review.brand,
                owner=review.owner,
                name=review.name,
                step=visit.step,
                round=visit.round,
                due=visit.due_at,
                level=n + 1,
                working_days=level.working_days,
                roles=list(level.roles),
                people=list(people(who for role in level.roles for who in holders(role, review, turn.seats))),
                waiting=sum(task.state == "open" for task in review.tasks),
            )
