"""The ledger of plaques and flags (授旗授牌台账): a query over brands, because a plaque is part of its brand."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from infra.http import Asked, Body, Reader
from infra.store import Answer
from services.registry.api.shapes import PROBLEMS, Page, Paging
from services.registry.api.standing import Standings
from services.registry.model.brand import Hand, Plaque
from services.registry.model.plaque import Award, award
from services.registry.store import Stores

WORK_DEPARTMENT = "party_work_department"


class AwardBody(Body):
    """What is written into the ledger."""

    brand: str = Field(description="品牌编号 / Id of the brand")
    number: str = Field(min_length=1, max_length=60, description="牌匾编号，全局唯一 / Number, unique")
    awarded_on: date = Field(description="授牌日期 / Day of the award")
    occasion: str = Field(min_length=1, max_length=200, description="授牌场合 / Occasion")
    flag: bool = Field(description="是否同时授旗 / With the flag")


class PlaqueLine(Plaque):
    """A line of the ledger."""

    brand: str
    brand_name: str | None = Field(description="品牌名称，未知为空 / Name, null when unknown")
    owner: str
    owner_name: str


def routes(stores: Stores, standings: Standings) -> APIRouter:
    """The routes of the ledger."""
    api = APIRouter(prefix="/plaques", tags=["授牌台账 plaques"], responses=PROBLEMS)

    @api.post("", status_code=201, summary="授牌（可同时授旗） Award a plaque")
    async def post(body: AwardBody, asked: Asked) -> Answer:
        """仅所属党委的工作部；品牌须已审定，牌匾编号不得重复。 The work department above the owner; approved brands."""
        asked.user.require(WORK_DEPARTMENT)
        owner = (await stores.brands.get(body.brand)).owner
        (await standings.of(asked.user)).require_role(owner, WORK_DEPARTMENT)
        given = Award.model_validate(body.model_dump(exclude={"brand"}))
        hand = Hand(asked.user.person, asked.at)
        return await stores.brands.update(body.brand, partial(award, given=given, hand=hand), cause=asked.cause)

    @api.get("", summary="授旗授牌台账 The ledger, latest first")
    async def listed(_: Reader, ask: Annotated[Paging, Query()]) -> Page[PlaqueLine]:
        brands = await stores.brands.awarded()
        owners = await stores.organisations.named(brand.owner for brand in brands)
        lines = [
            PlaqueLine(
                **dict(plaque),
                brand=brand.id,
                brand_name=brand.name,
                owner=brand.owner,
                owner_name=owners[brand.owner].shown,
            )
            for brand in brands
            for plaque in brand.plaques
        ]
        lines.sort(key=lambda line: (line.awarded_on, line.number), reverse=True)
        return Page(items=lines[ask.skip : ask.skip + ask.limit], total=len(lines))

    return api
