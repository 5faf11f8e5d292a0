"""Meetings of the committee: what is recorded of one, and recording it.

Minutes are recorded, never made up: what nobody recorded stays unknown (None), and what was recorded fits together:
number, day, agenda and which item of it is ours, who was there, who was not and why.
"""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, Refused
from services.review.events.value_objects import Resolution, Stored
from services.review.reviews.model.commands import Command, Route
from services.review.reviews.model.context import Cast, CommandContext, StepRun, Tally
from services.review.reviews.model.procedure.bodies import Base
from services.review.shared.role_holders import people
from services.review.shared.text_types import Action, Line


class Leave(Action):
    """Somebody who asked for leave (请假); ``reason`` None = none was recorded."""

    person: Line = Field(description="工号 / Their number")
    reason: Line | None = Field(default=None, description="事由 / Why")


class Recorded(BaseModel):
    """The fields of a meeting that people fill in; None = not recorded, which is not the same as nobody.

    ``item``: which of the agenda is this review's, counted from 1; None = the first. ``repeats``: the meeting without a
    quorum that this one repeats. ``recorder`` and ``non_voting_attendees`` may be guests, by name.
    """

    number: Line = Field(description="会议编号 / The meeting's number", examples=["党委会〔2026〕第5次"])
    held_on: date = Field(description="会议日期 / The day it was held")
    agenda: tuple[Line, ...] = Field(min_length=1, max_length=100, description="议程 / The agenda")
    present: tuple[Line, ...] = Field(max_length=1000, description="到会委员（工号） / Members present, by number")
    item: int | None = Field(
        default=None,
        ge=1,
        le=100,
        description="本审核是第几项议程，缺省第一项 / Which item is this review's; the first",
    )
    place: Line | None = Field(default=None, description="地点 / Where")
    chair: Line | None = Field(default=None, description="主持人（到会委员工号） / The chair, one of those present")
    recorder: Line | None = Field(default=None, description="记录人（工号或姓名） / The recorder, by number or name")
    on_leave: tuple[Leave, ...] | None = Field(
        default=None, max_length=1000, description="请假委员及事由；其余未到者为缺席 / On leave; the others are absent"
    )
    non_voting_attendees: tuple[Line, ...] | None = Field(
        default=None,
        max_length=1000,
        description="列席人员（工号或姓名） / Attending without a vote, by number or name",
    )
    repeats: int | None = Field(
        default=None,
        ge=1,
        description="重新召开的是第几次会议（未达法定人数） / The meeting without a quorum it repeats",
    )

    @property
    def matter(self) -> str:
        """The item of the agenda that is this review's."""
        return self.agenda[(self.item or 1) - 1]


class Meeting(Recorded, Stored):
    """One meeting of the committee; ``no_quorum`` is recorded and decides nothing.

    ``absent``: who was neither there nor on leave; None = nobody recorded who was on leave.
    """

    n: int
    expected: tuple[str, ...]
    absent: tuple[str, ...] | None = None
    state: Literal["open", "no_quorum", "carried", "not_carried"] = "open"
    votes: tuple[Cast, ...] = ()
    resolution: Resolution | None = None

    @property
    def figures(self) -> dict[Base, int]:
        """The bodies that a quorum or a majority may be a part of."""
        expected, present = len(self.expected), len(self.present)
        voters = present - Tally.of(self.votes).recused
        return {"expected": expected, "members": expected, "present": present, "voters": voters}

    @property
    def silent(self) -> tuple[str, ...]:
        """Who was present and has neither voted nor stood back."""
        voted = {vote.by for vote in self.votes}
        return tuple(person for person in self.present if person not in voted)


class Resolving(StepRun):
    """The committee meets until it has resolved."""

    kind: Literal["resolution"] = "resolution"
    meetings: tuple[Meeting, ...] = ()

    @property
    def open(self) -> Meeting | None:
        """The meeting that has a quorum and is not yet resolved."""
        return next((meeting for meeting in self.meetings if meeting.state == "open"), None)


class Convene(Recorded, Command, leading=True, stays=True):
    """A meeting of the committee was held."""

    kind: Literal["convene"] = "convene"
    done: ClassVar = ("登记会议", "recorded a meeting")
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
    makes: ClassVar = "meeting"
    dated: ClassVar = "held_on"


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
