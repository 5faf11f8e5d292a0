"""Points, reminders and hints that other departments' events led to.

Measured points are for everyone. Reminders and hints are for the organisation's officers and the work department above
it; what is restricted, or meant for the work department, for the latter alone.
"""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from infra.kernel import clock
from infra.kernel.errors import Forbidden
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.activities.access import Access, actor
from services.activities.inbound.model.outcome import Hint, Point, Reminder, current_points, note
from services.activities.inbound.store import Inbound


class Noting(Body):
    """What follows from a hint, as a person decided."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "已提请党委研究是否暂停该品牌。"}]})

    note: str = Field(min_length=1, max_length=2000)


class Measured(Point):
    """A point of a brand; ``corrected``: a later event of the same series said otherwise."""

    corrected: bool


class PointFilter(Paging):
    """Which points of a brand are asked for."""

    brand: str
    indicator: str | None = None
    sort: Literal["-measured_at", "measured_at"] = Field(default="-measured_at", description="排序 Order")


class ReminderFilter(Paging):
    """Whose reminders are asked for; the work department: with those of the organisations below."""

    organisation: str
    sort: Literal["-occurred_at", "occurred_at"] = Field(default="-occurred_at", description="排序 Order")

    @property
    def order(self) -> tuple[str, ...]:
        """By the event that they come from."""
        return (self.sort.replace("occurred_at", "origin.occurred_at"),)


class HintFilter(ReminderFilter):
    """Which hints are asked for."""

    state: Literal["open", "noted"] | None = None


def routes(inbound: Inbound, access: Access) -> APIRouter:
    """The routes of points, reminders and hints."""
    api = APIRouter()

    async def readable(asked: Reader, ask: ReminderFilter) -> dict[str, Any]:
        """What is restricted is for the work department alone."""
        where = ask.where() | {"organisation": {"$in": await access.within(asked.user, ask.organisation, clock.now())}}
        office = await access.is_work_department(asked.user, ask.organisation)
        return where if office else where | {"origin.restricted": False}

    _points(api, inbound)

    @api.get("/reminders", tags=["提醒 reminders"], summary="本组织的提醒，新的在前 Reminders, newest first")
    async def reminders(asked: Reader, ask: Annotated[ReminderFilter, Query()]) -> Page[Reminder]:
        where = await readable(asked, ask)
        if "origin.restricted" in where:
            where["to"] = {"$ne": "work_department"}
        return await inbound.reminders.page(where, ask)

    @api.get("/reminders/{key}", tags=["提醒 reminders"], summary="一条提醒 One reminder")
    async def reminder(key: str, asked: Reader) -> Reminder:
        found = await inbound.reminders.get(key)
        hidden = found.origin.restricted or found.to == "work_department"
        if await access.is_closed(asked.user, found.organisation, clock.now(), hidden=hidden):
            raise Forbidden(
                "reminder.restricted", zh="该提醒仅限党委工作部查看。", en="For the party work department only."
            )
        return found

    @api.get("/hints", tags=["一票否决线索 hints"], summary="一票否决线索，新的在前 Veto hints, newest first")
    async def hints(asked: Reader, ask: Annotated[HintFilter, Query()]) -> Page[Hint]:
        return await inbound.hints.page(await readable(asked, ask), ask)

    @api.get("/hints/{key}", tags=["一票否决线索 hints"], summary="一条线索 One hint")
    async def hint(key: str, asked: Reader) -> Hint:
        found = await inbound.hints.get(key)
        if await access.is_closed(asked.user, found.organisation, clock.now(), hidden=found.origin.restricted):
            raise Forbidden(
                "hint.restricted", zh="该线索仅限党委工作部查看。", en="For the party work department only."
            )
        return found

    @api.post("/hints/{key}/note", tags=["一票否决线索 hints"], summary="写明处理意见 Note what follows from a hint")
    async def noting(key: str, body: Noting, asked: Asked) -> CommandResult:
        await access.require_work_department(asked.user, (await inbound.hints.get(key)).organisation)
        decide = partial(note, text=body.note, by=actor(asked))
        return await inbound.hints.update(key, decide, cause=asked.cause)

    return api


def _points(api: APIRouter, inbound: Inbound) -> None:
    @api.get("/points", tags=["指标数据 points"], summary="品牌的指标数据 Measured points of a brand")
    async def points(_: Reader, ask: Annotated[PointFilter, Query()]) -> Page[Measured]:
        page = await inbound.points.page(ask.where(), ask)
        series = {"brand": ask.brand, "series": {"$in": [one.series for one in page.items]}}
        current = {one.id for one in current_points(await inbound.points.find(series, limit=0))}
        return page.map(lambda one: Measured(**dict(one), corrected=one.id not in current))
