"""The branch discussion: opinions with their fate, one vote for each full member, quorum by its first day's roster.

The rule of a members' meeting: voters of more than the quorum take part, and more than the majority of those entitled
is in favour (the shares themselves are the procedure's data).
"""

from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.reviews.model.commands import CloseDiscussion, Command, Opine, Rule, Vote
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.document import look
from services.review.reviews.model.procedure import Share
from services.review.reviews.model.step_run import Cast, Tally
from services.review.reviews.model.step_runs import Discussing, Opinion, Ruling

MOST_OPINIONS = 50
"""Of one person in one discussion: a review is one document of the database and must stay small."""


def decide(turn: CommandContext, visit: Discussing, move: Command) -> Outcome:
    """Give an opinion, rule on one, vote, or close."""
    match move:
        case Opine():
            return _opine(turn, visit, move)
        case Rule():
            return _rule(turn, visit, move)
        case Vote():
            return _vote(turn, visit, move)
        case CloseDiscussion():
            return _close(turn, visit, move)
        case _:
            raise turn.not_here(move)


def duties(turn: CommandContext, visit: Discussing) -> Duties:
    """Each voter votes; whoever is in charge rules on the opinions and closes."""
    voted = {vote.by for vote in visit.votes}
    waiting: Duties = {voter: ("表决", "vote") for voter in visit.voters if voter not in voted}
    return waiting | dict.fromkeys(turn.leading, ("主持讨论", "chair the discussion"))


def _opine(turn: CommandContext, visit: Discussing, move: Opine) -> Outcome:
    if turn.by not in visit.members:
        raise Forbidden(
            "opinion.not_member",
            zh="您不在本次讨论的党员名册上。",
            en="You are not on the roster of this discussion.",
        )
    if sum(opinion.by == turn.by for opinion in visit.opinions) >= MOST_OPINIONS:
        raise Refused(
            "opinion.too_many",
            zh=f"每人在一次讨论中最多提出 {MOST_OPINIONS} 条意见。",
            en=f"One person gives at most {MOST_OPINIONS} opinions in one discussion.",
        )
    if move.path is not None:
        look(turn.review.document, move.path)
    n = len(turn.review.opinions) + 1
    opinion = Opinion(n=n, by=turn.by, at=turn.at, text=move.text, path=move.path)
    return Outcome(visit.becomes(opinions=(*visit.opinions, opinion)), made=n)


def _rule(turn: CommandContext, visit: Discussing, move: Rule) -> Outcome:
    turn.require_charge()
    found = next((opinion for opinion in visit.opinions if opinion.n == move.opinion), None)
    if found is None:
        raise Invalid(
            "opinion.unknown",
            zh=f"本次讨论中没有第 {move.opinion} 条意见。",
            en=f"There is no opinion {move.opinion} in this discussion.",
        )
    if found.ruling is not None:
        raise Refused("opinion.ruled", zh="该意见已作出采纳与否的决定。", en="This opinion was ruled on already.")
    ruling = Ruling(adopted=move.adopted, reason=move.reason, by=turn.by, at=turn.at)
    opinions = tuple(found.becomes(ruling=ruling) if one is found else one for one in visit.opinions)
    return Outcome(visit.becomes(opinions=opinions))


def _vote(turn: CommandContext, visit: Discussing, move: Vote) -> Outcome:
    if turn.by not in visit.voters:
        raise Forbidden(
            "vote.not_entitled",
            zh="您没有表决权：只有名册上的正式党员可以表决。",
            en="You may not vote: only full members on the roster of this discussion may.",
        )
    if any(vote.by == turn.by for vote in visit.votes):
        raise Refused("vote.twice", zh="您已表决，不能重复表决。", en="You have voted already.")
    vote = Cast(by=turn.by, at=turn.at, choice=move.choice)
    return Outcome(visit.becomes(votes=(*visit.votes, vote)))


def _close(turn: CommandContext, visit: Discussing, move: CloseDiscussion) -> Outcome:
    turn.require_charge()
    unruled = [str(opinion.n) for opinion in visit.opinions if opinion.ruling is None]
    if unruled:
        numbers = ", ".join(unruled)
        raise Refused(
            "discussion.opinions_open",
            zh=f"还有意见未作出采纳与否的决定：{numbers}。",
            en=f"Not yet ruled on: opinions {numbers}.",
        )
    quorum, majority, figures = turn.step.quorum, turn.step.majority, visit.figures
    assert quorum is not None  # noqa: S101 - a published discussion has both
    assert majority is not None  # noqa: S101
    cast, favour = len(visit.votes), Tally.of(visit.votes).in_favour
    if not quorum.met(cast, figures):
        base, needed = figures[quorum.of], quorum.needed(figures)
        raise Refused(
            "discussion.no_quorum",
            zh=f"未达法定人数：应有 {base} 人，至少 {needed} 人表决，实际 {cast} 人。",
            en=f"No quorum: of {base}, at least {needed} must vote; {cast} did.",
        )
    if not move.close and _may_turn(majority, favour, visit):
        voters, silent = len(visit.voters), len(visit.voters) - cast
        raise Refused(
            "discussion.votes_missing",
            zh=f"{voters} 名正式党员中还有 {silent} 人未表决，可能改变结果；确认不再等待请明确结束表决。",
            en=f"{silent} of {voters} have not voted and could turn the result; close the vote not to wait for them.",
            field="/close",
        )
    if majority.met(favour, figures):
        return Outcome(visit, "pass")
    base, needed = figures[majority.of], majority.needed(figures)
    reason = (
        f"表决未通过：{base} 人中须 {needed} 人赞成，实际 {favour} 人。 {favour} of {base} in favour, {needed} needed."
    )
    return Outcome(visit, "back", to=turn.step.on_not_carried, lost=True, reason=reason)


def _may_turn(majority: Share, favour: int, visit: Discussing) -> bool:
    """Whether the votes not yet cast could change the result: all in favour what is lost, none what is carried."""
    figures = visit.figures
    silent = len(visit.voters) - len(visit.votes)
    everybody = {**figures, "present": figures["present"] + silent}
    if majority.met(favour, figures):
        return not majority.met(favour, everybody)
    return majority.met(favour + silent, everybody)
