"""Standings over HTTP with the rules they go by: levels and shares for everybody, one in full for those inside."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from infra.kernel import clock
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.review.access import OFFICE, scopes
from services.review.standings.api import decisions, rechecks
from services.review.standings.api.views import BrandKey, Full, Line
from services.review.standings.model.lines import State
from services.review.standings.model.rules import KEY, Drawn, Rules, faults, publish
from services.review.standings.use_cases import StandingUseCases


class Filter(Paging):
    """Which standings to list."""

    owner: str | None = None
    committee: str | None = None
    state: State | None = None
    level: str | None = None


class Share(BaseModel):
    """How many brands hold a level, and whether they are more than its quota: shown, and nothing more."""

    level: str | None
    title: str
    title_en: str
    brands: int
    quota_percent: int | None
    most: int | None = Field(description="配额对应的数量上限 / How many the quota allows")
    above: bool


class ShareFilter(Paging):
    """Under which committee levels are counted."""

    committee: str | None = None


def routes(use_cases: StandingUseCases) -> list[APIRouter]:
    """GET /standings, /standings/levels, /standings/{brand}; with the rules, rechecks and decisions around them."""
    api = APIRouter(prefix="/standings", tags=["动态管理 standings"])

    @api.get("", summary="品牌级别与状态 Levels and states of brands")
    async def listed(_: Reader, ask: Annotated[Filter, Query()]) -> Page[Line]:
        newest = (await use_cases.published()).newest
        return (await use_cases.standings.page(ask.where(), ask)).map(lambda one: Line.of(one, newest))

    @api.get("/levels", summary="各级别数量与配额（仅提示） How many hold each level, beside its quota")
    async def levels(_: Reader, ask: Annotated[ShareFilter, Query()]) -> Page[Share]:
        newest = (await use_cases.published()).newest
        where: dict[str, Any] = {"state": {"$ne": "revoked"}} | ask.where()
        total = await use_cases.standings.count(where)
        shares = []
        for one in newest.levels:
            count = await use_cases.standings.count({**where, "level": one.id})
            most = None if one.quota_percent is None else total * one.quota_percent // 100
            above = most is not None and count > most
            shares.append(Share(level=one.id, brands=count, most=most, above=above, **one.model_dump(exclude={"id"})))
        return Page.among(shares, ask, lambda one: one.level)

    @api.get("/{brand}", summary="一个品牌的动态管理全貌 One standing with its history, as the reader may see it")
    async def one(brand: BrandKey, reader: Reader) -> Full:
        viewer = await use_cases.viewer(brand, reader.user, clock.now())
        return Full.viewer(viewer, (await use_cases.published()).newest, await use_cases.hints(viewer.standing))

    return [_rules(use_cases), rechecks.routes(use_cases), api, *decisions.routes(use_cases)]


class Fault(BaseModel):
    """What does not hold in drawn rules, and where."""

    code: str
    zh: str
    en: str
    field: str | None


def _rules(use_cases: StandingUseCases) -> APIRouter:
    """GET and POST /management-rules, …/versions/{n}, POST …/check."""
    api = APIRouter(prefix="/management-rules", tags=["动态管理办法 management rules"])

    async def in_use() -> set[str]:
        return {one.level for one in await use_cases.standings.find({"level": {"$ne": None}}, limit=0) if one.level}

    @api.get("", summary="现行办法 The rules in force")
    async def newest(reader: Reader) -> Rules:  # noqa: ARG001 - whoever is signed in
        return (await use_cases.published()).newest

    @api.get("/versions", summary="全部版本 Every version")
    async def versions(_: Reader, ask: Paged) -> Page[Rules]:
        return Page.among((await use_cases.published()).versions, ask, lambda one: one.number)

    @api.get("/versions/{number}", summary="一个版本 One version")
    async def version(number: int, reader: Reader) -> Rules:  # noqa: ARG001 - whoever is signed in
        return (await use_cases.published()).numbered(number)

    @api.post("/check", summary="检查拟定的办法（不保存） Check drawn rules; nothing is kept")
    async def check(body: Drawn, asked: Asked) -> list[Fault]:
        asked.user.require("administrator", OFFICE)
        found = faults(body, await in_use())
        return [Fault(code=one.code, zh=one.zh, en=one.en, field=one.field) for one in found]

    @api.post("", status_code=201, summary="发布新版本 Publish the next version; a published one never changes")
    async def post(body: Drawn, asked: Asked) -> CommandResult:
        if not await use_cases.reviews.mirrors.top(scopes(asked.user, OFFICE)):  # every committee's brands go by these
            asked.user.require("administrator", OFFICE, scope="*")
        return await use_cases.rules.put(KEY, partial(publish, drawn=body, in_use=await in_use()), cause=asked.cause)

    return api
