"""The way between steps: entering one, passing on, going back, ending. Knows no step kind's own rules."""

from dataclasses import replace

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Refused
from infra.kernel.events import Fact
from services.review.events.published.reviews import ReviewConcluded, ReviewOpened, ReviewReturned
from services.review.reviews.model.commands import Submit
from services.review.reviews.model.context import CommandContext, Outcome
from services.review.reviews.model.dates import deadline
from services.review.reviews.model.procedure.procedure import REJECT, Step
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun


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
        review=review.id,
        brand=review.brand,
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
            "review": after.id,
            "brand": after.brand,
            "owner": after.owner,
            "name": after.name,
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
        state="returned" if target.rules.with_drafter else "running",
        runs=(*context.review.runs[:-1], closed),
    )
    after = _enter(replace(context, review=review), target, outcome.resume)
    fact: Fact = ReviewReturned(
        review=after.id,
        brand=after.brand,
        owner=after.owner,
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
