"""Enrolment: a brand takes part by its secretary's hand, may withdraw, and one day nobody else can come."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked, Body
from services.review.campaigns.api.bodies import BrandPart, CampaignKey, Reasoned
from services.review.campaigns.model import enrolling
from services.review.campaigns.use_cases import CampaignUseCases


class Enrolled(Body):
    """Which brand; everything else about it is known."""

    brand: str = Field(description="品牌编号 / The brand's id")


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/entrants · …/entrants/{brand}/withdrawal · …/enrolment/closure."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["申报 enrolment"])

    @api.post("/entrants", status_code=201, summary="申报（书记、副书记或党委工作部） Enrol a brand")
    async def enrol(key: CampaignKey, body: Enrolled, asked: Asked) -> CommandResult:
        brand = await use_cases.brand(body.brand)
        await use_cases.require_may_enrol(await use_cases.campaigns.get(key), brand, asked)
        return await use_cases.by_anybody(key, lambda now, act: enrolling.enrol(now, brand, act), asked)

    @api.post("/entrants/{brand}/withdrawal", summary="撤回申报 A brand takes no further part")
    async def withdraw(key: CampaignKey, brand: BrandPart, body: Reasoned, asked: Asked) -> CommandResult:
        await use_cases.require_may_enrol(await use_cases.campaigns.get(key), await use_cases.brand(brand), asked)
        return await use_cases.by_anybody(key, lambda now, act: enrolling.withdraw(now, brand, body.reason, act), asked)

    @api.post("/enrolment/closure", summary="结束申报 Nobody enrols any more")
    async def close(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, enrolling.close_enrolment, asked)

    return api
