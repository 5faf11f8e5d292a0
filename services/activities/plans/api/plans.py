"""Plans: filed publicly, changed, given up; noted by the work department, which never blocks them."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.errors import Invalid, NotFound
from infra.storage.store import CommandResult, Store
from infra.web.http import Asked, Body
from services.activities.access import Access, actor
from services.activities.plans.model import activity as model
from services.activities.plans.model.kind import Kind, require_active
from services.activities.plans.store import Activities


class Filing(model.Draft):
    """The plan of an activity of one organisation."""

    organisation: str


class Acknowledgement(Body):
    """A note of the work department: seen, or a question. It approves nothing and blocks nothing."""

    kind: Literal["acknowledged", "query"] = "acknowledged"
    text: str | None = Field(default=None, min_length=1, max_length=2000)


class Reason(Body):
    """Why a plan is given up."""

    reason: str = Field(min_length=1, max_length=2000)


async def kind_of(kinds: Store[Kind], key: str) -> Kind:
    """The kind that a plan names; raises ``Invalid`` when there is none."""
    try:
        return await kinds.get(key)
    except NotFound as error:
        raise Invalid(
            "kind.unknown", zh=f"没有活动类型“{key}”。", en=f"There is no kind of activity “{key}”.", field="/kind"
        ) from error


def routes(activities: Activities, kinds: Store[Kind], access: Access) -> APIRouter:
    """The routes of plans."""
    api = APIRouter(prefix="/activities", tags=["活动计划 plans"])

    @api.post("", status_code=201, summary="公开报备活动计划 File a plan publicly (never blocked, no approval)")
    async def file(body: Filing, asked: Asked) -> CommandResult:
        tree = await access.require_acting(asked.user, body.organisation, asked.at)
        await access.check_brand(body.brand, body.organisation, tree)
        kind = require_active(await kind_of(kinds, body.kind))
        draft = model.Draft(**body.model_dump(exclude={"organisation"}))
        return await activities.create(
            lambda: model.file(asked.key, body.organisation, draft, kind, actor(asked)),
            cause=asked.cause,
        )

    @api.put("/{key}/plan", summary="变更计划 Change the plan, until it was held")
    async def change_plan(key: str, body: model.Draft, asked: Asked) -> CommandResult:
        organisation = (await activities.get(key)).organisation
        tree = await access.require_acting(asked.user, organisation, asked.at)
        await access.check_brand(body.brand, organisation, tree)
        kind = await kind_of(kinds, body.kind)
        return await activities.update(
            key,
            lambda current: model.change_plan(current, body, kind, actor(asked)),
            cause=asked.cause,
        )

    @api.post("/{key}/acknowledgement", summary="知悉或询问 Acknowledge or ask (never blocks)")
    async def acknowledge(key: str, body: Acknowledgement, asked: Asked) -> CommandResult:
        await access.require_work_department(asked.user, (await activities.get(key)).organisation)
        note = model.Note(kind=body.kind, text=body.text, by=asked.user.person, at=asked.at)
        return await activities.update(key, lambda current: model.annotate(current, note), cause=asked.cause)

    @api.post("/{key}/cancellation", summary="取消计划 Give the plan up, with a reason")
    async def cancel(key: str, body: Reason, asked: Asked) -> CommandResult:
        await access.require_acting(asked.user, (await activities.get(key)).organisation, asked.at)
        return await activities.update(
            key,
            lambda current: model.cancel(current, body.reason, actor(asked)),
            cause=asked.cause,
        )

    return api
