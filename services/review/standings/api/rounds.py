"""Rounds of rechecks over HTTP: start one for a year and a committee, and see how far it is."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from infra.kernel import clock
from infra.kernel.errors import Forbidden
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader, Reading
from services.review.standings.model.commands import RoundStarted
from services.review.standings.model.round import Round
from services.review.standings.use_cases import StandingUseCases


class Filter(Paging):
    """In which order rounds are shown."""

    sort: Literal["-started_at", "started_at"] = Field(default="-started_at", description="排序 / Order")


def routes(use_cases: StandingUseCases) -> APIRouter:
    """POST and GET /recheck-rounds, GET /recheck-rounds/{id}."""
    api = APIRouter(prefix="/recheck-rounds", tags=["年度复核 rechecks"])

    async def may_see(reader: Reading, one: Round) -> bool:
        overseeing = any(reader.user.has(role, one.committee) for role in ("administrator", "auditor"))
        return overseeing or await use_cases.office_of(one.committee, reader.user, clock.now())

    @api.post("", status_code=202, summary="批量开展年度复核 Open the recheck of a year for all brands of a committee")
    async def start(body: RoundStarted, asked: Asked) -> CommandResult:
        if not await use_cases.office_of(body.committee, asked.user, asked.at):
            raise _not_office("/committee")
        return await use_cases.start_round(body, asked)

    @api.get("", summary="批量复核及进度 The rounds that one may see, and how far they are")
    async def listed(reader: Reader, ask: Annotated[Filter, Query()]) -> Page[Round]:
        found = await use_cases.rounds.find(limit=0, sort=ask.keys())
        return Page.among([one for one in found if await may_see(reader, one)], ask, lambda one: one.id)

    @api.get("/{key}", summary="一次批量复核的进度 One round and how far it is")
    async def one(key: str, reader: Reader) -> Round:
        found = await use_cases.rounds.get(key)
        if not await may_see(reader, found):
            raise _not_office(None)
        return found

    return api


def _not_office(field: str | None) -> Forbidden:
    return Forbidden(
        "standing.not_office",
        zh="只有该党委的党委工作部可以办理。",
        en="Only the Party work department of this committee may do this.",
        field=field,
    )
