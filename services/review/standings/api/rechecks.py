"""Rechecks over HTTP: one brand's with its evidence, and rounds of them for a year and a committee."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from infra.kernel import clock
from infra.kernel.errors import Forbidden
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader, Reading
from services.review.access import actor_of
from services.review.standings.api.views import BrandKey, open_evidence
from services.review.standings.model.commands import Concluded, Opened, RoundStarted, Year
from services.review.standings.model.evidence import Evidence
from services.review.standings.model.rechecking import Round
from services.review.standings.use_cases import StandingUseCases


class Filter(Paging):
    """In which order rounds are shown."""

    sort: Literal["-started_at", "started_at"] = Field(default="-started_at", description="排序 / Order")


def routes(use_cases: StandingUseCases) -> APIRouter:
    """GET /standings/{brand}/evidence, POST …/rechecks, …/rechecks/{year}/decision; /recheck-rounds, …/{id}."""
    api = APIRouter(tags=["年度复核 rechecks"])

    summary = "批量开展年度复核 Open the recheck of a year for all brands of a committee"

    @api.post("/recheck-rounds", status_code=202, summary=summary)
    async def start(body: RoundStarted, asked: Asked) -> CommandResult:
        if not await use_cases.office_of(body.committee, asked.user, asked.at):
            raise _not_office("/committee")
        return await use_cases.start_round(body, asked)

    @api.get("/recheck-rounds", summary="批量复核及进度 The rounds that one may see, and how far they are")
    async def listed(reader: Reader, ask: Annotated[Filter, Query()]) -> Page[Round]:
        found = await use_cases.rounds.find(limit=0, sort=ask.keys())
        return Page.among([one for one in found if await _may_see(use_cases, reader, one)], ask, lambda one: one.id)

    @api.get("/recheck-rounds/{key}", summary="一次批量复核的进度 One round and how far it is")
    async def one(key: str, reader: Reader) -> Round:
        found = await use_cases.rounds.get(key)
        if not await _may_see(use_cases, reader, found):
            raise _not_office(None)
        return found

    @api.get(
        "/standings/{brand}/evidence", summary="某年度的佐证（自动汇集，仅供判断） The evidence of a year as it is now"
    )
    async def evidence(brand: BrandKey, reader: Reader, year: Annotated[Year, Query()]) -> Evidence:
        now = clock.now()
        viewer = await use_cases.viewer(brand, reader.user, now)
        if not viewer.inside:
            raise Forbidden(
                "standing.not_yours",
                zh="只有该品牌所属党组织及其上级可以查看佐证。",
                en="Only the brand's own organisation and those above it may see the evidence.",
            )
        found = await use_cases.evidence(viewer.standing, year, (await use_cases.published()).newest, now)
        return open_evidence(found, office=viewer.office)

    summary = "开展年度复核并固化佐证 Open the recheck; its evidence is frozen"

    @api.post("/standings/{brand}/rechecks", status_code=201, summary=summary)
    async def opened(brand: BrandKey, body: Opened, asked: Asked) -> CommandResult:
        await use_cases.of_office(brand, asked.user, asked.at)
        return await use_cases.open_recheck(brand, body.year, actor_of(asked), asked.cause)

    @api.post("/standings/{brand}/rechecks/{year}/decision", summary="作出复核结论 Decide a recheck")
    async def decided(brand: BrandKey, year: int, body: Concluded, asked: Asked) -> CommandResult:
        return await use_cases.conclude(brand, year, body, asked)

    return api


async def _may_see(use_cases: StandingUseCases, reader: Reading, one: Round) -> bool:
    overseeing = any(reader.user.has(role, one.committee) for role in ("administrator", "auditor"))
    return overseeing or await use_cases.office_of(one.committee, reader.user, clock.now())


def _not_office(field: str | None) -> Forbidden:
    zh, en = "只有该党委的党委工作部可以办理。", "Only the Party work department of this committee may do this."
    return Forbidden("standing.not_office", zh, en, field=field)
