"""The yearly recheck of one brand over HTTP: see the evidence, open it, decide it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from infra.kernel import clock
from infra.kernel.aggregate import Decision
from infra.kernel.errors import Forbidden, NotFound
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.review.shared.actor import Actor
from services.review.shared.text_types import Key, Words
from services.review.standings.api.bodies import BrandKey, Decided
from services.review.standings.api.rounds import Year
from services.review.standings.api.views import open_evidence
from services.review.standings.model.decision_context import DecisionContext
from services.review.standings.model.evidence import Evidence
from services.review.standings.model.rechecking import Verdict, decide_recheck
from services.review.standings.model.rectifying import Wanted
from services.review.standings.model.rules import Outcome
from services.review.standings.model.standing import Standing
from services.review.standings.use_cases import StandingUseCases

Items = Annotated[tuple[Words, ...], Field(min_length=1, max_length=50)]


class Opened(Body):
    """Which year."""

    year: Year


class Concluded(Decided):
    """The outcome, with the level of an up- or downgrade, or what is to be put right until when."""

    outcome: Outcome = Field(description="复核结论 / The outcome")
    level: Key | None = Field(default=None, description="晋级、降级后的级别，默认相邻一级 / By default the next level")
    items: Items | None = Field(default=None, description="整改事项 / What is to be put right")
    deadline: date | None = Field(default=None, description="整改期限（含当日） / Until the end of which day")

    @property
    def verdict(self) -> Verdict:
        """What was decided."""
        wanted = Wanted(self.items, self.deadline) if self.items and self.deadline else None
        return Verdict(self.outcome, self.level, wanted)


def routes(use_cases: StandingUseCases) -> APIRouter:
    """GET /standings/{brand}/evidence, POST …/rechecks, POST …/rechecks/{year}/decision."""
    api = APIRouter(prefix="/standings/{brand}", tags=["年度复核 rechecks"])

    @api.get("/evidence", summary="某年度的佐证（自动汇集，仅供判断） The evidence of a year as it is now")
    async def evidence(brand: BrandKey, reader: Reader, year: Annotated[Year, Query()]) -> Evidence:
        now = clock.now()
        viewer = await use_cases.viewer(brand, reader.user, now)
        if not viewer.inside:
            raise _not_inside()
        found = await use_cases.evidence(viewer.standing, year, (await use_cases.published()).newest, now)
        return open_evidence(found, office=viewer.office)

    @api.post("/rechecks", status_code=201, summary="开展年度复核并固化佐证 Open the recheck; its evidence is frozen")
    async def opened(brand: BrandKey, body: Opened, asked: Asked) -> CommandResult:
        await use_cases.of_office(brand, asked.user, asked.at)
        return await use_cases.open_recheck(brand, body.year, Actor(by=asked.user.person, at=asked.at), asked.cause)

    @api.post("/rechecks/{year}/decision", summary="作出复核结论 Decide a recheck")
    async def decided(brand: BrandKey, year: int, body: Concluded, asked: Asked) -> CommandResult:
        published = await use_cases.published()

        def decide(standing: Standing, context: DecisionContext) -> Decision[Standing]:
            pinned = next((one.rules for one in standing.rechecks if one.year == year), None)
            if pinned is None:
                raise NotFound("recheck.unknown", zh=f"没有 {year} 年度复核。", en=f"There is no recheck of {year}.")
            opened_under = DecisionContext(context.justification, context.actor, published.numbered(pinned))
            return decide_recheck(standing, year, body.verdict, opened_under)

        return await use_cases.decide(
            brand, decide, body.justification(), asked.user, asked.cause, version=body.version
        )

    return api


def _not_inside() -> Forbidden:
    return Forbidden(
        "standing.not_yours",
        zh="只有该品牌所属党组织及其上级可以查看佐证。",
        en="Only the brand's own organisation and those above it may see the evidence.",
    )
