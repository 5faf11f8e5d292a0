"""The first assessment (初评) and the shortlist."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked, Body
from services.review.campaigns.api.bodies import BrandPart, CampaignKey, TieDecided
from services.review.campaigns.model import shortlisting
from services.review.campaigns.model.shortlisting import First
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.shared.scoring.record import Points
from services.review.shared.text_types import Reason


class Rated(Body):
    """What the work department says of an entrant."""

    points: Points = Field(description="初评得分 / Points of the first assessment")
    gate: bool = Field(description="是否达到门槛（如支部达标） / Whether the gate is open to it")
    comment: Reason | None = Field(default=None, description="评语，可省略 / A comment, optional")


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """PUT /campaigns/{id}/entrants/{brand}/rating · POST …/shortlist · …/shortlist/tie."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["初评入围 shortlist"])

    @api.put("/entrants/{brand}/rating", summary="初评打分 Points of the first assessment; the last word counts")
    async def rate(key: CampaignKey, brand: BrandPart, body: Rated, asked: Asked) -> CommandResult:
        first = First(body.points, body.gate, body.comment)
        return await use_cases.by_office(key, lambda now, act: shortlisting.rate(now, brand, first, act), asked)

    @api.post("/shortlist", summary="按规则产生入围名单 Draw the shortlist by the plan's rule")
    async def draw(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, shortlisting.draw, asked)

    @api.post("/shortlist/tie", summary="并列时由人决定 Decide a tie at the cut, with a reason")
    async def tie(key: CampaignKey, body: TieDecided, asked: Asked) -> CommandResult:
        return await use_cases.by_office(
            key, lambda now, act: shortlisting.decide_tie(now, body.picked, body.reason, act), asked
        )

    return api
