"""The committee's resolution: meetings with agenda, presence and votes; without a quorum a meeting decides nothing.

Expected are the committee's members on the day of the meeting. Minutes are recorded, never made up: who was present
votes by themselves.
"""

from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.events.value_objects import Resolution
from services.review.reviews.model.commands import Ballot, Command, Convene, Resolve
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.convening import convene
from services.review.reviews.model.step_run import Cast, Tally
from services.review.reviews.model.step_runs import Meeting, Resolving


def decide(turn: CommandContext, visit: Resolving, move: Command) -> Outcome:
    """Record a meeting, vote in it, or make its votes a resolution."""
    match move:
        case Convene():
            return _convene(turn, visit, move)
        case Ballot():
            return _ballot(turn, visit, move)
        case Resolve():
            return _resolve(turn, visit, move)
        case _:
            raise turn.not_here(move)


def duties(turn: CommandContext, visit: Resolving) -> Duties:
    """Those present vote; whoever is in charge convenes, and records the resolution."""
    meeting = visit.open
    if meeting is None:
        return dict.fromkeys(turn.leading, ("召集会议", "convene the meeting"))
    waiting: Duties = dict.fromkeys(meeting.silent, ("表决", "vote"))
    recording: Duties = dict.fromkeys(turn.leading, ("记录决议", "record the resolution"))
    return recording | waiting


def _convene(turn: CommandContext, visit: Resolving, move: Convene) -> Outcome:
    turn.require_charge()
    meeting = convene(turn, visit, move)
    return Outcome(visit.becomes(meetings=(*visit.meetings, meeting)), made=meeting.n)


def _ballot(turn: CommandContext, visit: Resolving, move: Ballot) -> Outcome:
    meeting = _running(visit, move.meeting)
    if turn.by not in meeting.present:
        raise Forbidden(
            "vote.not_entitled",
            zh="您没有表决权：只有到会的党委委员可以表决。",
            en="You may not vote: only committee members who were present may.",
        )
    if turn.by not in meeting.silent:
        raise Refused("vote.twice", zh="您已表决，不能重复表决。", en="You have voted already.")
    vote = Cast(by=turn.by, at=turn.at, choice=move.choice)
    return Outcome(_with(visit, meeting.becomes(votes=(*meeting.votes, vote))))


def _resolve(turn: CommandContext, visit: Resolving, move: Resolve) -> Outcome:
    turn.require_charge()
    meeting = _running(visit, move.meeting)
    if meeting.silent and not move.close:
        raise Refused(
            "meeting.votes_missing",
            zh=f"还有 {len(meeting.silent)} 位到会委员未表决；确认不再等待请明确结束表决。",
            en=f"{len(meeting.silent)} of those present have not voted; close the vote not to wait for them.",
            field="/close",
        )
    figures, tally = meeting.figures, Tally.of(meeting.votes)
    resolution = Resolution(
        number=move.number,
        meeting=meeting.number,
        held_on=meeting.held_on,
        expected=figures["expected"],
        present=figures["present"],
        in_favour=tally.in_favour,
        against=tally.against,
        abstained=tally.abstained,
    )
    majority = turn.step.majority
    assert majority is not None  # noqa: S101 - a published resolution has one
    if majority.met(tally.in_favour, figures):
        carried = meeting.becomes(state="carried", resolution=resolution)
        return Outcome(_with(visit, carried), "pass", resolution=resolution)
    base, needed = figures[majority.of], majority.needed(figures)
    reason = (
        f"党委会表决未通过：{base} 人中须 {needed} 人赞成，实际 {tally.in_favour} 人（决议 {move.number}）。"
        f" {tally.in_favour} of {base} in favour, {needed} needed."
    )
    lost = meeting.becomes(state="not_carried", resolution=resolution)
    return Outcome(_with(visit, lost), "back", to=turn.step.on_not_carried, lost=True, reason=reason)


def _running(visit: Resolving, n: int) -> Meeting:
    found = next((meeting for meeting in visit.meetings if meeting.n == n), None)
    if found is None:
        raise Invalid("meeting.unknown", zh=f"本环节没有第 {n} 次会议。", en=f"This step has no meeting {n}.")
    if found.state != "open":
        raise Refused(
            "meeting.closed",
            zh="该次会议未达法定人数或已形成决议。",
            en="This meeting had no quorum, or is resolved already.",
        )
    return found


def _with(visit: Resolving, meeting: Meeting) -> Resolving:
    return visit.becomes(meetings=tuple(meeting if one.n == meeting.n else one for one in visit.meetings))
