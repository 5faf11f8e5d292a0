"""The rules of dynamic management over HTTP: read them, check drawn ones, publish the next version."""

from functools import partial

from fastapi import APIRouter
from pydantic import BaseModel

from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.review.access import OFFICE, scopes
from services.review.standings.model.rules import KEY, Drawn, Rules, faults, publish
from services.review.standings.use_cases import StandingUseCases


class Fault(BaseModel):
    """What does not hold in drawn rules, and where."""

    code: str
    zh: str
    en: str
    field: str | None


def routes(use_cases: StandingUseCases) -> APIRouter:
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
