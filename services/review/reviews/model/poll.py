"""The online vote (网络投票): a wide body votes in secret until the deadline, or until whoever runs it closes it.

Who may vote is fixed on the day it opens. Until it is over only how many have voted is told, so that nobody votes with
the others; how somebody voted is never shown.
"""

from infra.kernel.errors import Forbidden, NotYet, Refused
from services.review.reviews.model.commands import Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome, holders
from services.review.reviews.model.panels import Polling
from services.review.reviews.model.procedure import Step
from services.review.reviews.model.scores import ClosePoll, PollVote
from services.review.reviews.model.step_run import Cast, StepRun, Tally
from services.review.shared.role_holders import people

MOST_VOTERS = 2000
"""A review is one document of the database, and each voter has a to-do in it."""


def begun(turn: CommandContext, step: Step, base: StepRun) -> Polling:
    """The voters of today; raises ``NotYet`` when there are none, or more than one review can hold."""
    voters = people(person for role in step.voters for person in holders(role, turn.review, turn.seats))
    if not 0 < len(voters) <= MOST_VOTERS:
        raise NotYet(
            "poll.no_voters",
            zh=f"环节“{step.title}”今天有 {len(voters)} 人可投票，须为 1 至 {MOST_VOTERS} 人。",
            en=f"{len(voters)} could vote in the step “{step.title_en}” today; it must be 1 to {MOST_VOTERS}.",
        )
    return Polling(**dict(base), voters=voters)


def decide(turn: CommandContext, visit: Polling, move: Command) -> Outcome:
    """Vote, or close."""
    match move:
        case PollVote():
            return _vote(turn, visit, move)
        case ClosePoll():
            return _close(turn, visit, move)
        case _:
            raise turn.not_here(move)


def duties(turn: CommandContext, visit: Polling) -> Duties:
    """Voters vote; whoever is in charge runs it."""
    waiting: Duties = dict.fromkeys(visit.silent, ("投票", "vote"))
    return waiting | dict.fromkeys(turn.leading, ("组织投票", "run the vote"))


def counted(turn: CommandContext, visit: Polling) -> Outcome:
    """What the votes come to when the poll is over; without a quorum it is lost."""
    quorum, majority, figures = turn.step.quorum, turn.step.majority, visit.figures
    assert quorum is not None  # noqa: S101 - a published poll has both
    assert majority is not None  # noqa: S101
    cast, favour = len(visit.votes), Tally.of(visit.votes).in_favour
    words = f"应投 {len(visit.voters)} 人，实投 {cast} 人，赞成 {favour} 人。"
    words_en = f"{favour} in favour of {cast} votes, {len(visit.voters)} could vote."
    if quorum.met(cast, figures) and majority.met(favour, figures):
        return Outcome(visit, "pass", reason=f"投票通过：{words} {words_en}")
    why = "投票未达法定人数" if not quorum.met(cast, figures) else "投票未通过"
    return Outcome(visit, "back", to=turn.step.on_not_carried, lost=True, reason=f"{why}：{words} {words_en}")


def _vote(turn: CommandContext, visit: Polling, move: PollVote) -> Outcome:
    if turn.by not in visit.voters:
        raise Forbidden(
            "vote.not_entitled", zh="您不在本次投票的名册上。", en="You are not on the roster of this vote."
        )
    if turn.by not in visit.silent:
        raise Refused("vote.twice", zh="您已投票，不能重复投票。", en="You have voted already.")
    vote = Cast(by=turn.by, at=turn.at, choice=move.choice)
    return Outcome(visit.becomes(votes=(*visit.votes, vote)))


def _close(turn: CommandContext, visit: Polling, move: ClosePoll) -> Outcome:
    turn.require_charge()
    quorum, cast = turn.step.quorum, len(visit.votes)
    assert quorum is not None  # noqa: S101 - a published poll has one
    if not quorum.met(cast, visit.figures):
        needed = quorum.needed(visit.figures)
        raise Refused(
            "poll.no_quorum",
            zh=f"未达法定人数：至少 {needed} 人投票，实际 {cast} 人。",
            en=f"No quorum: at least {needed} must vote; {cast} did.",
        )
    if visit.silent and not move.close:
        raise Refused(
            "poll.votes_missing",
            zh=f"还有 {len(visit.silent)} 人未投票；确认不再等待请明确结束投票。",
            en=f"{len(visit.silent)} have not voted; close the vote not to wait for them.",
            field="/close",
        )
    return counted(turn, visit)
