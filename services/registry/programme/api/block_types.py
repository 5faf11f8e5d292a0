"""Block types: what the parts of a brand's document may hold, as data; and the programme's settings."""

from functools import partial

from fastapi import APIRouter
from pydantic import ConfigDict

from infra.kernel.aggregate import Decision
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.registry.access import Access
from services.registry.programme.model.block_type import BlockType, Recorded, Shape, record
from services.registry.programme.model.programme import KEY, Rules, settle
from services.registry.requests import PROBLEMS, TypeKey
from services.registry.stores import Stores


class BlockTypeView(Shape):
    """A block type as it is now; ``number`` counts its versions."""

    model_config = ConfigDict(json_schema_extra=None)

    id: str
    number: int

    @classmethod
    def of(cls, one: BlockType) -> "BlockTypeView":
        """The last version of a type."""
        return cls(id=one.id, number=one.versions[-1].number, **dict(one.shape))


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of block types."""
    api = APIRouter(prefix="/block-types", tags=["内容块类型 block types"], responses=PROBLEMS)

    @api.put("/{key}", summary="登记内容块类型 Record a block type")
    async def put(key: TypeKey, body: Shape, asked: Asked) -> CommandResult:
        """内容相同不产生新版本；已有内容块保持原样。 Blocks that exist stay as they are."""
        (await access.of(asked.user)).require_everything()

        def decide(current: BlockType | None) -> Decision[BlockType]:
            return record(current, key, body, asked.user.person, asked.at)

        return await stores.block_types.put(key, decide, cause=asked.cause)

    @api.get("", summary="内容块类型列表 Block types")
    async def listed(_: Reader, ask: Paged) -> Page[BlockTypeView]:
        return (await stores.block_types.page({}, ask)).map(BlockTypeView.of)

    @api.get("/{key}", summary="一个内容块类型 One block type")
    async def one(key: TypeKey, _: Reader) -> BlockTypeView:
        return BlockTypeView.of(await stores.block_types.get(key))

    @api.get("/{key}/versions", summary="内容块类型的历次版本 All versions of a block type")
    async def versions(key: TypeKey, _: Reader, ask: Paged) -> Page[Recorded]:
        return Page.among((await stores.block_types.get(key)).versions, ask, lambda one: one.number)

    return api


def settings_routes(stores: Stores, access: Access) -> APIRouter:
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
