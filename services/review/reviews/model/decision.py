"""The one transition function: a review, a move, who and when, the seats of that day → the review after it, and facts.

Everything that ever happens to a review goes through ``apply``, so that its history replayed gives its state.
"""

from dataclasses import replace
from datetime import UTC, datetime

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden, Refused, Stale
from infra.kernel.events import Fact
from services.review.reviews.model import deadlines, handing, kinds, publicity, reminders, signing
from services.review.reviews.model.commands import (
    LEADING,
    Command,
    Overdue,
    Recalendar,
    Recall,
    Reject,
    Reseat,
    SendBack,
    Submit,
)
from services.review.reviews.model.context import CommandContext, Outcome
from services.review.reviews.model.dates import newer, upcoming
from services.review.reviews.model.flow import conclude, follow, take
from services.review.reviews.model.notice_commands import ApproveNotice
from services.review.reviews.model.operations import Advise, Copy, Delegate, Sign, Terminate, Transfer, Urge
from services.review.reviews.model.procedure import PREVIOUS
from services.review.reviews.model.review import Entry, Review
from services.review.reviews.model.step_runs import Noticing, Signing
from services.review.reviews.model.tasks import settle
from services.review.shared.calendar import Calendar
from services.review.shared.role_holders import RoleHolders


def apply(review: Review, move: Command, by: str, at: datetime, seats: RoleHolders) -> Decision[Review]:
    """Make a move; raises ``Refused``, ``Forbidden`` or ``Invalid``, and then nothing has happened."""
    at = at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)  # what the database keeps
    if review.finished:
        raise Refused("review.finished", zh="该审核已办结，不能再变更。", en="This review is finished for good.")
    turn = _seated(CommandContext(review, by, at, seats), move)
    after, facts, made = _made(turn, move)
    after, told = settle(CommandContext(after, by, at, seats), move)
    due = upcoming(after)
    after = after if after.due_at == due else after.becomes(due_at=due)
    if after == review:
        return review, []
    name = seats.digest
    entry = Entry(n=len(review.history) + 1, at=at, by=by, move=move, seats=name, made=made, behalf=turn.behalf)
    after = after.becomes(
        history=(*review.history, entry),
        seal=entry.sealed(review.seal),
        seats={**review.seats, name: seats},
    )
    return after, [*facts, *told]


def overdue(review: Review, now: datetime) -> Decision[Review]:
    """A moment that the running step waits for may have come; decided with the seats last known."""
    return apply(review, Overdue(), "system", now, review.seats[review.history[-1].seats])


def recalendared(review: Review, offered: Calendar, now: datetime) -> Decision[Review]:
    """A calendar may be newer than the one that a review carries; decided with the seats last known."""
    calendar = newer(review, offered)
    if calendar is None:
        return review, []
    move = Recalendar(calendar=calendar)
    return apply(review, move, "system", now, review.seats[review.history[-1].seats])


def require_version(review: Review, version: int | None) -> None:
    """Raise ``Stale`` when the caller looked at an older version than this one."""
    if version is not None and version != review.version:
        raise Stale(
            "review.changed",
            zh=f"您看到的是第 {version} 版，现在是第 {review.version} 版，请刷新后再操作。",
            en=f"You saw version {version}, it is {review.version} now; look again first.",
            field="/version",
        )


def _seated(turn: CommandContext, move: Command) -> CommandContext:
    """The turn with signers who succeeded others in their posts, and with the name in which a proxy moves."""
    visit = turn.review.live
    if isinstance(visit, Signing):
        review = turn.review.becomes(visits=(*turn.review.visits[:-1], signing.seated(turn, visit)))
        turn, visit = replace(turn, review=review), review.live
    if turn.review.state != "running":
        return turn
    if isinstance(move, Sign) and isinstance(visit, Signing):
        name = signing.signer_for(turn, visit, move.signer)
        return turn if name == turn.by else replace(turn, behalf=name)
    if isinstance(move, ApproveNotice) and isinstance(visit, Noticing):
        return replace(turn, behalf=publicity.approving_for(turn, visit))
    if not isinstance(move, LEADING) or turn.in_own_right():
        return turn
    awaited = signing.awaited(turn, visit) if isinstance(move, Delegate) and isinstance(visit, Signing) else ()
    return turn if turn.by in awaited else replace(turn, behalf=turn.stands_in((*turn.in_charge, *awaited)))


def _made(turn: CommandContext, move: Command) -> tuple[Review, list[Fact], int | None]:
    match move:
        case Submit():
            after, facts = take(turn, move)
            return after, list(facts), None
        case Reseat() | Recalendar():
            return deadlines.recalendar(turn, move) if isinstance(move, Recalendar) else turn.review, [], None
        case Overdue():
            after, facts = deadlines.come(turn)
            return after, list(facts), None
    if turn.review.state != "new" and isinstance(move, Copy | Urge | Terminate):
        after, facts = _beside(turn, move)
        return after, list(facts), None
    if turn.review.state != "running":
        raise Refused("review.with_drafter", zh="稿件已退回起草人。", en="The text is back with its drafter.")
    if isinstance(move, Recall):
        after, facts = _recall(turn, move)
        return after, list(facts), None
    outcome = _outcome(turn, move)
    after, facts = follow(turn, outcome)
    return after, list(facts), outcome.made


def _outcome(turn: CommandContext, move: Command) -> Outcome:
    """Ask the running step what it makes of the move; returning, rejecting and handing on are the same in all."""
    match move:
        case Transfer():
            return handing.transfer(turn, move)
        case Delegate():
            return handing.delegate(turn, move)
        case Advise():
            return handing.advise(turn, move)
        case SendBack():
            return _send_back(turn, move)
        case Reject():
            return _reject(turn, move)
        case _:
            return kinds.decide(turn, move)


def _send_back(turn: CommandContext, move: SendBack) -> Outcome:
    turn.require_charge()
    procedure = turn.review.procedure
    allowed = procedure.returnable(turn.step)
    to = move.to or procedure.first.key
    if to == PREVIOUS and to not in allowed:
        to = _previous(turn)
    if to not in allowed:
        raise Refused(
            "return.not_earlier",
            zh=f"此环节只能退回到：{', '.join(allowed)}。",
            en=f"From this step a review may go back to: {', '.join(allowed)}.",
            field="/to",
        )
    resume = (turn.step.key, *turn.visit.resume) if move.resume else ()
    return Outcome(turn.visit, "back", to=to, reason=move.reason, resume=resume)


def _previous(turn: CommandContext) -> str:
    """The earlier step that the review passed last: where it came from."""
    procedure = turn.review.procedure
    here = procedure.place(turn.step.key)
    passed = (visit.step for visit in reversed(turn.review.visits) if visit.outcome == "passed")
    return next(step for step in passed if procedure.place(step) < here)


def _reject(turn: CommandContext, move: Reject) -> Outcome:
    turn.require_charge()
    if not turn.step.may_reject:
        raise Refused(
            "reject.not_here",
            zh=f"环节“{turn.step.title}”不能直接驳回，由表决或后续环节决定。",
            en=f"The step “{turn.step.title_en}” may not reject; a vote or a later step decides.",
        )
    return Outcome(turn.visit, "reject", reason=move.reason)


def _recall(turn: CommandContext, move: Recall) -> Decision[Review]:
    if turn.by != turn.review.drafter:
        raise Forbidden("recall.not_submitter", zh="只有提交人可以撤回。", en="Only who submitted may recall.")
    return conclude(turn, "recalled", Outcome(turn.visit, reason=move.reason))


def _beside(turn: CommandContext, move: Copy | Urge | Terminate) -> Decision[Review]:
    """What may happen in any step, and while the text is with its drafter."""
    match move:
        case Copy():
            return reminders.copy(turn, move)
        case Urge():
            return reminders.urge(turn, move)
        case Terminate():
            seats = turn.seats
            if turn.by not in (*seats.work_department, *seats.role_holders, *seats.administrators):
                raise Forbidden(
                    "terminate.not_office",
                    zh="只有党委工作部或管理员可以终止审核。",
                    en="Only the Party work department or an administrator may terminate a review.",
                )
            return conclude(turn, "terminated", Outcome(turn.visit, reason=move.reason))
