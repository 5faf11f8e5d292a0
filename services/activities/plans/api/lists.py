"""What everyone sees: the public list, one activity, and for each branch how many of its members took part.

Who was there, who was not and why is for the branch itself only.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel import clock
from infra.kernel.dates import Day
from infra.kernel.paging import Page, Paging
from infra.web.http import Reader
from services.activities.access import Access
from services.activities.plans.model.activity import Activity, Cancellation, Note, Plan, State
from services.activities.plans.model.attendance import Held, Record
from services.activities.plans.model.participation import Participation, check_period, participation
from services.activities.plans.store import Activities, Period


class Filter(Paging):
    """Which activities are asked for."""

    organisation: str | None = None
    brand: str | None = None
    kind: str | None = None
    state: State | None = None
    first: Day | None = Field(default=None, alias="from", description="开始日期不早于 Starts on or after")
    last: Day | None = Field(default=None, alias="to", description="开始日期不晚于 Starts on or before")
    sort: Literal["-starts_at", "starts_at"] = Field(default="-starts_at", description="排序 Order")

    @property
    def order(self) -> tuple[str, ...]:
        """By the start of the plan."""
        return (self.sort.replace("starts_at", "plan.starts_at"),)

    def where(self, **stored: str) -> dict[str, Any]:
        """The filters, and the days in China on which the plan starts."""
        given = super().where(brand="plan.brand", kind="plan.kind", first="", last="", **stored)
        given.pop("", None)
        return given | Period(self.first, self.last).where("plan.starts_at")


class ParticipationFilter(Paging):
    """Whose participation, from day to day."""

    organisation: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to", description="含当日；名册以该日为准 Included; the roster of that day")


class Outcome(Held):
    """A record as everyone sees it: what took place and how many were there."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    expected: int
    present: int
    on_leave: int
    absent: int
    non_voting_attendees: int

    @classmethod
    def of(cls, record: Record) -> "Outcome":
        """Counts instead of names: reasons of absence and political status are nobody else's business."""
        parts = ("present", "on_leave", "absent", "non_voting_attendees")
        counts = {part: len(getattr(record, part)) for part in parts}
        return cls.model_validate({**dict(record), "expected": len(record.roster), **counts})


class Listed(BaseModel):
    """An activity in the public list."""

    id: str
    version: int
    organisation: str
    state: State
    plan: Plan
    cancellation: Cancellation | None
    record: Outcome | None

    @classmethod
    def of(cls, activity: Activity) -> "Listed":
        """The public side of an activity."""
        outcome = Outcome.of(activity.record) if activity.record else None
        return cls.model_validate({**dict(activity), "record": outcome})


class Shown(Listed):
    """One activity with its history; ``attendance`` has a value for those who may see people."""

    notes: tuple[Note, ...]
    earlier_plans: tuple[Plan, ...]
    earlier_records: tuple[Outcome, ...]
    attendance: tuple[Record, ...] | None


def routes(activities: Activities, access: Access) -> APIRouter:
    """The routes for reading."""
    api = APIRouter()

    @api.get("/activities", tags=["活动公开 public list"], summary="活动公开列表 The public list")
    async def listed(_: Reader, ask: Annotated[Filter, Query()]) -> Page[Listed]:
        return (await activities.page(ask.where(), ask)).map(Listed.of)

    @api.get("/activities/{key}", tags=["活动公开 public list"], summary="一项活动 One activity")
    async def one(key: str, asked: Reader) -> Shown:
        activity = await activities.get(key)
        records = [*activity.earlier_records, *([activity.record] if activity.record else [])]
        viewer = await access.viewer(asked.user, clock.now())
        return Shown(
            **dict(Listed.of(activity)),
            notes=activity.notes,
            earlier_plans=activity.earlier_plans,
            earlier_records=tuple(Outcome.of(record) for record in activity.earlier_records),
            attendance=tuple(records) if viewer.of_people(activity.organisation) else None,
        )

    summary = "全员参与率 The share of members who took part, for each branch"

    @api.get("/participation", tags=["全员参与 participation"], summary=summary)
    async def rates(asked: Reader, ask: Annotated[ParticipationFilter, Query()]) -> Page[Participation]:
        first, last = check_period(ask.first, ask.last)
        viewer = await access.viewer(asked.user, clock.now())
        page = Page.among(viewer.tree.branches(ask.organisation, last), ask, lambda branch: branch.id)
        rates = []
        for branch in page.items:
            below = [one.id for one in viewer.tree.below(branch.id, last)]
            members = await access.mirrors.roster(below, last)
            held = await activities.held_with([member.person for member in members], Period(first, last))
            disclose = viewer.of_people(branch.id)
            rates.append(participation(branch.id, branch.name, members, held, disclose=disclose))
        return page.holding(rates)

    return api
