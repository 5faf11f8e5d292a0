"""The online vote (网络投票): a wide body votes in secret until the deadline, or until whoever runs it closes it.

Who may vote is fixed on the day it opens. Until it is over only how many have voted is told, so that nobody votes with
the others; how somebody voted is never shown.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, NotYet, Refused
from services.review.reviews.model.commands import Choice, Command, Route
from services.review.reviews.model.context import Cast, CommandContext, Duties, Outcome, Rehearsal, Step, StepRun, Tally
from services.review.reviews.model.explain.page import Reason, Requirement, votes
from services.review.reviews.model.procedure.bodies import Base
from services.review.reviews.model.steps.kind import Kind, Rule, Viewer, none_left, share_of
from services.review.shared.role_holders import people

MOST_VOTERS = 2000
"""A review is one document of the database, and each voter has a to-do in it."""


class Polling(StepRun):
    """A wide body votes; ``voters`` are those of the day on which it opened. Who voted how is shown to nobody."""

    kind: Literal["poll"] = "poll"
    voters: tuple[str, ...]
    votes: tuple[Cast, ...] = ()

    @property
    def silent(self) -> tuple[str, ...]:
        """Who may still vote."""
        voted = {vote.by for vote in self.votes}
        return tuple(voter for voter in self.voters if voter not in voted)

    @property
    def figures(self) -> dict[Base, int]:
        """The bodies that a quorum or a majority may be a part of."""
        voters = len(self.voters)
        return {"expected": voters, "members": voters, "voters": voters, "present": len(self.votes)}


class PollView(Polling):
    """A poll as one reader sees it: how many have voted, and how they voted once it is over; never who and how."""

    counts: dict[str, int]


class PollVote(Command, duty=True, stays=True):
    """Somebody who is entitled votes, once and in secret."""

    kind: Literal["poll_vote"] = "poll_vote"
    route: ClassVar = Route("/poll/votes", "网络投票（保密，一人一次） Vote online, in secret, once", {"choice": "for"})
    shown: ClassVar = "never"
    choice: Choice = Field(description="赞成、反对、弃权 / For, against, abstain")


class ClosePoll(Command, duty=True, leading=True):
    """Whoever runs the vote ends it; ``close`` does not wait for those who have not voted."""

    kind: Literal["close_poll"] = "close_poll"
    done: ClassVar = ("结束投票并计票", "closed the vote and counted")
    route: ClassVar = Route("/poll/closure", "结束投票，计票 Close the poll, count", {"close": True})
    close: bool = Field(default=False, description="不再等待未投票者 / Do not wait for those who have not voted")


def counted(context: CommandContext, run: Polling) -> Outcome:
    """What the votes come to when the poll is over; without a quorum it is lost."""
    (quorum, majority), figures = context.step.carried_by, run.figures
    cast, favour = len(run.votes), Tally.of(run.votes).in_favour
    words = f"应投 {len(run.voters)} 人，实投 {cast} 人，赞成 {favour} 人。"
    words_en = f"{favour} in favour of {cast} votes, {len(run.voters)} could vote."
    if quorum.met(cast, figures) and majority.met(favour, figures):
        return Outcome(run, "pass", reason=f"投票通过：{words} {words_en}")
    why = "投票未达法定人数" if not quorum.met(cast, figures) else "投票未通过"
    return context.lost(run, f"{why}：{words} {words_en}")


def _vote(context: CommandContext, run: Polling, command: PollVote) -> Outcome:
    if context.by not in run.voters:
        raise Forbidden(
            "vote.not_entitled", zh="您不在本次投票的名册上。", en="You are not on the roster of this vote."
        )
    if context.by not in run.silent:
        raise Refused("vote.twice", zh="您已投票，不能重复投票。", en="You have voted already.")
    vote = Cast(by=context.by, at=context.at, choice=command.choice)
    return Outcome(run.becomes(votes=(*run.votes, vote)))


def _close(context: CommandContext, run: Polling, command: ClosePoll) -> Outcome:
    context.require_charge()
    (quorum, _), cast = context.step.carried_by, len(run.votes)
    if not quorum.met(cast, run.figures):
        needed = quorum.needed(run.figures)
        raise Refused(
            "poll.no_quorum",
            zh=f"未达法定人数：至少 {needed} 人投票，实际 {cast} 人。",
            en=f"No quorum: at least {needed} must vote; {cast} did.",
        )
    if run.silent and not command.close:
        raise Refused(
            "poll.votes_missing",
            zh=f"还有 {len(run.silent)} 人未投票；确认不再等待请明确结束投票。",
            en=f"{len(run.silent)} have not voted; close the vote not to wait for them.",
            field="/close",
        )
    return counted(context, run)


class Poll(Kind[Polling]):
    """A wide body votes in secret."""

    labels: ClassVar = {"poll": "网络投票"}
    run: ClassVar = Polling
    view: ClassVar = PollView
    commands: ClassVar = {PollVote: _vote, ClosePoll: _close}
    tag: ClassVar = "网络投票 poll"
    shares: ClassVar = ("quorum", "majority")
    who: ClassVar = "voters"
    empty: ClassVar = ("poll.no_voters", "voters")

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> Polling:
        """The voters of today; raises ``NotYet`` when there are none, or more than one review can hold."""
        voters = people(context.holding(*step.voters))
        if not 0 < len(voters) <= MOST_VOTERS:
            raise NotYet(
                "poll.no_voters",
                zh=f"环节“{step.title}”今天有 {len(voters)} 人可投票，须为 1 至 {MOST_VOTERS} 人。",
                en=f"{len(voters)} could vote in the step “{step.title_en}” today; it must be 1 to {MOST_VOTERS}.",
            )
        return Polling(**common, voters=voters)

    def duties(self, context: CommandContext, run: Polling) -> Duties:
        """Voters vote; whoever is in charge runs it."""
        waiting: Duties = dict.fromkeys(run.silent, ("投票", "vote"))
        return waiting | dict.fromkeys(context.leading, ("组织投票", "run the vote"))

    def come(self, context: CommandContext, run: Polling) -> Outcome | None:
        """A poll is over at its deadline, not late."""
        return counted(context, run) if run.due_at is not None and run.due_at <= context.at else None

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """Who may vote."""
        yield (
            "voters",
            bool(step.voters) == mine and len(set(step.voters)) == len(step.voters),
            "投票环节须写明何人可投票且不重复，其他环节不写。",
            "a poll names who may vote, each role once; no other step does.",
        )

    def rehearse(self, rehearsal: Rehearsal, run: Polling, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Everybody votes alike, and it is closed."""
        choice: Choice = "for" if agreeing else "against"
        yield from ((one, PollVote(choice=choice)) for one in run.silent)
        yield rehearsal.lead, ClosePoll()

    def requirements(self, step: Step, run: Polling) -> tuple[Requirement, ...]:
        """How many have voted; how they voted only when it is over."""
        silent, favour = len(run.silent), Tally.of(run.votes).in_favour
        majority = step.majority if run.closed_at is not None else None
        return (
            *share_of("quorum", ("法定人数", "quorum"), step.quorum, len(run.votes), run.figures),
            *share_of("majority", ("赞成", "in favour"), majority, favour, run.figures),
            none_left("votes_missing", silent, (), (f"{silent} 人尚未投票", f"{silent} have not voted")),
        )

    def reasons(self, context: CommandContext, run: Polling, person: str, day: date) -> Iterator[Reason]:
        """A voter who has not voted."""
        if person in run.silent:
            day = day_of(run.opened_at)
            yield Reason(
                rule="voter", day=day, zh=f"{day} 可投票且尚未投票", en=f"may vote by the roster of {day}, and has not"
            )

    def figures(self, step: Step, run: Polling) -> Iterator[str]:
        """The votes."""
        yield f"网络投票应投 {len(run.voters)} 人，{votes(Tally.of(run.votes))}"

    def shown_to(self, viewer: Viewer, step: Step, run: Polling) -> PollView:
        """The figures; the roster is shown to those who see the whole area."""
        counts = {"voters": len(run.voters), "cast": len(run.votes)}
        if run.closed_at is not None:
            counts |= Tally.of(run.votes)._asdict()
        voters = tuple(voter for voter in run.voters if self.shows_waiting(viewer, voter))
        return PollView(**{**dict(run), "voters": voters, "votes": ()}, counts=counts)

    def shows_waiting(self, viewer: Viewer, person: str) -> bool:
        """Who may vote is shown to those who see the whole area."""
        return viewer.area or person == viewer.person
