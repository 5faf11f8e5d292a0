"""What may be done at any step: return, reject, recall, terminate; duties that are handed on, copies, and urges.

A transfer gives a duty away; a delegate is asked, and the duty comes back. A vote, a ballot and a signature are
personal and never handed over. Whoever takes a duty is no drafter of the text, and in a co-revision not of the branch
that answers. A duty belongs to a post: when its holder loses it, what was taken over from them lapses.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from infra.kernel.errors import Forbidden, Refused
from services.review.events.published.reviews import ReviewCopied, StepUrged
from services.review.reviews.model.commands import (
    Advise,
    Command,
    Copy,
    Delegate,
    Recall,
    Reject,
    SendBack,
    Terminate,
    Transfer,
    Urge,
)
from services.review.reviews.model.context import CommandContext, Handing, Outcome
from services.review.reviews.model.procedure.procedure import PREVIOUS
from services.review.reviews.model.review import Copied

MOST_COPIES = 200
MOST_HANDINGS = 50
"""In one run: a review is one document of the database and must stay small."""


def send_back(context: CommandContext, command: SendBack) -> Outcome:
    """To any of the earlier steps that the procedure allows."""
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


def reject(context: CommandContext, command: Reject) -> Outcome:
    """End the review where the step may."""
    context.require_charge()
    if not context.step.may_reject:
        raise Refused(
            "reject.not_here",
            zh=f"环节“{context.step.title}”不能直接驳回，由表决或后续环节决定。",
            en=f"The step “{context.step.title_en}” may not reject; a vote or a later step decides.",
        )
    return Outcome(context.run, "reject", reason=command.reason)


def recall(context: CommandContext, command: Recall) -> Outcome:
    """Take it back, by who submitted it."""
    if context.by != context.review.drafter:
        raise Forbidden("recall.not_submitter", zh="只有提交人可以撤回。", en="Only who submitted may recall.")
    return Outcome(context.run, "recall", reason=command.reason)


def terminate(context: CommandContext, command: Terminate) -> Outcome:
    """End it from outside."""
    holders = context.holders
    if context.by not in (*holders.work_department, *holders.role_holders, *holders.administrators):
        raise Forbidden(
            "terminate.not_office",
            zh="只有党委工作部或管理员可以终止审核。",
            en="Only the Party work department or an administrator may terminate a review.",
        )
    return Outcome(context.run, "terminate", reason=command.reason)


def transfer(context: CommandContext, command: Transfer) -> Outcome:
    """Somebody else is in charge from now on, instead of this person or of who they are the proxy of."""
    context.require_charge()
    giver = context.behalf or context.by
    if giver not in context.in_charge:
        raise Refused(
            "transfer.by_role",
            zh="您凭系统角色办理，没有可以转办的待办。",
            en="You act by a role of your token: there is no duty of yours to hand over.",
        )
    if command.to in context.in_charge:
        raise Refused("transfer.in_charge", zh="此人已是承办人。", en="They are in charge already.", field="/to")
    return _handed(context, giver, command)


def delegate(context: CommandContext, command: Delegate) -> Outcome:
    """Ask somebody for an opinion before acting; one delegate at a time for each who asks."""
    giver = context.behalf or context.by
    if giver not in context.delegable:
        raise Forbidden(
            "delegate.no_duty",
            zh="您在本环节没有可以委派的职责（表决不能委派）。",
            en="You have no duty here that could be delegated; a vote never is.",
        )
    if command.to == giver or any(one.taker == command.to or one.giver == giver for one in context.delegations):
        raise Refused(
            "delegate.open",
            zh="已有尚未答复的委派，或此人正在办理委派。",
            en="An opinion is still awaited, from you or from them.",
            field="/to",
        )
    return _handed(context, giver, command)


def advise(context: CommandContext, command: Advise) -> Outcome:
    """The delegate's opinion; the duty is back with who asked."""
    asked = next((one for one in context.delegations if one.taker == context.by), None)
    if asked is None:
        raise Forbidden("advice.not_asked", zh="没有等待您答复的委派。", en="Nobody here waits for your opinion.")
    answered = asked.becomes(opinion=command.opinion, ended_at=context.at)
    handings = tuple(answered if one is asked else one for one in context.run.handings)
    return Outcome(context.run.becomes(handings=handings))


def _handed(context: CommandContext, giver: str, command: Transfer | Delegate) -> Outcome:
    if not context.may_take(command.to):
        raise Refused(
            "duty.own_text",
            zh="起草人及其支部答复人不得承办对本稿件的审核职责。",
            en="A drafter, or in a co-revision the branch's side, may not take over a duty on this text.",
            field="/to",
        )
    if len(context.run.handings) >= MOST_HANDINGS:
        raise Refused(
            "duty.handed_too_often",
            zh=f"一个环节中最多转办、委派 {MOST_HANDINGS} 次。",
            en=f"At most {MOST_HANDINGS} transfers and delegations in one visit.",
        )
    handing = Handing(kind=command.kind, giver=giver, taker=command.to, at=context.at, reason=command.reason)
    return Outcome(context.run.becomes(handings=(*context.run.handings, handing)))


def copy(context: CommandContext, command: Copy) -> Outcome:
    """Let people know of the review; they may see it from now on. Whoever takes part may."""
    review = context.review
    _require_part(context)
    known = {one.person for one in review.copies}
    fresh = [person for person in dict.fromkeys(command.to) if person not in known]
    if not fresh:
        raise Refused("copy.known", zh="这些人员均已抄送。", en="All of them have a copy already.", field="/to")
    if len(known) + len(fresh) > MOST_COPIES:
        raise Refused(
            "copy.too_many", zh=f"最多抄送 {MOST_COPIES} 人。", en=f"At most {MOST_COPIES} people get a copy."
        )
    copies = tuple(Copied(person=person, by=context.by, at=context.at) for person in fresh)
    fact = ReviewCopied(**review.label, people=fresh, copied_by=context.by, note=command.note)
    return Outcome(context.run, copies=copies, facts=[fact])


def urge(context: CommandContext, command: Urge) -> Outcome:
    """Remind those who are waited for; not again before the step's hours have passed."""
    review, run = context.review, context.run
    _require_part(context)
    pause, last = timedelta(hours=context.step.urge_hours), run.urged_at
    if last is not None and context.at - last < pause:
        hours = context.step.urge_hours
        raise Refused(
            "urge.too_soon",
            zh=f"{hours} 小时内只能催办一次，上次催办：{last:%Y-%m-%d %H:%M} UTC。",
            en=f"Once in {hours} hours; the last urge was at {last:%Y-%m-%d %H:%M} UTC.",
        )
    waited_for = [task.person for task in review.tasks if task.state == "open" and task.person != context.by]
    if not waited_for:
        raise Refused("urge.nobody", zh="除您之外没有等待办理的人员。", en="The review waits for nobody but you.")
    fact = StepUrged(
        **review.label,
        step=run.step,
        round=run.round,
        due=run.due_at,
        people=waited_for,
        urged_by=context.by,
        note=command.note,
    )
    return Outcome(run.becomes(urged_at=context.at), facts=[fact])


def _require_part(context: CommandContext) -> None:
    """Raise ``Forbidden`` unless this person drafted, holds a post or role here, or was asked in."""
    holders, review = context.holders, context.review
    by_role = context.by in (*holders.role_holders, *holders.administrators)
    in_charge = context.in_charge if review.live is not None else ()
    if not (
        context.by in (*review.drafters, *in_charge)
        or holders.officer(context.by)
        or by_role
        or review.involves(context.by)
    ):
        raise Forbidden(
            "review.no_part",
            zh="只有起草人、相关组织的任职人员或被邀参与者可以抄送、催办。",
            en="Only drafters, holders of posts here, and those who were asked in may copy and urge.",
        )


OPERATIONS: Final[Mapping[type[Command], Callable[[CommandContext, Any], Outcome]]] = {
    SendBack: send_back,
    Reject: reject,
    Recall: recall,
    Transfer: transfer,
    Delegate: delegate,
    Advise: advise,
    Copy: copy,
    Urge: urge,
    Terminate: terminate,
}
"""What is made of these, whatever the kind of the running step."""
ALWAYS: Final = (Copy, Urge, Terminate)
"""Those that may be given while the pen is with the drafter."""
