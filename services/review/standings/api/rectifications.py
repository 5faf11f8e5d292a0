"""Rectifications over HTTP: ordered and closed by the work department, proved by the branch."""

from datetime import date
from functools import partial

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden
from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import Said
from services.review.shared.actor import Actor
from services.review.shared.text_types import Line, Words
from services.review.standings.api.bodies import BrandKey, Decided
from services.review.standings.api.rechecks import Items
from services.review.standings.model.rectifying import Shown, Wanted, close, order, prove
from services.review.standings.model.standing import Standing
from services.review.standings.use_cases import StandingUseCases, current


class Ordered(Decided):
    """What is to be put right, until when."""

    items: Items = Field(description="整改事项 / What is to be put right")
    deadline: date = Field(description="整改期限（含当日） / Until the end of which day")


class Proved(Said):
    """What is shown for an item."""

    item: int = Field(ge=1, description="第几项 / Which item, from 1")
    text: Words = Field(description="整改情况 / What was done")
    link: Line | None = Field(default=None, description="佐证链接，可省略 / A link to the record, optional")


class Closed(Decided):
    """Whether it was met."""

    met: bool = Field(description="是否整改到位 / Whether everything was put right")


def routes(use_cases: StandingUseCases) -> APIRouter:
    """POST /standings/{brand}/rectifications, …/{n}/proofs, …/{n}/closure."""
    api = APIRouter(prefix="/standings/{brand}/rectifications", tags=["整改 rectifications"])

    @api.post("", status_code=201, summary="下达整改 Order a rectification")
    async def ordered(brand: BrandKey, body: Ordered, asked: Asked) -> CommandResult:
        decide = partial(order, wanted=Wanted(body.items, body.deadline))
        return await use_cases.decide(
            brand, decide, body.justification(), asked.user, asked.cause, version=body.version
        )

    @api.post("/{n}/proofs", status_code=201, summary="提交整改佐证（支部） Show what was done, by the branch")
    async def proved(brand: BrandKey, n: int, body: Proved, asked: Asked) -> CommandResult:
        if not (await use_cases.viewer(brand, asked.user, asked.at)).branch:
            raise Forbidden(
                "rectification.not_branch",
                zh="只有该品牌所属党组织的任职人员可以提交整改佐证。",
                en="Only who holds a post at the brand's organisation may show what was done.",
            )
        shown = Shown(body.item, body.text, body.link)
        actor = Actor(by=asked.user.person, at=asked.at)

        def decide(standing: Standing) -> Decision[Standing]:
            return prove(current(standing, body.version), n, shown, actor)

        return await use_cases.standings.update(brand, decide, cause=asked.cause)

    @api.post("/{n}/closure", summary="销号或认定未到位 Close it, met or not")
    async def closed(brand: BrandKey, n: int, body: Closed, asked: Asked) -> CommandResult:
        decide = partial(close, n=n, met=body.met)
        return await use_cases.decide(
            brand, decide, body.justification(), asked.user, asked.cause, version=body.version
        )

    return api
