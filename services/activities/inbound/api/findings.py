"""Points, reminders and hints that other departments' events led to.

Measured points are for everyone. Reminders and hints are for the organisation's officers and the work department above
it; what is restricted, or meant for the work department, for the latter alone.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel import clock
from infra.kernel.errors import Forbidden
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.activities.access import Access, actor
from services.activities.inbound.model.outcome import Hint, Point, Reminder, current_points, note
from services.activities.inbound.store import Inbound
from services.activities.plans.store import NEWEST

MOST_POINTS = 5000
LATEST = (("origin.occurred_at", NEWEST), ("_id", 1))
Limit = Annotated[int, Query(ge=1, le=200)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]


class Noting(Body):
    """What follows from a hint, as a person decided."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "已提请党委研究是否暂停该品牌。"}]})

    note: str = Field(min_length=1, max_length=2000)


class Measured(BaseModel):
    """Points of a brand; a point that a later event of the same series corrected is not among the ``current``."""

    current: list[Point]
    corrected: list[Point]


def routes(inbound: Inbound, access: Access) -> APIRouter:
    """The routes of points, reminders and hints."""
    api = APIRouter()

    @api.get("/points", tags=["指标数据 points"], summary="品牌的指标数据 Measured points of a brand")
    async def points(_: Reader, brand: str, indicator: Annotated[str | None, Query()] = None) -> Measured:
        where = {"brand": brand, **({"indicator": indicator} if indicator else {})}
        sort = (("measured_at", NEWEST), ("_id", 1))
        found = await inbound.points.find(where, sort=sort, limit=MOST_POINTS)
        now = current_points(found)
        current = {one.id for one in now}
        return Measured(current=now, corrected=[one for one in found if one.id not in current])

    @api.get("/reminders", tags=["提醒 reminders"], summary="本组织的提醒，新的在前 Reminders, newest first")
    async def reminders(asked: Reader, organisation: str, limit: Limit = 50, skip: Skip = 0) -> list[Reminder]:
        now = clock.now()
        within = await access.within(asked.user, organisation, now)
        where: dict[str, object] = {"organisation": {"$in": within}}
        if not await access.is_work_department(asked.user, organisation):
            where |= {"origin.restricted": False, "to": {"$ne": "work_department"}}
        return await inbound.reminders.find(where, sort=LATEST, limit=limit, skip=skip)

    @api.get("/reminders/{key}", tags=["提醒 reminders"], summary="一条提醒 One reminder")
    async def reminder(key: str, asked: Reader) -> Reminder:
        found = await inbound.reminders.get(key)
        await access.within(asked.user, found.organisation, clock.now())
        hidden = found.origin.restricted or found.to == "work_department"
        if hidden and not await access.is_work_department(asked.user, found.organisation):
            raise Forbidden(
                "reminder.restricted", zh="该提醒仅限党委工作部查看。", en="For the party work department only."
            )
        return found

    _hints(api, inbound, access)
    return api


def _hints(api: APIRouter, inbound: Inbound, access: Access) -> None:
    @api.get("/hints", tags=["一票否决线索 hints"], summary="一票否决线索，新的在前 Veto hints, newest first")
    async def hints(
        asked: Reader,
        organisation: str,
        state: Annotated[Literal["open", "noted"] | None, Query()] = None,
        limit: Limit = 50,
        skip: Skip = 0,
    ) -> list[Hint]:
        within = await access.within(asked.user, organisation, clock.now())
        where: dict[str, object] = {"organisation": {"$in": within}, **({"state": state} if state else {})}
        if not await access.is_work_department(asked.user, organisation):
            where |= {"origin.restricted": False}
        return await inbound.hints.find(where, sort=LATEST, limit=limit, skip=skip)

    @api.get("/hints/{key}", tags=["一票否决线索 hints"], summary="一条线索 One hint")
    async def hint(key: str, asked: Reader) -> Hint:
        found = await inbound.hints.get(key)
        await access.within(asked.user, found.organisation, clock.now())
        if found.origin.restricted and not await access.is_work_department(asked.user, found.organisation):
            raise Forbidden(
                "hint.restricted", zh="该线索仅限党委工作部查看。", en="For the party work department only."
            )
        return found

    @api.post("/hints/{key}/note", tags=["一票否决线索 hints"], summary="写明处理意见 Note what follows from a hint")
    async def noting(key: str, body: Noting, asked: Asked) -> CommandResult:
        await access.require_work_department(asked.user, (await inbound.hints.get(key)).organisation)
        return await inbound.hints.update(
            key, lambda current: note(current, body.note, actor(asked)), cause=asked.cause
        )
