"""A brand's versions: the history, one frozen text, and what differs between two of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from infra.kernel.errors import NotFound
from infra.kernel.paging import Page
from infra.web.http import Paged, Reader
from services.registry.access import Access
from services.registry.brands.model.brand import Approved, Brand, Entry, Line
from services.registry.brands.model.document import Change, concealed, diff
from services.registry.party.model.value import Audience
from services.registry.requests import PROBLEMS, Key
from services.registry.stores import Stores

Revision = Annotated[int, Path(ge=1, description="修订号 / Revision")]


class VersionView(BaseModel):
    """A text as it was. ``final``: this is the approved one, tied to its resolution."""

    brand: str
    line: Line
    document: dict[str, Any]
    final: Approved | None


class Comparison(BaseModel):
    """What differs between two revisions, field by field."""

    brand: str
    earlier: int
    later: int
    changes: list[Change] = Field(description="逐字段差异 / Differences by field (JSON Pointer)")


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of versions."""
    api = APIRouter(prefix="/brands/{key}", tags=["品牌版本 versions"], responses=PROBLEMS)

    async def text(brand: Brand, revision: int, may_see: Audience) -> dict[str, Any]:
        version = await stores.brands.versions.get(_entry(brand, revision).digest)
        return concealed(version.document, may_see)

    async def seen(key: str, asked: Reader) -> tuple[Brand, Audience]:
        brand = await stores.brands.get(key)
        return brand, (await access.of(asked.user)).audience(brand.owner)

    @api.get("/versions", summary="版本历史 The history, latest first")
    async def versions(key: Key, _: Reader, ask: Paged) -> Page[Line]:
        history = (await stores.brands.get(key)).history[::-1]
        return Page.among(history, ask, lambda entry: entry.revision).map(Line.of)

    @api.get("/versions/{revision}", summary="某一版文本 One version of the text")
    async def version(key: Key, revision: Revision, asked: Reader) -> VersionView:
        brand, may_see = await seen(key, asked)
        final = brand.final if brand.final and brand.final.revision == revision else None
        return VersionView(
            brand=key,
            line=Line.of(_entry(brand, revision)),
            document=await text(brand, revision, may_see),
            final=Approved.model_validate(dict(final)) if final else None,
        )

    @api.get("/diff", summary="两版之间的逐字段差异 Differences between two versions")
    async def compare(
        key: Key,
        asked: Reader,
        earlier: Annotated[int, Query(alias="from", ge=1, description="较早修订号 / From this revision")],
        later: Annotated[int, Query(alias="to", ge=1, description="较晚修订号 / To this revision")],
    ) -> Comparison:
        """比较按读者可见的内容进行。 Compared as the reader may see them, so that nothing masked shows through."""
        brand, may_see = await seen(key, asked)
        before, after = await text(brand, earlier, may_see), await text(brand, later, may_see)
        return Comparison(brand=key, earlier=earlier, later=later, changes=diff(before, after))

    return api


def _entry(brand: Brand, revision: int) -> Entry:
    entry = brand.version_of(revision)
    if entry is None:
        raise NotFound(
            "version.not_found",
            zh=f"品牌“{brand.id}”没有第 {revision} 版。",
            en=f"Brand “{brand.id}” has no revision {revision}.",
        )
    return entry
