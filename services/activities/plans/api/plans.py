"""Plans: filed publicly, changed, given up; noted by the work department, which never blocks them.

Records: that an activity was held, and who was there, against the roster of that day. Kinds: data that an enterprise
makes its own.
"""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import ConfigDict, Field

from infra.kernel.dates import day_of
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Paged, Reader
from services.activities.access import Access, actor, require_steward
from services.activities.plans.model import activity as model
from services.activities.plans.model.attendance import EXAMPLE as SHEET
from services.activities.plans.model.attendance import Record, Sheet
from services.activities.plans.model.kind import Hints, Kind, define, require_active
from services.activities.plans.store import Activities, Kinds

Key = Annotated[str, Path(pattern="^[a-z0-9_-]{2,64}$")]


class Filing(model.Draft):
    """The plan of an activity of one organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organisation": "branch-3", **model.EXAMPLE}]})

    organisation: str


class Acknowledgement(Body):
    """A note of the work department: seen, or a question. It approves nothing and blocks nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "query", "text": "请补充参加人员范围。"}]})

    kind: Literal["acknowledged", "query"] = "acknowledged"
    text: str | None = Field(default=None, min_length=1, max_length=2000)


class Why(Body):
    """Why something is given up or put aside."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "与上级会议时间冲突，改期另行报备。"}]})

    reason: str = Field(min_length=1, max_length=2000)


class Correction(Sheet):
    """The whole record as it should have been, and why it is corrected."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**SHEET, "reason": "补记一名请假党员。"}]})

    reason: str = Field(min_length=1, max_length=2000)


def routes(activities: Activities, kinds: Kinds, access: Access) -> APIRouter:
    """The routes of plans."""
    api = APIRouter(prefix="/activities", tags=["活动计划 plans"])

    @api.post("", status_code=201, summary="公开报备活动计划 File a plan publicly (never blocked, no approval)")
    async def file(body: Filing, asked: Asked) -> CommandResult:
        await access.require_acting(asked.user, body.organisation, asked.at, body.brand)
        kind = require_active(await kinds.named(body.kind))
        decide = partial(model.file, asked.key, body.organisation, body, kind, actor(asked))
        return await activities.create(decide, cause=asked.cause)

    @api.put("/{key}/plan", summary="变更计划 Change the plan, until it was held")
    async def change_plan(key: str, body: model.Draft, asked: Asked) -> CommandResult:
        organisation = (await activities.get(key)).organisation
        await access.require_acting(asked.user, organisation, asked.at, body.brand)
        kind = await kinds.named(body.kind)
        decide = partial(model.change_plan, draft=body, kind=kind, by=actor(asked))
        return await activities.update(key, decide, cause=asked.cause)

    @api.post("/{key}/acknowledgement", summary="知悉或询问 Acknowledge or ask (never blocks)")
    async def acknowledge(key: str, body: Acknowledgement, asked: Asked) -> CommandResult:
        await access.require_work_department(asked.user, (await activities.get(key)).organisation)
        note = model.Note(kind=body.kind, text=body.text, by=asked.user.person, at=asked.at)
        return await activities.update(key, lambda current: model.annotate(current, note), cause=asked.cause)

    @api.post("/{key}/cancellation", summary="取消计划 Give the plan up, with a reason")
    async def cancel(key: str, body: Why, asked: Asked) -> CommandResult:
        await access.require_acting(asked.user, (await activities.get(key)).organisation, asked.at)
        decide = partial(model.cancel, reason=body.reason, by=actor(asked))
        return await activities.update(key, decide, cause=asked.cause)

    return api


def record_routes(activities: Activities, kinds: Kinds, access: Access) -> APIRouter:
    """The routes of records."""
    api = APIRouter(prefix="/activities/{key}/record", tags=["活动记录 records"])

    async def taken(key: str, sheet: Sheet, asked: Asked) -> Record:
        activity = await activities.get(key)
        tree = await access.require_acting(asked.user, activity.organisation, asked.at)
        expected = tree.below(activity.organisation, day_of(sheet.started_at))
        return await access.taken(sheet, expected, await kinds.named(activity.plan.kind), actor(asked))

    @api.post("", status_code=201, summary="记录活动 Record that it was held, with attendance")
    async def record(key: str, body: Sheet, asked: Asked) -> CommandResult:
        entry = await taken(key, body, asked)
        return await activities.update(key, lambda current: model.record(current, entry), cause=asked.cause)

    @api.put("", summary="更正记录 Correct the record; the earlier revision stays")
    async def correct(key: str, body: Correction, asked: Asked) -> CommandResult:
        entry = await taken(key, body, asked)
        decide = partial(model.correct, taken=entry, reason=body.reason)
        return await activities.update(key, decide, cause=asked.cause)

    return api


def kind_routes(kinds: Kinds) -> APIRouter:
    """The routes of kinds."""
    api = APIRouter(prefix="/kinds", tags=["活动类型 kinds"])

    @api.get("", summary="全部活动类型 All kinds")
    async def listed(_: Reader, ask: Paged) -> Page[Kind]:
        return await kinds.page({}, ask)

    @api.get("/{key}", summary="一个活动类型 One kind")
    async def one(key: Key, _: Reader) -> Kind:
        return await kinds.get(key)

    @api.put("/{key}", summary="新增或修改活动类型 Add or change a kind")
    async def put(key: Key, body: Hints, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        return await kinds.put(key, lambda before: define(key, body, before), cause=asked.cause)

    return api
