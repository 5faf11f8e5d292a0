"""Kinds of activities: data that an enterprise makes its own."""

from typing import Annotated

from fastapi import APIRouter, Path

from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.activities.access import require_steward
from services.activities.plans.model.kind import Hints, Kind, define
from services.activities.plans.store import Kinds

Key = Annotated[str, Path(pattern="^[a-z0-9_-]{2,64}$")]


def routes(kinds: Kinds) -> APIRouter:
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
