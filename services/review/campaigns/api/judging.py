"""The panel (评审组): seat it, stand back, hand in, reveal, give reasons, set aside."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked, Body
from services.review.campaigns.api.bodies import BrandPart, CampaignKey, Reasoned
from services.review.campaigns.model import judging
from services.review.campaigns.model.judging import PanelComposition
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.shared.scoring.record import Judge
from services.review.shared.scoring.sheet import Marks
from services.review.shared.text_types import Reason


class Seated(Body):
    """Who scores, who supervises, and the fewest sheets that make a result."""

    judges: tuple[Judge, ...] = Field(min_length=1, max_length=50, description="评委（工号） / Judges, by number")
    supervisors: tuple[Judge, ...] = Field(max_length=10, description="监督人（工号） / Supervisors, by number")
    quorum: int = Field(ge=1, le=50, description="最少有效打分表 / Fewest sheets that make a result")


class Sheet(Body):
    """One judge's sheet; after the reveal a change needs a reason."""

    marks: Marks = Field(description="打分 / The marks")
    reason: Reason | None = Field(default=None, description="揭示后更改的理由 / Why, for a change after the reveal")


class Revealed(Body):
    """The reveal; why sheets that are missing are not waited for."""

    shortfall: Reason | None = Field(default=None, description="不再等待的理由 / Why not to wait for missing sheets")


class StoodBack(Reasoned):
    """Who stands back, and why."""

    judge: Judge = Field(description="评委（工号） / The judge, by number")


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/panel · …/reveal · /campaigns/{id}/cards/{brand}/sheet · /recusals · /reason · /asides."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["评审组打分 panel"])

    @api.post("/panel", status_code=201, summary="组成评审组 Seat the panel; own branches stand back by rule")
    async def seat(key: CampaignKey, body: Seated, asked: Asked) -> CommandResult:
        bench = PanelComposition(body.judges, body.supervisors, body.quorum)
        campaign = await use_cases.campaigns.get(key)
        own = await use_cases.belonging(campaign, (*body.judges, *body.supervisors), asked.at)
        return await use_cases.by_office(key, lambda now, act: judging.seat(now, bench, own, act), asked)

    @api.post("/cards/{brand}/recusals", status_code=201, summary="回避 A judge stands back from one entrant")
    async def recuse(key: CampaignKey, brand: BrandPart, body: StoodBack, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(
            key, lambda now, act: judging.recuse(now, brand, body.judge, body.reason, act), asked
        )

    @api.put("/cards/{brand}/sheet", summary="提交打分表（密封） Hand in one's sheet, sealed until the reveal")
    async def hand_in(key: CampaignKey, brand: BrandPart, body: Sheet, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(
            key, lambda now, act: judging.hand_in(now, brand, body.marks, body.reason, act), asked
        )

    @api.post("/reveal", summary="揭示全部打分（监督人） Reveal all sheets at once, by a supervisor")
    async def reveal(key: CampaignKey, body: Revealed, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, lambda now, act: judging.reveal(now, body.shortfall, act), asked)

    @api.post("/cards/{brand}/reason", summary="说明偏离理由（评委） Say why one's total is far from the others")
    async def justify(key: CampaignKey, brand: BrandPart, body: Reasoned, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, lambda now, act: judging.justify(now, brand, body.reason, act), asked)

    @api.post("/cards/{brand}/asides", summary="不计入未说明的偏离（监督人） Set an unexplained outlier aside")
    async def aside(key: CampaignKey, brand: BrandPart, body: StoodBack, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(
            key, lambda now, act: judging.set_aside(now, brand, body.judge, body.reason, act), asked
        )

    return api
