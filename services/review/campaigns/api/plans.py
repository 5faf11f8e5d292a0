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
from services.review.shared.actor import Actor
from services.review.shared.text_types import Key


class Planned(Plan):
    """A plan with the id that its campaign is to have."""

    id: Key = Field(description="批次编号 / The campaign's id", examples=["batch-2026-1"])


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns · PUT /campaigns/{id} · POST /campaigns/{id}/opening · …/cancellation."""
    api = APIRouter(prefix="/campaigns", tags=["分批次 campaigns"])

    @api.post("", status_code=201, summary="部署一个批次 Plan a campaign")
    async def plan(body: Planned, asked: Asked) -> CommandResult:
        await use_cases.require_officer(asked.user, body.committee, asked.at)
        drawn = Plan.model_validate(body.model_dump(exclude={"id"}))
        actor = Actor(by=asked.user.person, at=asked.at)
        return await use_cases.campaigns.create(partial(enrolling.draw_up, body.id, drawn, actor), cause=asked.cause)

    @api.put("/{key}", summary="修改方案（开放申报前） Change the plan, before it opens")
    async def change(key: CampaignKey, body: Plan, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, lambda now, actor: enrolling.change(now, body, actor), asked)

    @api.post("/{key}/opening", summary="开放申报，范围以今天为准 Open it; who is eligible is as of today")
    async def opened(key: CampaignKey, asked: Asked) -> CommandResult:
        eligible = await use_cases.eligible(await use_cases.campaigns.get(key), asked.at)
        return await use_cases.by_office(key, lambda now, actor: enrolling.open_enrolment(now, eligible, actor), asked)

    @api.post("/{key}/cancellation", summary="终止批次 End it without naming anybody")
    async def cancelled(key: CampaignKey, body: Reasoned, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, lambda now, actor: enrolling.cancel(now, body.reason, actor), asked)

    return api
