"""Recording a meeting of the committee: who was there, who was not and why, its agenda, and which item is ours.

Minutes are recorded, never made up: what nobody recorded stays unknown (None), and what was recorded fits together.
"""

from collections.abc import Iterable

from infra.kernel.errors import Invalid, Refused
from services.review.reviews.model.commands import Convene
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.step_runs import Meeting, Resolving
from services.review.shared.role_holders import day_of, people


def convene(turn: CommandContext, visit: Resolving, move: Convene) -> Meeting:
    """The meeting as it was recorded, open or without its quorum; raises ``Refused`` and ``Invalid``."""
    _require_day(turn, visit, move)
    expected = turn.seats.committee_members
    _require_present(move, expected)
    leaving = tuple(leave.person for leave in move.on_leave or ())
    _require_leave(move, leaving, expected)
    _require_roles(move, expected)
    _require_repeated(visit, move)
    meeting = Meeting(
        **move.model_dump(exclude={"kind", "present", "on_leave"}),
        n=turn.review.meetings_held + 1,
        expected=expected,
        present=people(move.present),
        on_leave=None if move.on_leave is None else tuple(sorted(move.on_leave, key=lambda leave: leave.person)),
        absent=None if move.on_leave is None else people(set(expected) - {*move.present, *leaving}),
    )
    quorum = turn.step.quorum
    assert quorum is not None  # noqa: S101 - a published resolution has one
    if quorum.met(len(meeting.present), meeting.figures):
        return meeting
    return meeting.becomes(state="no_quorum")


def _require_day(turn: CommandContext, visit: Resolving, move: Convene) -> None:
    if visit.open is not None:
        raise Refused(
            "meeting.open",
            zh=f"会议“{visit.open.number}”尚未形成决议。",
            en=f"The meeting “{visit.open.number}” is not resolved yet.",
        )
    if move.held_on > day_of(turn.at):
        raise Invalid(
            "meeting.in_future",
            zh="会议日期不能晚于今天。",
            en="A meeting is recorded when it was held, not before.",
            field="/held_on",
        )
    opened = day_of(visit.opened_at)
    if move.held_on < opened:
        raise Invalid(
            "meeting.before_step",
            zh=f"会议日期不能早于本环节开始之日（{opened}）。",
            en=f"The step began on {opened}: no earlier meeting could have decided on it.",
            field="/held_on",
        )


def _require_present(move: Convene, expected: tuple[str, ...]) -> None:
    strangers = [person for person in move.present if person not in expected]
    if strangers or len(set(move.present)) != len(move.present):
        names = ", ".join(strangers) or "twice"
        raise Invalid(
            "meeting.present",
            zh=f"到会人员须为当日党委委员且不重复：{', '.join(strangers) or '有重复'}。",
            en=f"Present may only be committee members of that day, each once: {names}.",
            field="/present",
        )


def _require_leave(move: Convene, leaving: tuple[str, ...], expected: tuple[str, ...]) -> None:
    """Who is on leave is expected, was not there, and is named once."""
    for place, person in enumerate(leaving):
        field = f"/on_leave/{place}/person"
        if person not in expected:
            raise Invalid(
                "meeting.leave_not_expected",
                zh=f"“{person}”当日不是党委委员，不属应到人员。",
                en=f"“{person}” is not on the committee that day, so was not expected.",
                field=field,
            )
        if person in move.present:
            raise Invalid(
                "meeting.present_and_on_leave",
                zh=f"“{person}”已列为到会，不能同时请假。",
                en=f"“{person}” was present, so not on leave.",
                field=field,
            )
        if person in leaving[:place]:
            raise _twice(person, field)


def _require_roles(move: Convene, expected: tuple[str, ...]) -> None:
    """The item is on the agenda, the chair was there, who attends without a vote has none and is named once."""
    if move.item is not None and move.item > len(move.agenda):
        raise Invalid(
            "meeting.item",
            zh=f"议程共 {len(move.agenda)} 项，没有第 {move.item} 项。",
            en=f"The agenda has {len(move.agenda)} items; there is no item {move.item}.",
            field="/item",
        )
    if move.chair is not None and move.chair not in move.present:
        raise Invalid(
            "meeting.chair_absent",
            zh=f"主持人“{move.chair}”不在到会委员之中。",
            en=f"The chair “{move.chair}” is not among the members present.",
            field="/chair",
        )
    attendees = move.non_voting_attendees or ()
    for place, person in enumerate(attendees):
        field = f"/non_voting_attendees/{place}"
        if person in expected:
            raise Invalid(
                "meeting.attendee_votes",
                zh=f"“{person}”当日是党委委员，应列为到会、请假或缺席，不是列席。",
                en=f"“{person}” is on the committee that day: present, on leave or absent, never a guest.",
                field=field,
            )
        if person in attendees[:place]:
            raise _twice(person, field)


def _require_repeated(visit: Resolving, move: Convene) -> None:
    """What is repeated is an earlier meeting of this step that had no quorum."""
    if move.repeats is None:
        return
    missed = {meeting.n: meeting for meeting in visit.meetings if meeting.state == "no_quorum"}
    if move.repeats not in missed:
        raise Invalid(
            "meeting.not_repeatable",
            zh=f"本环节没有未达法定人数的第 {move.repeats} 次会议{_known(missed)}。",
            en=f"This step has no meeting {move.repeats} without a quorum.",
            field="/repeats",
        )
    if move.held_on < missed[move.repeats].held_on:
        raise Invalid(
            "meeting.before_repeated",
            zh=f"重新召开的会议不能早于原会议（{missed[move.repeats].held_on}）。",
            en=f"It repeats a meeting of {missed[move.repeats].held_on} and cannot be earlier.",
            field="/held_on",
        )


def _known(missed: Iterable[int]) -> str:
    numbers = "、".join(map(str, missed))
    return f"（未达法定人数的有：{numbers}）" if numbers else ""


def _twice(person: str, field: str) -> Invalid:
    return Invalid("meeting.named_twice", zh=f"“{person}”重复列出。", en=f"“{person}” is named twice.", field=field)
