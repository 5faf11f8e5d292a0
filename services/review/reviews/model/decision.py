"""The one transition function: a review, a command, who, when, the role holders → the review after it, and facts.

Everything that ever happens to a review goes through ``apply``, so that its history replayed gives its state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden, Refused
from infra.kernel.events import Fact
from infra.kernel.working_days import Calendar
from services.review.reviews.model import flow, reminders, tasks
from services.review.reviews.model.commands import (
    Advise,
    Command,
    Copy,
    Delegate,
    Overdue,
    Recalendar,
    Recall,
    Reject,
    Reseat,
    SendBack,
    Submit,
    Terminate,
    Transfer,
    Urge,
)
from services.review.reviews.model.context import CommandContext, Outcome
from services.review.reviews.model.flow import conclude, follow, newer, take, upcoming
from services.review.reviews.model.procedure.procedure import PREVIOUS
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.tasks import settle
from services.review.shared.role_holders import RoleHolders


def apply(review: Review, command: Command, by: str, at: datetime, holders: RoleHolders) -> Decision[Review]:
    """Make a command; raises ``Refused``, ``Forbidden`` or ``Invalid``, and then nothing has happened."""
    at = at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)  # what the database keeps
    if review.finished:
        raise Refused("review.finished", zh="该审核已办结，不能再变更。", en="This review is finished for good.")
    context = _in_whose_name(CommandContext(review, by, at, holders), command)
    after, facts, made = _made(context, command)
    after, changed = settle(CommandContext(after, by, at, holders), command)
    due = upcoming(after)
    after = after if after.due_at == due else after.becomes(due_at=due)
    if after == review:
        return review, []
    name = holders.digest
    entry = Entry(
        n=len(review.history) + 1, at=at, by=by, command=command, holders=name, made=made, behalf=context.behalf
    )
    after = after.becomes(
        history=(*review.history, entry), seal=entry.sealed(review.seal), holders={**review.holders, name: holders}
    )
    return after, [*facts, *changed]


def overdue(review: Review, now: datetime) -> Decision[Review]:
    """A moment that the running step waits for may have come; decided with the role holders last known."""
    return apply(review, Overdue(), "system", now, review.holders[review.history[-1].holders])


def recalendared(review: Review, offered: Calendar, now: datetime) -> Decision[Review]:
    """A calendar may be newer than the one that a review carries; decided with the role holders last known."""
    calendar = newer(review, offered)
    if calendar is None:
        return review, []
    command = Recalendar(calendar=calendar)
    return apply(review, command, "system", now, review.holders[review.history[-1].holders])


def _in_whose_name(context: CommandContext, command: Command) -> CommandContext:
    """The context with signers who succeeded others in their posts, and with the name in which a proxy acts."""
    review = context.review
    if review.live is None:
        return context
    kind, run = context.step.rules, context.step.rules.followed(context, review.live)
    if run is not review.live:
        context = replace(context, review=review.becomes(runs=(*review.runs[:-1], run)))
    if review.state != "running":
        return context
    return replace(context, behalf=kind.acts_for(context, context.run, command))


def _made(context: CommandContext, command: Command) -> tuple[Review, Sequence[Fact], int | None]:
    """The review after a command, the facts, and the number of what was made."""
    state = context.review.state
    decided: Decision[Review] | None = None
    match command:
        case Submit():
            decided = take(context, command)
        case Reseat():
            decided = context.review, ()
        case Recalendar():
            decided = flow.recalendar(context, command), ()
        case Overdue():
            decided = flow.come(context)
        case Copy() if state != "new":
            decided = reminders.copy(context, command)
        case Urge() if state != "new":
            decided = reminders.urge(context, command)
        case Terminate() if state != "new":
            decided = _terminate(context, command)
        case Recall() if state == "running":
            decided = _recall(context, command)
    if decided is not None:
        return *decided, None
    outcome = _outcome(context, command)
    return *follow(context, outcome), outcome.made


def _outcome(context: CommandContext, command: Command) -> Outcome:
    """Ask the running step what it makes of the command; returning, rejecting and handing on are the same in all."""
    if context.review.state != "running":
        raise Refused("review.with_drafter", zh="稿件已退回起草人。", en="The text is back with its drafter.")
    match command:
        case Transfer():
            return tasks.transfer(context, command)
        case Delegate():
            return tasks.delegate(context, command)
        case Advise():
            return tasks.advise(context, command)
        case SendBack():
            return _send_back(context, command)
        case Reject():
            return _reject(context, command)
        case _:
            return context.step.rules.decide(context, context.run, command)


def _send_back(context: CommandContext, command: SendBack) -> Outcome:
    context.require_charge()
    procedure = context.review.procedure
    allowed = procedure.returnable(context.step)
    to = command.to or procedure.first.key
    if to == PREVIOUS and to not in allowed:
        to = _previous(context)
    if to not in allowed:
        raise Refused(
            "return.not_earlier",
            zh=f"此环节只能退回到：{', '.join(allowed)}。",
            en=f"From this step a review may go back to: {', '.join(allowed)}.",
            field="/to",
        )
    resume = (context.step.key, *context.run.resume) if command.resume else ()
    return Outcome(context.run, "back", to=to, reason=command.reason, resume=resume)


def _previous(context: CommandContext) -> str:
    """The earlier step that the review passed last: where it came from."""
    procedure = context.review.procedure
    here = procedure.place(context.step.key)
    passed = (run.step for run in reversed(context.review.runs) if run.outcome == "passed")
    return next(step for step in passed if procedure.place(step) < here)


def _reject(context: CommandContext, command: Reject) -> Outcome:
    context.require_charge()
    if not context.step.may_reject:
        raise Refused(
            "reject.not_here",
            zh=f"环节“{context.step.title}”不能直接驳回，由表决或后续环节决定。",
            en=f"The step “{context.step.title_en}” may not reject; a vote or a later step decides.",
        )
    return Outcome(context.run, "reject", reason=command.reason)


def _recall(context: CommandContext, command: Recall) -> Decision[Review]:
    if context.by != context.review.drafter:
        raise Forbidden("recall.not_submitter", zh="只有提交人可以撤回。", en="Only who submitted may recall.")
    return conclude(context, "recalled", Outcome(context.run, reason=command.reason))


def _terminate(context: CommandContext, command: Terminate) -> Decision[Review]:
    holders = context.holders
    if context.by not in (*holders.work_department, *holders.role_holders, *holders.administrators):
        raise Forbidden(
            "terminate.not_office",
            zh="只有党委工作部或管理员可以终止审核。",
            en="Only the Party work department or an administrator may terminate a review.",
        )
    return conclude(context, "terminated", Outcome(context.run, reason=command.reason))


def first(review: Review) -> Review:
    """The review before its first command."""
    own = ("id", "brand", "owner", "committee", "procedure")
    return Review(**{name: getattr(review, name) for name in own})


def as_of(review: Review, entry: int) -> Review:
    """The review as it was after one of its commands."""
    return replay(first(review), review.history[:entry], review.holders)


def replay(review: Review, history: Sequence[Entry], holders: Mapping[str, RoleHolders]) -> Review:
    """Make the commands of a history again, in order; raises what one raises that cannot have happened."""
    for entry in history:
        review, _ = apply(review, entry.command, entry.by, entry.at, holders[entry.holders])
    return review
