"""The programme's settings: read by everybody, kept by the work department of a committee that stands under none."""

from functools import partial

from fastapi import APIRouter

from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import Access
from services.registry.programme.model.programme import KEY, Rules, settle
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of the settings."""
    api = APIRouter(prefix="/programme", tags=["设置 settings"], responses=PROBLEMS)

    @api.get("", summary="着力点、级别等设置 Emphases, levels and other settings")
    async def read(_: Reader) -> Rules:
        return await stores.rules()

    @api.put("", summary="修改设置 Change the settings")
    async def put(body: Rules, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        return await stores.programme.put(KEY, partial(settle, rules=body), cause=asked.cause)

    return api
