"""What is recorded of a meeting: number, day, agenda, who was there and who was not; never more than somebody said."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from services.review.events.value_objects import Kept, Resolution
from services.review.reviews.model.context import Cast, Tally
from services.review.reviews.model.procedure.bodies import Base
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


class Meeting(Recorded, Kept):
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
