"""The ledger of plaques and flags (授旗授牌台账): a query over brands, because a plaque is part of its brand."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.registry.access import Access
from services.registry.brands.model.brand import Actor, Plaque
from services.registry.brands.model.plaque import Award, award
from services.registry.brands.model.standing import Return, give_back, revocation
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores

WORK_DEPARTMENT = "party_work_department"
PlaqueKey = Annotated[str, Path(pattern=r"^[a-z0-9-]{2,64}\.p[1-9][0-9]{0,3}$", description="牌匾记录编号 / Id")]


class AwardBody(Body):
    """What is written into the ledger."""

    brand: str = Field(description="品牌编号 / Id of the brand")
    number: str = Field(min_length=1, max_length=60, description="牌匾编号，全局唯一 / Number, unique")
    awarded_on: date = Field(description="授牌日期 / Day of the award")
    occasion: str = Field(min_length=1, max_length=200, description="授牌场合 / Occasion")
    flag: bool = Field(description="是否同时授旗 / With the flag")


class ReturnBody(Body):
    """That a plaque came back."""

    returned_on: date = Field(description="收回日期 / Day on which it came back")
    received_by: str = Field(min_length=1, max_length=100, description="接收人 / Who received it")


class Filter(Paging):
    """In which order the ledger is shown."""

    sort: Literal["-awarded_on", "awarded_on"] = Field(default="-awarded_on", description="排序 / Order")


class PlaqueLine(Plaque):
    """A line of the ledger."""

    to_be_returned: bool = Field(description="品牌已摘牌、牌匾尚未收回 / Revoked, and still out")

    brand: str
    brand_name: str | None = Field(description="品牌名称，未知为空 / Name, null when unknown")
    owner: str
    owner_name: str


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of the ledger."""
    api = APIRouter(prefix="/plaques", tags=["授牌台账 plaques"], responses=PROBLEMS)

    @api.post("", status_code=201, summary="授牌（可同时授旗） Award a plaque")
    async def post(body: AwardBody, asked: Asked) -> CommandResult:
        """仅所属党委的工作部；品牌须已审定，牌匾编号不得重复。 The work department above the owner; approved brands."""
        asked.user.require(WORK_DEPARTMENT)
        owner = (await stores.brands.get(body.brand)).owner
        (await access.of(asked.user)).require_role(owner, WORK_DEPARTMENT)
        given = Award.model_validate(body.model_dump(exclude={"brand"}))
        actor = Actor(asked.user.person, asked.at)
        return await stores.brands.update(body.brand, partial(award, given=given, actor=actor), cause=asked.cause)

    @api.post("/{plaque}/return", summary="登记牌匾收回（摘牌后） The plaque of a revoked brand came back")
    async def returned(plaque: PlaqueKey, body: ReturnBody, asked: Asked) -> CommandResult:
        """仅所属党委的工作部。 The work department above the owner."""
        asked.user.require(WORK_DEPARTMENT)
        brand = await stores.brands.get(plaque.rpartition(".")[0])
        (await access.of(asked.user)).require_role(brand.owner, WORK_DEPARTMENT)
        given = Return.model_validate(body.model_dump())
        decide = partial(give_back, key=plaque, given=given, actor=Actor(asked.user.person, asked.at))
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
