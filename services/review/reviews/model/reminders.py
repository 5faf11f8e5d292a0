"""Copies and urges: who else is to know of a review, and reminding those whom it waits for. They change no step."""

from datetime import timedelta

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden, Refused
from services.review.events.published.reviews import ReviewCopied, StepUrged
from services.review.reviews.model.commands import Copy, Urge
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.review import Copied, Review

MOST_COPIES = 200


def copy(context: CommandContext, command: Copy) -> Decision[Review]:
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
    return review.becomes(copies=(*review.copies, *copies)), [fact]


def urge(context: CommandContext, command: Urge) -> Decision[Review]:
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
    return review.becomes(runs=(*review.runs[:-1], run.becomes(urged_at=context.at))), [fact]


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
