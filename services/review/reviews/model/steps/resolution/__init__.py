"""The committee's resolution: meetings with agenda, presence and votes; without a quorum a meeting decides nothing.

Expected are the committee's members on the day of the meeting. Minutes are recorded, never made up: who was present
votes by themselves.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.events.value_objects import Resolution
from services.review.reviews.model.commands import Choice, Command, Route
from services.review.reviews.model.context import Cast, CommandContext, Duties, Outcome, Rehearsal, Step, Tally
from services.review.reviews.model.explain.page import Reason, Requirement, day, votes
from services.review.reviews.model.procedure.bodies import Base
from services.review.reviews.model.steps.kind import Kind, Rule, none_left, share_of
from services.review.reviews.model.steps.resolution.meeting import Convene, Meeting, Resolving, convene
from services.review.shared.text_types import Line

MEETINGS = {"open": "正在表决", "no_quorum": "未达到法定人数", "carried": "通过", "not_carried": "未通过"}


class Ballot(Command, duty=True, stays=True):
    """A committee member who was present votes, or stands back for being too close to the matter."""

    kind: Literal["ballot"] = "ballot"
    done: ClassVar = ("会议表决", "voted in the meeting")
    route: ClassVar = Route(
        "/meetings/{n}/votes", "会议表决（本人） Vote in the meeting, by oneself", {"choice": "for"}, number="meeting"
    )
    meeting: int
    choice: Choice | Literal["recuse"] = Field(
        description="赞成、反对、弃权或回避 / For, against, abstain or stand back"
    )


class Resolve(Command, duty=True, leading=True):
    """The meeting's votes become a numbered resolution; ``close`` does not wait for those who did not vote."""

    kind: Literal["resolve"] = "resolve"
    done: ClassVar = ("形成决议", "recorded the resolution")
    route: ClassVar = Route(
        "/meetings/{n}/resolution",
        "形成决议 Make the votes a resolution",
        {"number": "党委决议〔2026〕3号"},
        number="meeting",
    )
    meeting: int
    number: Line = Field(description="决议文号 / The resolution's number")
    close: bool = Field(default=False, description="不再等待未表决者 / Do not wait for those who have not voted")


def _convene(context: CommandContext, run: Resolving, command: Convene) -> Outcome:
    context.require_charge()
    meeting = convene(context, run, command)
    return Outcome(run.becomes(meetings=(*run.meetings, meeting)), made=meeting.n)


def _ballot(context: CommandContext, run: Resolving, command: Ballot) -> Outcome:
    meeting = _running(run, command.meeting)
    if context.by not in meeting.present:
        raise Forbidden(
            "vote.not_entitled",
            zh="您没有表决权：只有到会的党委委员可以表决。",
            en="You may not vote: only committee members who were present may.",
        )
    if context.by not in meeting.silent:
        raise Refused("vote.twice", zh="您已表决，不能重复表决。", en="You have voted already.")
    vote = Cast(by=context.by, at=context.at, choice=command.choice)
    return Outcome(_with(run, meeting.becomes(votes=(*meeting.votes, vote))))


def _resolve(context: CommandContext, run: Resolving, command: Resolve) -> Outcome:
    context.require_charge()
    meeting = _running(run, command.meeting)
    if meeting.silent and not command.close:
        raise Refused(
            "meeting.votes_missing",
            zh=f"还有 {len(meeting.silent)} 位到会委员未表决；确认不再等待请明确结束表决。",
            en=f"{len(meeting.silent)} of those present have not voted; close the vote not to wait for them.",
            field="/close",
        )
    figures, tally = meeting.figures, Tally.of(meeting.votes)
    recorded = {"number": command.number, "meeting": meeting.number, "held_on": meeting.held_on}
    resolution = Resolution.model_validate({**figures, **tally._asdict(), **recorded})
    _, majority = context.step.carried_by
    if majority.met(tally.in_favour, figures):
        carried = meeting.becomes(state="carried", resolution=resolution)
        return Outcome(_with(run, carried), "pass", resolution=resolution)
    base, needed = figures[majority.of], majority.needed(figures)
    reason = (
        f"党委会表决未通过：{base} 人中须 {needed} 人赞成，实际 {tally.in_favour} 人（决议 {command.number}）。"
        f" {tally.in_favour} of {base} in favour, {needed} needed."
    )
    lost = meeting.becomes(state="not_carried", resolution=resolution)
    return context.lost(_with(run, lost), reason)


def _running(run: Resolving, n: int) -> Meeting:
    found = next((meeting for meeting in run.meetings if meeting.n == n), None)
    if found is None:
        raise Invalid("meeting.unknown", zh=f"本环节没有第 {n} 次会议。", en=f"This step has no meeting {n}.")
    if found.state != "open":
        raise Refused(
            "meeting.closed",
            zh="该次会议未达法定人数或已形成决议。",
            en="This meeting had no quorum, or is resolved already.",
        )
    return found


def _with(run: Resolving, meeting: Meeting) -> Resolving:
    return run.becomes(meetings=tuple(meeting if one.n == meeting.n else one for one in run.meetings))


class CommitteeResolution(Kind[Resolving]):
    """The committee meets until it has resolved."""

    labels: ClassVar = {"resolution": "会议决议"}
    run: ClassVar = Resolving
    commands: ClassVar = {Convene: _convene, Ballot: _ballot, Resolve: _resolve}
    tag: ClassVar = "党委会审定 resolution"
    bars_drafters: ClassVar = False
    shares: ClassVar = ("quorum", "majority")
    stuck: ClassVar = "trial.no_quorum"
    level: ClassVar = "committee_member"

    def duties(self, context: CommandContext, run: Resolving) -> Duties:
        """Those present vote; whoever is in charge convenes, and records the resolution."""
        meeting = run.open
        if meeting is None:
            return dict.fromkeys(context.leading, ("召集会议", "convene the meeting"))
        waiting: Duties = dict.fromkeys(meeting.silent, ("表决", "vote"))
        recording: Duties = dict.fromkeys(context.leading, ("记录决议", "record the resolution"))
        return recording | waiting

    def rules(self, step: Step, *, mine: bool) -> Iterator[Rule]:
        """Its quorum is a part of those expected."""
        yield (
            "quorum",
            not mine or step.quorum is None or step.quorum.of != "voters",
            "会议的法定人数须以应到人数为基数。",
            "a meeting's quorum is a part of those expected; of those who came, anybody would do.",
        )

    def rehearse(self, rehearsal: Rehearsal, run: Resolving, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Everybody comes and votes alike."""
        present, n = rehearsal.holders.committee_members, rehearsal.review.meetings_held + 1
        held_on, choice = day_of(rehearsal.at), "for" if agreeing else "against"
        yield rehearsal.lead, Convene(number="1", held_on=held_on, agenda=("trial",), present=present)
        if rehearsal.live.meetings[-1].state == "open":
            yield from ((one, Ballot.model_validate({"meeting": n, "choice": choice})) for one in present)
            yield rehearsal.lead, Resolve(meeting=n, number="1")

    def passes_with(self, context: CommandContext, run: Resolving) -> str | None:
        """The votes in favour that carry it when the whole committee comes."""
        body, majority = len(context.holders.committee_members), context.step.majority
        bases: dict[Base, int] = {"expected": body, "members": body, "present": body, "voters": body}
        return f"{majority.needed(bases)} / {body}" if majority else None

    def requirements(self, step: Step, run: Resolving) -> tuple[Requirement, ...]:
        """A meeting with its quorum, a majority, and all votes."""
        if not run.meetings:
            zh, en = "须召开并登记一次会议", "a meeting must be held and recorded"
            return (Requirement(rule="meeting", needed=1, count=0, fulfilled=False, zh=zh, en=en),)
        meeting = run.meetings[-1]
        quorum = share_of("quorum", ("到会", "present"), step.quorum, len(meeting.present), meeting.figures, meeting.n)
        if meeting.state == "no_quorum":
            return quorum
        favour, silent = Tally.of(meeting.votes).in_favour, len(meeting.silent)
        return (
            *quorum,
            *share_of("majority", ("赞成", "in favour"), step.majority, favour, meeting.figures, meeting.n),
            none_left(
                "votes_missing",
                silent,
                (meeting.n,),
                (f"{silent} 位到会委员尚未表决", f"{silent} present have not voted"),
            ),
        )

    def reasons(self, context: CommandContext, run: Resolving, person: str, day: date) -> Iterator[Reason]:
        """Somebody present who has not voted."""
        meeting = run.open
        if meeting is not None and person in meeting.silent:
            zh = f"{meeting.held_on} 会议“{meeting.number}”到会委员，尚未表决"
            en = f"present at the meeting “{meeting.number}” of {meeting.held_on}, has not voted"
            yield Reason(rule="present", day=meeting.held_on, zh=zh, en=en)

    def figures(self, step: Step, run: Resolving) -> Iterator[str]:
        """Each meeting with its votes."""
        for one in run.meetings:
            number = f"，决议文号 {one.resolution.number}" if one.resolution else ""
            there = f"应到 {len(one.expected)} 人，实到 {len(one.present)} 人，{votes(Tally.of(one.votes))}"
            yield f"会议“{one.number}”（{day(one.held_on)}）：{there}，{MEETINGS[one.state]}{number}"

    def named(self, run: Resolving) -> Iterable[str | None]:
        """Who was expected, attended, presided or took the minutes."""
        for one in run.meetings:
            yield from (*one.expected, *(one.non_voting_attendees or ()), one.chair, one.recorder)
