"""The step of a public notice: reviewed and approved by different people, put up, and objections decided.

The notice itself, its period and its objections are the package ``notice``; here are the people and the way on. The
text under review is what is proposed, by its drafter. The step passes by itself when the period is over and nothing is
left to decide, and is lost as soon as an objection is upheld.
"""

from collections.abc import Collection

from infra.kernel.errors import Forbidden, Refused
from services.review.events.value_objects import Resolution
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome, eligible, holders
from services.review.reviews.model.notice_commands import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    PublishNotice,
    RaiseObjection,
)
from services.review.reviews.model.procedure import Step
from services.review.reviews.model.step_runs import Noticing, Resolving
from services.review.shared.public_notice import objections, stages
from services.review.shared.public_notice.notice import USUAL_DAYS, Approved, Examined, Finding, Mark, Notice, Published
from services.review.shared.public_notice.objections import standing
from services.review.shared.role_holders import day_of, people


def proposed(turn: CommandContext, step: Step) -> Notice:
    """The notice with which a visit begins: the drafter's text is proposed."""
    return stages.propose(Mark(by=turn.review.drafter, at=turn.at), step.notice_days or USUAL_DAYS)


def decide(turn: CommandContext, visit: Noticing, move: Command) -> Outcome:
    """Answer a question of the review, approve, publish, take in an objection, or decide one."""
    notice, mark = visit.notice, Mark(by=turn.by, at=turn.at, behalf=turn.behalf)
    deed = dict(mark)
    match move:
        case ExamineNotice():
            turn.require_charge()
            _require_somebody_left(turn, visit, mark.people)
            answer = Examined(**deed, question=move.question, passed=move.passed, comment=move.comment)
            return _stay(visit, stages.examine(notice, answer))
        case ApproveNotice():
            require_approver(turn, visit)
            return _stay(visit, stages.approve(notice, Approved(**deed, comment=move.comment)))
        case PublishNotice():
            turn.require_charge()
            published = Published(**deed, where=move.where, on=move.published_on or day_of(turn.at))
            return _stay(visit, stages.publish(notice, published, turn.review.calendar))
        case RaiseObjection():
            turn.require_charge()
            after = objections.receive(notice, move.text, move.raised_by, move.received_on, mark)
            return Outcome(visit.becomes(notice=after), made=len(after.objections))
        case DecideObjection():
            turn.require_charge()
            finding = Finding(**deed, upheld=move.upheld, reason=move.reason, reply=move.reply)
            return _settled(turn, visit, objections.decide(notice, move.objection, finding))
        case _:
            raise turn.not_here(move)


def ended(turn: CommandContext, visit: Noticing) -> Outcome:
    """The last day is over: pass, or wait for the decision on what people said."""
    return _settled(turn, visit.becomes(ended=True), visit.notice)


def duties(turn: CommandContext, visit: Noticing) -> Duties:
    """Who is in charge reviews, publishes and decides, an approver approves; while people may object nobody acts."""
    notice = visit.notice
    match notice.state:
        case "proposed":
            reviewers = [person for person in turn.leading if _somebody_left(turn, visit, {person})]
            return dict.fromkeys(reviewers, ("公示审核（保密、必要性、准确性）", "review the notice"))
        case "reviewed":
            return dict.fromkeys(approvers(turn, visit), ("公示审批", "approve the notice"))
        case "approved":
            return dict.fromkeys(turn.leading, ("发布公示并登记", "put the notice up and record it"))
        case "implemented" if notice.open:
            return dict.fromkeys(turn.leading, ("核实并答复异议", "decide and answer the objections"))
        case "implemented":
            return {}


def approvers(turn: CommandContext, visit: Noticing, reviewing: Collection[str] = ()) -> tuple[str, ...]:
    """Who may approve by post if these review as well: holders of the first of the step's roles in which any may."""
    barred = visit.notice.proposed.people | visit.notice.reviewers | set(reviewing)
    for role in turn.step.approvers:
        held = holders(role, turn.review, turn.seats)
        able = people(one for one in held if one not in barred and eligible(turn.review, turn.step, one))
        if able:
            return able
    return ()


def awaited_approvers(turn: CommandContext, visit: Noticing) -> tuple[str, ...]:
    """The approvers, when it is their turn."""
    return approvers(turn, visit) if visit.notice.state == "reviewed" else ()


def approving_for(turn: CommandContext, visit: Noticing) -> str | None:
    """In whose name somebody approves who is no approver but the proxy of one."""
    return None if _approves(turn, visit) else turn.stands_in(approvers(turn, visit))


def require_approver(turn: CommandContext, visit: Noticing) -> None:
    """Raise ``Forbidden`` for who neither is an approver nor stands in for one; who reviewed is told so."""
    stages.require_may_approve(visit.notice, frozenset({turn.by}))
    if not _approves(turn, visit) and turn.behalf not in approvers(turn, visit):
        raise Forbidden(
            "notice.not_approver",
            zh="您今天不是该公示的审批人。",
            en="You may not approve this notice today.",
        )


def _somebody_left(turn: CommandContext, visit: Noticing, reviewing: Collection[str]) -> bool:
    """Whether there is still somebody to approve when these have reviewed."""
    return bool(approvers(turn, visit, reviewing)) or not approvers(turn, visit)


def _require_somebody_left(turn: CommandContext, visit: Noticing, reviewing: Collection[str]) -> None:
    if not _somebody_left(turn, visit, reviewing):
        raise Refused(
            "notice.nobody_left",
            zh="您是唯一的审批人：审核后将无人可以审批，请由他人审核。",
            en="Nobody could approve if you reviewed: you are the only approver.",
        )


def _approves(turn: CommandContext, visit: Noticing) -> bool:
    by_role = "work_department" in turn.step.approvers and turn.by in turn.seats.role_holders
    return turn.by in approvers(turn, visit) or (by_role and eligible(turn.review, turn.step, turn.by))


def _stay(visit: Noticing, notice: Notice) -> Outcome:
    return Outcome(visit.becomes(notice=notice))


def _settled(turn: CommandContext, visit: Noticing, notice: Notice) -> Outcome:
    """Go on, go back or stay, as the notice now stands."""
    after = visit.becomes(notice=notice)
    match standing(notice, turn.at):
        case "lost":
            said = "；".join(f"第 {one.n} 条：{one.finding.reason}" for one in notice.upheld if one.finding)
            numbers = ", ".join(str(one.n) for one in notice.upheld)
            reason = f"公示异议成立（{said[:1000]}）。 Objections upheld: {numbers}."
            return Outcome(after, "back", to=turn.step.on_not_carried, lost=True, reason=reason)
        case "clear":
            return Outcome(after.becomes(ended=True), "pass", resolution=_resolution(turn))
        case _:
            return Outcome(after)


def _resolution(turn: CommandContext) -> Resolution | None:
    """What the committee resolved before: a notice after it, as the last step, ends the review with it."""
    made = (
        visit.meetings[-1].resolution
        for visit in reversed(turn.review.visits)
        if isinstance(visit, Resolving) and visit.outcome == "passed"
    )
    return next(made, None)
