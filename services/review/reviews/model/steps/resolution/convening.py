"""Recording a meeting of the committee: who was there, who was not and why, its agenda, and which item is ours.

Minutes are recorded, never made up: what nobody recorded stays unknown (None), and what was recorded fits together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from services.review.reviews.model.commands import Command, Route
from services.review.reviews.model.context import CommandContext
from services.review.reviews.model.steps.resolution.meeting import Meeting, Recorded
from services.review.shared.role_holders import people

if TYPE_CHECKING:
    from services.review.reviews.model.steps.resolution import Resolving


class Convene(Recorded, Command, leading=True, stays=True):
    """A meeting of the committee was held."""

    kind: Literal["convene"] = "convene"
    done: ClassVar = ("登记会议", "recorded a meeting")
    makes: ClassVar = "meeting"
    route: ClassVar = Route(
        "/meetings",
        "登记会议 Record a meeting that was held",
        {
            "number": "党委会〔2026〕第5次",
            "held_on": "2026-03-02",
            "agenda": ["审定支部品牌"],
            "present": ["E2001", "E2002", "E2003"],
        },
        status=201,
    )

    @property
    def day(self) -> date:
        """The day on which it was held."""
        return self.held_on


def convene(context: CommandContext, run: Resolving, command: Convene) -> Meeting:
    """The meeting as it was recorded, open or without its quorum; raises ``Refused`` and ``Invalid``."""
    _require_day(context, run, command)
    expected = context.holders.committee_members
    _require_present(command, expected)
    leaving = tuple(leave.person for leave in command.on_leave or ())
    _require_leave(command, leaving, expected)
    _require_roles(command, expected)
    _require_repeated(run, command)
    meeting = Meeting(
        **command.model_dump(exclude={"kind", "present", "on_leave"}),
        n=context.review.meetings_held + 1,
        expected=expected,
        present=people(command.present),
        on_leave=None if command.on_leave is None else tuple(sorted(command.on_leave, key=lambda leave: leave.person)),
        absent=None if command.on_leave is None else people(set(expected) - {*command.present, *leaving}),
    )
    quorum, _ = context.step.carried_by
    return meeting if quorum.met(len(meeting.present), meeting.figures) else meeting.becomes(state="no_quorum")


def _require_day(context: CommandContext, run: Resolving, command: Convene) -> None:
    if run.open is not None:
        raise Refused(
            "meeting.open",
            zh=f"会议“{run.open.number}”尚未形成决议。",
            en=f"The meeting “{run.open.number}” is not resolved yet.",
        )
    if command.held_on > day_of(context.at):
        raise Invalid(
            "meeting.in_future",
            zh="会议日期不能晚于今天。",
            en="A meeting is recorded when it was held, not before.",
            field="/held_on",
        )
    opened = day_of(run.opened_at)
    if command.held_on < opened:
        raise Invalid(
            "meeting.before_step",
            zh=f"会议日期不能早于本环节开始之日（{opened}）。",
            en=f"The step began on {opened}: no earlier meeting could have decided on it.",
            field="/held_on",
        )


def _require_present(command: Convene, expected: tuple[str, ...]) -> None:
    strangers = [person for person in command.present if person not in expected]
    if strangers or len(set(command.present)) != len(command.present):
        names = ", ".join(strangers) or "twice"
        raise Invalid(
            "meeting.present",
            zh=f"到会人员须为当日党委委员且不重复：{', '.join(strangers) or '有重复'}。",
            en=f"Present may only be committee members of that day, each once: {names}.",
            field="/present",
        )


def _require_leave(command: Convene, leaving: tuple[str, ...], expected: tuple[str, ...]) -> None:
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
        if person in command.present:
            raise Invalid(
                "meeting.present_and_on_leave",
                zh=f"“{person}”已列为到会，不能同时请假。",
                en=f"“{person}” was present, so not on leave.",
                field=field,
            )
        if person in leaving[:place]:
            raise _twice(person, field)


def _require_roles(command: Convene, expected: tuple[str, ...]) -> None:
    """The item is on the agenda, the chair was there, who attends without a vote has none and is named once."""
    if command.item is not None and command.item > len(command.agenda):
        raise Invalid(
            "meeting.item",
            zh=f"议程共 {len(command.agenda)} 项，没有第 {command.item} 项。",
            en=f"The agenda has {len(command.agenda)} items; there is no item {command.item}.",
            field="/item",
        )
    if command.chair is not None and command.chair not in command.present:
        raise Invalid(
            "meeting.chair_absent",
            zh=f"主持人“{command.chair}”不在到会委员之中。",
            en=f"The chair “{command.chair}” is not among the members present.",
            field="/chair",
        )
    attendees = command.non_voting_attendees or ()
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


def _require_repeated(run: Resolving, command: Convene) -> None:
    """What is repeated is an earlier meeting of this step that had no quorum."""
    if command.repeats is None:
        return
    missed = {meeting.n: meeting for meeting in run.meetings if meeting.state == "no_quorum"}
    if command.repeats not in missed:
        raise Invalid(
            "meeting.not_repeatable",
            zh=f"本环节没有未达法定人数的第 {command.repeats} 次会议{_known(missed)}。",
            en=f"This step has no meeting {command.repeats} without a quorum.",
            field="/repeats",
        )
    if command.held_on < missed[command.repeats].held_on:
        raise Invalid(
            "meeting.before_repeated",
            zh=f"重新召开的会议不能早于原会议（{missed[command.repeats].held_on}）。",
            en=f"It repeats a meeting of {missed[command.repeats].held_on} and cannot be earlier.",
            field="/held_on",
        )


def _known(missed: Iterable[int]) -> str:
    numbers = "、".join(map(str, missed))
    return f"（未达法定人数的有：{numbers}）" if numbers else ""


def _twice(person: str, field: str) -> Invalid:
    return Invalid("meeting.named_twice", zh=f"“{person}”重复列出。", en=f"“{person}” is named twice.", field=field)
