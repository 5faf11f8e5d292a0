"""Planning a campaign: draw it up, change it, open it, cancel it."""

from functools import partial

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.campaigns.api.bodies import CampaignKey, Reasoned
from services.review.campaigns.model import enrolling
from services.review.campaigns.model.plan import Plan
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.shared.scoring.panel import Act
from services.review.shared.text_types import Key


class Planned(Plan):
    """A plan with the id that its campaign is to have."""

    id: Key = Field(description="批次编号 / The campaign's id", examples=["batch-2026-1"])


def routes(bureau: CampaignUseCases) -> APIRouter:
    """POST /campaigns · PUT /campaigns/{id} · POST /campaigns/{id}/opening · …/cancellation."""
    api = APIRouter(prefix="/campaigns", tags=["分批次 campaigns"])

    @api.post("", status_code=201, summary="部署一个批次 Plan a campaign")
    async def plan(body: Planned, asked: Asked) -> CommandResult:
        await bureau.require_officer(asked.user, body.committee, asked.at)
        drawn = Plan.model_validate(body.model_dump(exclude={"id"}))
        act = Act(asked.user.person, asked.at)
        return await bureau.campaigns.create(partial(enrolling.draw_up, body.id, drawn, act), cause=asked.cause)

    @api.put("/{key}", summary="修改方案（开放申报前） Change the plan, before it opens")
    async def change(key: CampaignKey, body: Plan, asked: Asked) -> CommandResult:
        return await bureau.by_office(key, lambda now, act: enrolling.change(now, body, act), asked)

    @api.post("/{key}/opening", summary="开放申报，范围以今天为准 Open it; who is eligible is as of today")
    async def opened(key: CampaignKey, asked: Asked) -> CommandResult:
        eligible = await bureau.eligible(await bureau.campaigns.get(key), asked.at)
        return await bureau.by_office(key, lambda now, act: enrolling.open_enrolment(now, eligible, act), asked)

    @api.post("/{key}/cancellation", summary="终止批次 End it without naming anybody")
    async def cancelled(key: CampaignKey, body: Reasoned, asked: Asked) -> CommandResult:
        return await bureau.by_office(key, lambda now, act: enrolling.cancel(now, body.reason, act), asked)

    return api
