"""The ledger of plaques and flags (授旗授牌台账) and the brand matrix: both are queries over brands."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from infra.kernel.clock import today
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking, Reader
from services.registry.access import Access
from services.registry.brands.model.brand import Actor, Award, Brand, Plaque, Return, award, give_back, revocation
from services.registry.brands.model.matrix import Matrix, Sources, matrix
from services.registry.requests import PROBLEMS, On
from services.registry.stores import Stores

WORK_DEPARTMENT = "party_work_department"
PlaqueKey = Annotated[str, Path(pattern=r"^[a-z0-9-]{2,64}\.p[1-9][0-9]{0,3}$", description="牌匾记录编号 / Id")]


class PlaqueLine(Plaque):
    """A line of the ledger."""

    to_be_returned: bool = Field(description="品牌已摘牌、牌匾尚未收回 / Revoked, and still out")

    brand: str
    brand_name: str | None = Field(description="品牌名称，未知为空 / Name, null when unknown")
    owner: str
    owner_name: str


class Filter(Paging):
    """In which order the ledger is shown."""

    sort: Literal["-awarded_on", "awarded_on"] = Field(default="-awarded_on", description="排序 / Order")


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of the ledger."""
    api = APIRouter(prefix="/plaques", tags=["授牌台账 plaques"], responses=PROBLEMS)

    async def within_reach(key: str, asked: Asking) -> Brand:
        """The brand, if this is the work department above its owner; who is none learns nothing of it."""
        asked.user.require(WORK_DEPARTMENT)
        brand = await stores.brands.get(key)
        (await access.of(asked.user)).require_role(brand.owner, WORK_DEPARTMENT)
        return brand

    @api.post("", status_code=201, summary="授牌（可同时授旗） Award a plaque")
    async def post(body: Award, asked: Asked) -> CommandResult:
        """仅所属党委的工作部；品牌须已审定，牌匾编号不得重复。 The work department above the owner; approved brands."""
        await within_reach(body.brand, asked)
        actor = Actor(asked.user.person, asked.at)
        return await stores.brands.update(body.brand, partial(award, given=body, actor=actor), cause=asked.cause)

    @api.post("/{plaque}/return", summary="登记牌匾收回（摘牌后） The plaque of a revoked brand came back")
    async def returned(plaque: PlaqueKey, body: Return, asked: Asked) -> CommandResult:
        """仅所属党委的工作部。 The work department above the owner."""
        brand = await within_reach(plaque.rpartition(".")[0], asked)
        decide = partial(give_back, key=plaque, given=body, actor=Actor(asked.user.person, asked.at))
        return await stores.brands.update(brand.id, decide, cause=asked.cause)

    @api.get("", summary="授旗授牌台账 The ledger, latest first")
    async def listed(_: Reader, ask: Annotated[Filter, Query()]) -> Page[PlaqueLine]:
        brands = await stores.brands.awarded()
        owners = await stores.organisations.named(brand.owner for brand in brands)
        lines = [
            PlaqueLine(
                **dict(plaque),
                brand=brand.id,
                brand_name=brand.name,
                owner=brand.owner,
                owner_name=owners[brand.owner].shown,
                to_be_returned=plaque.returned_on is None and revocation(brand, plaque) is not None,
            )
            for brand in brands
            for plaque in brand.plaques
        ]
        lines.sort(key=lambda line: (line.awarded_on, line.number), reverse=ask.sort.startswith("-"))
        return Page.among(lines, ask, lambda line: line.number)

    return api


def matrix_routes(stores: Stores) -> APIRouter:
    """The route of the matrix."""
    api = APIRouter(tags=["品牌矩阵 matrix"], responses=PROBLEMS)

    @api.get("/matrix", summary="品牌矩阵与覆盖率 The brand matrix and its coverage as of a day")
    async def read(_: Reader, on: On = None) -> Matrix:
        """覆盖率＝已有审定或授牌品牌的党组织 ÷ 应建党组织（不含临时党支部和已终止组织）。 Covered ÷ eligible."""
        day = on or today()
        sources = Sources(
            organisations=await stores.organisations.all(),
            brands=await stores.brands.all(),
            by_brand=await stores.activities.counted("brand", day),
            by_organisation=await stores.activities.counted("organisation", day),
        )
        return matrix(day, sources, await stores.rules())

    return api
