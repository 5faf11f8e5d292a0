"""The way between steps: entering one, passing on, going back, ending. Knows no step kind's own rules."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from infra.kernel.aggregate import Decision
from infra.kernel.errors import NotYet, Refused
from infra.kernel.events import Fact
from services.review.events.published.reviews import ReviewConcluded, ReviewOpened, ReviewReturned
from services.review.reviews.model import judging, poll
from services.review.reviews.model.commands import Submit
from services.review.reviews.model.context import CommandContext, Outcome
from services.review.reviews.model.dates import deadline
from services.review.reviews.model.procedure import REJECT, Step
from services.review.reviews.model.publicity import proposed
from services.review.reviews.model.review import Review
from services.review.reviews.model.signing import signers
from services.review.reviews.model.step_run import StepRun
from services.review.reviews.model.step_runs import (
    AnyStepRun,
    Checking,
    CoRevising,
    Discussing,
    Drafting,
    Noticing,
    Resolving,
    Signing,
)

BARE: Final[Mapping[str, Callable[..., AnyStepRun]]] = {
    "draft": Drafting,
    "check": Checking,
    "co_revision": CoRevising,
    "resolution": Resolving,
}
"""Visits that begin with nothing in them, by kind of step."""
BEGUN: Final[Mapping[str, Callable[[CommandContext, Step, StepRun], AnyStepRun]]] = {
    "scoring": judging.begun,
    "poll": poll.begun,
}
"""Who begins a visit that brings its people with it, by kind of step."""


def take(turn: CommandContext, move: Submit) -> Decision[Review]:
    """Take in a submission: the first one, or a resubmission after a return; it goes to the step after the draft."""
    review, draft = turn.review, turn.review.procedure.first
    if move.submission <= review.submission:
        raise Refused("submission.known", zh="该次提交已受理。", en="This submission was taken in already.")
    if review.state not in ("new", "returned"):
        raise Refused("review.running", zh="审核进行中，不能再次提交。", en="The review is running already.")
    live = review.live or _visit(turn, draft, 1)
    drafting = _closed(turn, live, "passed", None)
    review = review.becomes(
        state="running",
        drafters=(*(person for person in review.drafters if person != turn.by), turn.by),
        submission=move.submission,
        document=move.document,
        revision=move.revision,
        schemas=move.schemas,
        calendar=move.calendar or review.calendar,
        visits=(*(review.visits[:-1] if review.live else review.visits), drafting),
    )
    following = review.procedure.after(draft)
    assert following is not None  # noqa: S101 - a published procedure ends in a deciding step
    review, following = _onward(replace(turn, review=review), drafting, following)
    opened = ReviewOpened(
        review=review.id,
        brand=review.brand,
        step=following.key,
        procedure=review.procedure.id,
        procedure_version=review.procedure.number,
        submission=review.submission,
    )
    return review, [opened]


def follow(turn: CommandContext, outcome: Outcome) -> Decision[Review]:
    """Do what a step made of a move."""
    review = turn.review.becomes(visits=(*turn.review.visits[:-1], outcome.visit))
    if outcome.document is not None:
        review = review.becomes(document=outcome.document, revision=review.revision + 1)
    turn = replace(turn, review=review)
    match outcome.go:
        case "stay":
            return review, outcome.facts
        case "pass":
            return _pass(turn, outcome)
        case "back" if outcome.to != REJECT:
            return _back(turn, outcome)
        case _:
            return conclude(turn, "rejected", outcome)


def conclude(turn: CommandContext, state: str, outcome: Outcome) -> Decision[Review]:
    """End the review for good."""
    ends = {"approved": "passed", "recalled": "recalled", "terminated": "terminated"}.get(
        state, "not_carried" if outcome.lost else "rejected"
    )
    after = turn.review.becomes(
        state=state,
        visits=(*turn.review.visits[:-1], _closed(turn, outcome.visit, ends, outcome.reason)),
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
            "concluded_by": turn.by,
            "drafter": after.drafter,
        }
    )
    return after, [fact]


def _pass(turn: CommandContext, outcome: Outcome) -> Decision[Review]:
    following = turn.review.procedure.after(turn.step)
    if following is None and not outcome.visit.resume:
        return conclude(turn, "approved", outcome)
    closed = _closed(turn, outcome.visit, "passed", outcome.reason)
    review = turn.review.becomes(visits=(*turn.review.visits[:-1], closed))
    return _onward(replace(turn, review=review), closed, following or turn.step)[0], []


def _back(turn: CommandContext, outcome: Outcome) -> Decision[Review]:
    procedure, source = turn.review.procedure, turn.step
    target = procedure.first if outcome.to is None else procedure.step(outcome.to)
    closed = _closed(turn, outcome.visit, "not_carried" if outcome.lost else "returned", outcome.reason)
    review = turn.review.becomes(
        state="returned" if target.kind == "draft" else "running",
        visits=(*turn.review.visits[:-1], closed),
    )
    after = _enter(replace(turn, review=review), target, outcome.resume)
    fact: Fact = ReviewReturned(
        review=after.id,
        brand=after.brand,
        owner=after.owner,
        document=after.document,
        revision=after.revision,
        from_step=source.key,
        to_step=target.key,
        to_drafter=target.kind == "draft",
        reason=outcome.reason or "",
        returned_by=turn.by,
        drafter=after.drafter,
        resume=bool(outcome.resume),
    )
    return after, [fact]


def _onward(turn: CommandContext, passed: AnyStepRun, following: Step) -> tuple[Review, Step]:
    """From a passed visit to the step that is waiting for the review to come back, or else to the following one."""
    step = turn.review.procedure.step(passed.resume[0]) if passed.resume else following
    return _enter(turn, step, passed.resume[1:]), step


def _enter(turn: CommandContext, step: Step, resume: tuple[str, ...] = ()) -> Review:
    """Begin a new visit; earlier visits of the same step stay as they were."""
    seen = sum(visit.step == step.key for visit in turn.review.visits)
    visit = _visit(turn, step, seen + 1).becomes(resume=resume)
    return turn.review.becomes(visits=(*turn.review.visits, visit), due_at=visit.due_at)


def _visit(turn: CommandContext, step: Step, count: int) -> AnyStepRun:
    due, provisional = deadline(step, turn.at, turn.review.calendar)
    base = StepRun(step=step.key, round=count, opened_at=turn.at, due_at=due, provisional=provisional)
    match step.kind:
        case "draft" | "check" | "co_revision" | "resolution" as kind:
            return BARE[kind](**dict(base))
        case "public_notice":
            return Noticing(**dict(base), notice=proposed(turn, step))
        case "discussion":
            members, voters = turn.seats.members, turn.seats.voters
            if not voters:
                raise NotYet(
                    "discussion.no_voters",
                    zh="该党组织名册上今天没有有表决权的党员，无法讨论表决。",
                    en="The roster of this organisation has no full member today: nobody could vote.",
                )
            return Discussing(**dict(base), members=members, voters=voters)
        case "scoring" | "poll" as kind:
            return BEGUN[kind](turn, step, base)
        case "countersign" | "sign_any" as kind:
            signing = signers(turn, step)
            if not signing:
                raise NotYet(
                    "signing.no_signers",
                    zh=f"环节“{step.title}”今天没有可以签署的人员。",
                    en=f"Nobody could sign in the step “{step.title_en}” today.",
                )
            return Signing(**dict(base), kind=kind, signers=signing)


def _closed(turn: CommandContext, visit: AnyStepRun, outcome: str, reason: str | None) -> AnyStepRun:
    return visit.becomes(closed_at=turn.at, closed_by=turn.by, closed_for=turn.behalf, outcome=outcome, reason=reason)
