"""The branch discussion: opinions with their fate, one vote for each full member, quorum by its first day's roster.

The rule of a members' meeting: voters of more than the quorum take part, and more than the majority of those entitled
is in favour (the shares themselves are the procedure's data). Who is a full member is shown only to those who may know.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, Invalid, NotYet, Refused
from services.review.events.value_objects import Stored
from services.review.reviews.model.commands import Choice, Command, Route
from services.review.reviews.model.context import Cast, CommandContext, Duties, Outcome, Rehearsal, Step, StepRun, Tally
from services.review.reviews.model.document import look
from services.review.reviews.model.explain.page import Reason, Requirement, measured, votes
from services.review.reviews.model.procedure.bodies import Base, Share
from services.review.reviews.model.steps.kind import Kind, Viewer, listed, none_left, share_of
from services.review.shared.text_types import Pointer, Words

MOST_OPINIONS = 50
"""Of one person in one discussion: a review is one document of the database and must stay small."""
BODIES: dict[Base, str] = {
    "expected": "应到党员人数",
    "members": "应到党员人数",
    "voters": "有表决权党员人数",
    "present": "参加表决人数",
}


class Ruling(Stored):
    """What became of an opinion, and why."""

    adopted: bool
    reason: str
    by: str
    at: datetime


class Opinion(Stored):
    """What a member said in the discussion; ``n`` counts through the whole review."""

    n: int
    by: str
    at: datetime
    text: str
    path: str | None = None
    ruling: Ruling | None = None


class Discussing(StepRun):
    """The branch discusses; ``members`` and ``voters`` are the roster of the day on which it opened."""

    kind: Literal["discussion"] = "discussion"
    members: tuple[str, ...]
    voters: tuple[str, ...]
    opinions: tuple[Opinion, ...] = ()
    votes: tuple[Cast, ...] = ()

    @property
    def figures(self) -> dict[Base, int]:
        """The bodies that a quorum or a majority may be a part of."""
        members = len(self.members)
        return {"expected": members, "members": members, "voters": len(self.voters), "present": len(self.votes)}


class DiscussionView(Discussing):
    """A discussion as one reader sees it: the figures always, the roster and the votes as far as they may be seen."""

    counts: dict[str, int]


class Opine(Command, stays=True):
    """A member on the roster gives an opinion, on a place of the document or on the whole."""

    kind: Literal["opine"] = "opine"
    done: ClassVar = ("提出意见", "gave an opinion")
    route: ClassVar = Route(
        "/opinions", "提出意见 Give an opinion", {"text": "口号可以更短", "path": "/slogan"}, status=201
    )
    makes: ClassVar = "opinion"
    text: Words = Field(description="意见 / The opinion")
    path: Pointer | None = Field(default=None, description="所指位置（JSON Pointer） / The place it is about, optional")


class Rule(Command, leading=True, stays=True):
    """The chair adopts an opinion or does not, with a reason."""

    kind: Literal["rule"] = "rule"
    done: ClassVar = ("决定是否采纳意见", "ruled on an opinion")
    route: ClassVar = Route(
        "/opinions/{n}/ruling",
        "采纳或不采纳意见 Adopt an opinion or not",
        {"adopted": True, "reason": "更上口"},
        number="opinion",
    )
    opinion: int
    adopted: bool = Field(description="是否采纳 / Adopted or not")
    reason: Words = Field(description="理由 / Why")


class Vote(Command, duty=True, stays=True):
    """A full member on the roster votes, once."""

    kind: Literal["vote"] = "vote"
    done: ClassVar = ("表决", "voted")
    route: ClassVar = Route("/votes", "表决（正式党员，一人一次） Vote, full members, once", {"choice": "for"})
    shown: ClassVar = "names"
    choice: Choice = Field(description="赞成、反对、弃权 / For, against, abstain")


class CloseDiscussion(Command, duty=True, leading=True):
    """The chair closes the discussion; the votes decide. ``close`` does not wait for votes that could turn them."""

    kind: Literal["close_discussion"] = "close_discussion"
    done: ClassVar = ("结束讨论并计票", "closed the discussion and counted")
    route: ClassVar = Route("/discussion/closure", "结束讨论，计票 Close the discussion, count", {"close": True})
    close: bool = Field(default=False, description="不再等待未表决者 / Do not wait for those who have not voted")


def _opine(context: CommandContext, run: Discussing, command: Opine) -> Outcome:
    if context.by not in run.members:
        raise Forbidden(
            "opinion.not_member", zh="您不在本次讨论的党员名册上。", en="You are not on the roster of this discussion."
        )
    if sum(opinion.by == context.by for opinion in run.opinions) >= MOST_OPINIONS:
        raise Refused(
            "opinion.too_many",
            zh=f"每人在一次讨论中最多提出 {MOST_OPINIONS} 条意见。",
            en=f"One person gives at most {MOST_OPINIONS} opinions in one discussion.",
        )
    if command.path is not None:
        look(context.review.document, command.path)
    n = len(context.review.opinions) + 1
    opinion = Opinion(n=n, by=context.by, at=context.at, text=command.text, path=command.path)
    return Outcome(run.becomes(opinions=(*run.opinions, opinion)), made=n)


def _rule(context: CommandContext, run: Discussing, command: Rule) -> Outcome:
    context.require_charge()
    found = next((opinion for opinion in run.opinions if opinion.n == command.opinion), None)
    if found is None:
        raise Invalid(
            "opinion.unknown",
            zh=f"本次讨论中没有第 {command.opinion} 条意见。",
            en=f"There is no opinion {command.opinion} in this discussion.",
        )
    if found.ruling is not None:
        raise Refused("opinion.ruled", zh="该意见已作出采纳与否的决定。", en="This opinion was ruled on already.")
    ruling = Ruling(adopted=command.adopted, reason=command.reason, by=context.by, at=context.at)
    opinions = tuple(found.becomes(ruling=ruling) if one is found else one for one in run.opinions)
    return Outcome(run.becomes(opinions=opinions))


def _vote(context: CommandContext, run: Discussing, command: Vote) -> Outcome:
    if context.by not in run.voters:
        raise Forbidden(
            "vote.not_entitled",
            zh="您没有表决权：只有名册上的正式党员可以表决。",
            en="You may not vote: only full members on the roster of this discussion may.",
        )
    if any(vote.by == context.by for vote in run.votes):
        raise Refused("vote.twice", zh="您已表决，不能重复表决。", en="You have voted already.")
    vote = Cast(by=context.by, at=context.at, choice=command.choice)
    return Outcome(run.becomes(votes=(*run.votes, vote)))


def _close(context: CommandContext, run: Discussing, command: CloseDiscussion) -> Outcome:
    context.require_charge()
    unruled = [str(opinion.n) for opinion in run.opinions if opinion.ruling is None]
    if unruled:
        numbers = ", ".join(unruled)
        raise Refused(
            "discussion.opinions_open",
            zh=f"还有意见未作出采纳与否的决定：{numbers}。",
            en=f"Not yet ruled on: opinions {numbers}.",
        )
    (quorum, majority), figures = context.step.carried_by, run.figures
    cast, favour = len(run.votes), Tally.of(run.votes).in_favour
    if not quorum.met(cast, figures):
        base, needed = figures[quorum.of], quorum.needed(figures)
        raise Refused(
            "discussion.no_quorum",
            zh=f"未达法定人数：应有 {base} 人，至少 {needed} 人表决，实际 {cast} 人。",
            en=f"No quorum: of {base}, at least {needed} must vote; {cast} did.",
        )
    if not command.close and _may_turn(majority, favour, run):
        voters, silent = len(run.voters), len(run.voters) - cast
        raise Refused(
            "discussion.votes_missing",
            zh=f"{voters} 名正式党员中还有 {silent} 人未表决，可能改变结果；确认不再等待请明确结束表决。",
            en=f"{silent} of {voters} have not voted and could turn the result; close the vote not to wait for them.",
            field="/close",
        )
    if majority.met(favour, figures):
        return Outcome(run, "pass")
    base, needed = figures[majority.of], majority.needed(figures)
    reason = (
        f"表决未通过：{base} 人中须 {needed} 人赞成，实际 {favour} 人。 {favour} of {base} in favour, {needed} needed."
    )
    return context.lost(run, reason)


def _may_turn(majority: Share, favour: int, run: Discussing) -> bool:
    """Whether the votes not yet cast could change the result: all in favour what is lost, none what is carried."""
    figures = run.figures
    silent = len(run.voters) - len(run.votes)
    everybody = {**figures, "present": figures["present"] + silent}
    if majority.met(favour, figures):
        return not majority.met(favour, everybody)
    return majority.met(favour + silent, everybody)


class Discussion(Kind[Discussing]):
    """The branch discusses and votes."""

    labels: ClassVar = {"discussion": "讨论表决"}
    run: ClassVar = Discussing
    view: ClassVar = DiscussionView
    commands: ClassVar = {Opine: _opine, Rule: _rule, Vote: _vote, CloseDiscussion: _close}
    tag: ClassVar = "支部内部讨论 discussion"
    bars_drafters: ClassVar = False
    shares: ClassVar = ("quorum", "majority")
    level: ClassVar = "secretary"

    def begin(self, context: CommandContext, step: Step, common: dict[str, Any]) -> Discussing:
        """With the roster of today; raises ``NotYet`` when nobody on it could vote."""
        members, voters = context.holders.members, context.holders.voters
        if not voters:
            raise NotYet(
                "discussion.no_voters",
                zh="该党组织名册上今天没有有表决权的党员，无法讨论表决。",
                en="The roster of this organisation has no full member today: nobody could vote.",
            )
        return Discussing(**common, members=members, voters=voters)

    def duties(self, context: CommandContext, run: Discussing) -> Duties:
        """Each voter votes; whoever is in charge rules on the opinions and closes."""
        voted = {vote.by for vote in run.votes}
        waiting: Duties = {voter: ("表决", "vote") for voter in run.voters if voter not in voted}
        return waiting | dict.fromkeys(context.leading, ("主持讨论", "chair the discussion"))

    def rehearse(self, rehearsal: Rehearsal, run: Discussing, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Everybody votes alike, and the chair closes."""
        choice: Choice = "for" if agreeing else "against"
        yield from ((one, Vote(choice=choice)) for one in run.voters)
        yield rehearsal.lead, CloseDiscussion()

    def requirements(self, step: Step, run: Discussing) -> tuple[Requirement, ...]:
        """A quorum, a majority, all votes, and every opinion ruled on."""
        open_ones = tuple(opinion.n for opinion in run.opinions if opinion.ruling is None)
        silent, cast = len(run.voters) - len(run.votes), len(run.votes)
        return (
            *share_of("quorum", ("法定人数", "quorum"), step.quorum, cast, run.figures),
            *share_of("majority", ("赞成", "in favour"), step.majority, Tally.of(run.votes).in_favour, run.figures),
            none_left("votes_missing", silent, (), (f"{silent} 人尚未表决", f"{silent} have not voted")),
            none_left(
                "opinions_open",
                len(open_ones),
                open_ones,
                listed("未作出采纳决定的意见", "opinions not ruled on", open_ones),
            ),
        )

    def reasons(self, context: CommandContext, run: Discussing, person: str, day: date) -> Iterator[Reason]:
        """A voter who has not voted."""
        if person in run.voters and person not in {vote.by for vote in run.votes}:
            day = day_of(run.opened_at)
            zh, en = f"{day} 名册上有表决权且尚未表决", f"a voter on the roster of {day} who has not voted"
            yield Reason(rule="voter", day=day, zh=zh, en=en)

    def figures(self, step: Step, run: Discussing) -> Iterator[str]:
        """The roster, the votes and what became of the opinions."""
        tally, cast = Tally.of(run.votes), len(run.votes)
        expected, voters = len(run.members), len(run.voters)
        yield f"应到党员 {expected} 人，有表决权 {voters} 人，参加表决 {cast} 人，{votes(tally)}"
        yield f"法定人数为{measured(step.quorum, cast, run.figures, (BODIES, '表决'))}"
        yield f"通过规则为{measured(step.majority, tally.in_favour, run.figures, (BODIES, '赞成'))}"
        rulings = [one.ruling.adopted for one in run.opinions if one.ruling is not None]
        adopted, all_of_them = sum(rulings), len(run.opinions)
        left = all_of_them - len(rulings)
        yield f"意见 {all_of_them} 条，采纳 {adopted} 条，未采纳 {len(rulings) - adopted} 条，未作决定 {left} 条"

    def shown_to(self, viewer: Viewer, step: Step, run: Discussing) -> DiscussionView:
        """The figures, and of the roster what the reader may know."""
        counts = {"members": len(run.members), "voters": len(run.voters), **Tally.of(run.votes)._asdict()}
        return viewer.view(DiscussionView, run, counts, people=("members", "voters"), by=("votes",))

    def shows_waiting(self, viewer: Viewer, person: str) -> bool:
        """Who has to vote tells who is a full member."""
        return viewer.may_see(person)
