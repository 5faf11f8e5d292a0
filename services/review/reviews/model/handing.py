"""Handing a duty on: a transfer gives it away, a delegate is asked for an opinion and the duty comes back.

A vote, a ballot and a signature are personal and never handed over. Whoever takes a duty is no drafter of the text,
and in a co-revision not of the branch that answers. A duty belongs to a post: when its holder loses the post, what
was taken over from them lapses, and the next holder is in charge.
"""

from collections.abc import Collection

from infra.kernel.errors import Forbidden, Refused
from services.review.reviews.model.context import CommandContext, Duties, Outcome, may_take
from services.review.reviews.model.operations import Advise, Delegate, Transfer
from services.review.reviews.model.publicity import awaited_approvers
from services.review.reviews.model.signing import awaited
from services.review.reviews.model.step_run import Handing
from services.review.reviews.model.step_runs import Noticing, Signing

MOST_HANDINGS = 50
"""In one visit: a review is one document of the database and must stay small."""


def transfer(turn: CommandContext, move: Transfer) -> Outcome:
    """Somebody else is in charge from now on, instead of this person or of who they are the proxy of."""
    turn.require_charge()
    giver = turn.behalf or turn.by
    if giver not in turn.in_charge:
        raise Refused(
            "transfer.by_role",
            zh="您凭系统角色办理，没有可以转办的待办。",
            en="You act by a role of your token: there is no duty of yours to hand over.",
        )
    if move.to in turn.in_charge:
        raise Refused("transfer.in_charge", zh="此人已是承办人。", en="They are in charge already.", field="/to")
    return _handed(turn, Handing(kind="transfer", giver=giver, taker=move.to, at=turn.at, reason=move.reason))


def delegate(turn: CommandContext, move: Delegate) -> Outcome:
    """Ask somebody for an opinion before acting; one delegate at a time for each who asks."""
    giver = turn.behalf or turn.by
    if giver not in _acting(turn):
        raise Forbidden(
            "delegate.no_duty",
            zh="您在本环节没有可以委派的职责（表决不能委派）。",
            en="You have no duty here that could be delegated; a vote never is.",
        )
    if move.to == giver or any(one.taker == move.to or one.giver == giver for one in _open(turn)):
        raise Refused(
            "delegate.open",
            zh="已有尚未答复的委派，或此人正在办理委派。",
            en="An opinion is still awaited, from you or from them.",
            field="/to",
        )
    return _handed(turn, Handing(kind="delegate", giver=giver, taker=move.to, at=turn.at, reason=move.reason))


def advise(turn: CommandContext, move: Advise) -> Outcome:
    """The delegate's opinion; the duty is back with who asked."""
    asked = next((one for one in _open(turn) if one.taker == turn.by), None)
    if asked is None:
        raise Forbidden("advice.not_asked", zh="没有等待您答复的委派。", en="Nobody here waits for your opinion.")
    answered = asked.becomes(opinion=move.opinion, ended_at=turn.at)
    handings = tuple(answered if one is asked else one for one in turn.visit.handings)
    return Outcome(turn.visit.becomes(handings=handings))


def advising(turn: CommandContext) -> Duties:
    """The delegates who are waited for: those asked by somebody who still has the duty."""
    asked = [one.taker for one in _open(turn) if one.giver in _acting(turn)]
    return dict.fromkeys(asked, ("答复委派", "give the opinion asked for"))


def standing_in(turn: CommandContext, waited_for: Collection[str]) -> Duties:
    """The proxies of those who are waited for and absent; never for a vote, nor for the drafter's pen."""
    if turn.step.kind == "draft":
        return {}
    visit, found = turn.visit, Duties()
    signing = awaited(turn, visit) if isinstance(visit, Signing) else ()
    approving = awaited_approvers(turn, visit) if isinstance(visit, Noticing) else ()
    for person in dict.fromkeys((*turn.leading, *signing, *approving)):
        proxy = turn.seats.proxy_of(person)
        if person in approving and isinstance(visit, Noticing) and proxy in visit.notice.reviewers:
            continue  # who reviewed a notice approves it for nobody
        if person in waited_for and proxy is not None and may_take(turn.review, turn.step, turn.seats, proxy):
            found[proxy] = (f"代{person}办理", f"act for {person}")
    return found


def _acting(turn: CommandContext) -> tuple[str, ...]:
    """Who has a duty that is not a personal vote."""
    visit = turn.visit
    return (*turn.in_charge, *(awaited(turn, visit) if isinstance(visit, Signing) else ()))


def _open(turn: CommandContext) -> list[Handing]:
    return [one for one in turn.visit.handings if one.kind == "delegate" and one.ended_at is None]


def _handed(turn: CommandContext, handing: Handing) -> Outcome:
    if not may_take(turn.review, turn.step, turn.seats, handing.taker):
        raise Refused(
            "duty.own_text",
            zh="起草人及其支部答复人不得承办对本稿件的审核职责。",
            en="A drafter, or in a co-revision the branch's side, may not take over a duty on this text.",
            field="/to",
        )
    if len(turn.visit.handings) >= MOST_HANDINGS:
        raise Refused(
            "duty.handed_too_often",
            zh=f"一个环节中最多转办、委派 {MOST_HANDINGS} 次。",
            en=f"At most {MOST_HANDINGS} transfers and delegations in one visit.",
        )
    return Outcome(turn.visit.becomes(handings=(*turn.visit.handings, handing)))
