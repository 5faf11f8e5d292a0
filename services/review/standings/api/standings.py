"""Standings over HTTP: the list with levels and shares for everybody, one in full for those inside."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from infra.kernel import clock
from infra.web.http import Reader
from services.review.standings.api.decisions import BrandKey
from services.review.standings.api.views import Full, Line
from services.review.standings.model.lines import State
from services.review.standings.use_cases import StandingUseCases


class Filter(BaseModel):
    """Which standings to list."""

    owner: str | None = None
    committee: str | None = None
    state: State | None = None
    level: str | None = None
    limit: int = Field(default=50, ge=1, le=200)
    skip: int = Field(default=0, ge=0, le=100_000)


class Share(BaseModel):
    """How many brands hold a level, and whether they are more than its quota: shown, and nothing more."""

    level: str | None
    title: str
    title_en: str
    brands: int
    quota_percent: int | None
    most: int | None = Field(description="配额对应的数量上限 / How many the quota allows")
    above: bool


class Page(BaseModel):
    """Some of the standings, and how many there are."""

    total: int
    standings: list[Line]


def routes(use_cases: StandingUseCases) -> APIRouter:
    """GET /standings, /standings/levels, /standings/{brand}."""
    api = APIRouter(prefix="/standings", tags=["动态管理 standings"])

    @api.get("", summary="品牌级别与状态 Levels and states of brands")
    async def listed(reader: Reader, asked_for: Annotated[Filter, Query()]) -> Page:  # noqa: ARG001 - whoever is signed in
        wanted: dict[str, Any] = asked_for.model_dump(include={"owner", "committee", "state", "level"})
        where = {name: value for name, value in wanted.items() if value is not None}
        rules = (await use_cases.published()).newest
        found = await use_cases.standings.find(where, limit=asked_for.limit, skip=asked_for.skip)
        return Page(total=await use_cases.standings.count(where), standings=[Line.of(one, rules) for one in found])

    @api.get("/levels", summary="各级别数量与配额（仅提示） How many hold each level, beside its quota")
    async def levels(reader: Reader, committee: str | None = None) -> list[Share]:  # noqa: ARG001 - whoever is signed in
        rules = (await use_cases.published()).newest
        where: dict[str, Any] = {"state": {"$ne": "revoked"}} | ({"committee": committee} if committee else {})
        total = await use_cases.standings.count(where)
        shares = []
        for one in rules.levels:
            count = await use_cases.standings.count({**where, "level": one.id})
            most = None if one.quota_percent is None else total * one.quota_percent // 100
            above = most is not None and count > most
            shares.append(
                Share(
                    level=one.id,
                    title=one.title,
                    title_en=one.title_en,
                    brands=count,
                    quota_percent=one.quota_percent,
                    most=most,
                    above=above,
                )
            )
        return shares

    @api.get("/{brand}", summary="一个品牌的动态管理全貌 One standing with its history, as the reader may see it")
    async def one(brand: BrandKey, reader: Reader) -> Full:
        viewer = await use_cases.viewer(brand, reader.user, clock.now())
        return Full.viewer(viewer, (await use_cases.published()).newest, await use_cases.hints(viewer.standing))

    return api
