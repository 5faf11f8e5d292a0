"""Levels, awards, the exemplar, and the naming."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked, Body
from services.review.campaigns.api.bodies import CampaignKey, Chosen, TieDecided
from services.review.campaigns.model import levels, naming
from services.review.campaigns.model.levels import Nominee, Picked
from services.review.campaigns.model.naming import Meeting
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.shared.text_types import Key, Line


class Nominated(Chosen):
    """Which award."""

    award: Key = Field(description="奖项 / The award")


class Resolved(Body):
    """The committee's resolution, with the figures of its meeting."""

    number: Line = Field(description="决议文号 / The resolution's number", examples=["党委决议〔2026〕9号"])
    meeting: Line = Field(description="会议 / The meeting", examples=["2026年第6次党委会"])
    held_on: date = Field(description="会议日期 / Its day")
    expected: int = Field(ge=1, le=1000, description="应到 / Expected")
    present: int = Field(ge=0, le=1000, description="实到 / Present")
    in_favour: int = Field(ge=0, le=1000, description="赞成 / In favour")
    against: int = Field(ge=0, le=1000, description="反对 / Against")
    abstained: int = Field(ge=0, le=1000, description="弃权 / Abstained")
    recused: int = Field(default=0, ge=0, le=1000, description="回避 / Stood back")


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/levels · …/levels/{level}/tie · …/awards · …/exemplar · …/naming."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["评级命名 naming"])

    @api.post("/levels", summary="按名次和名额评定级别 Fill the levels by rank within their quotas")
    async def grade(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, levels.grade, asked)

    @api.post("/levels/{level}/tie", summary="并列时由人决定 Decide a tie at a level's edge, with a reason")
    async def tie(key: CampaignKey, level: str, body: TieDecided, asked: Asked) -> CommandResult:
        picked = Picked(body.picked, body.reason)
        return await use_cases.by_office(key, lambda now, act: levels.decide_tie(now, level, picked, act), asked)

    @api.post("/awards", status_code=201, summary="单项奖提名 Nominate a finalist for a typed award")
    async def nominate(key: CampaignKey, body: Nominated, asked: Asked) -> CommandResult:
        nominee = Nominee(body.award, body.brand, body.reason)
        return await use_cases.by_office(key, lambda now, act: levels.nominate(now, nominee, act), asked)

    @api.put("/exemplar", summary="本批示范（模板）品牌 The exemplar of the batch")
    async def exemplar(key: CampaignKey, body: Chosen, asked: Asked) -> CommandResult:
        return await use_cases.by_office(
            key, lambda now, act: levels.choose_exemplar(now, body.brand, body.reason, act), asked
        )

    @api.post("/naming", summary="党委会决议命名 Name the brands by the committee's resolution")
    async def name(key: CampaignKey, body: Resolved, asked: Asked) -> CommandResult:
        meeting = Meeting(**dict(body))
        return await use_cases.by_office(key, lambda now, act: naming.name(now, meeting, act), asked)

    return api
