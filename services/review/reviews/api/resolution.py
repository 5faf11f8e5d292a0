"""Commands of the committee's resolution: meetings, the votes in them, and what they resolved."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.commands import Choice
from services.review.reviews.model.steps.resolution import Ballot, Resolve
from services.review.reviews.model.steps.resolution.convening import Convene
from services.review.reviews.model.steps.resolution.meeting import Recorded
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Line


class MeetingHeld(Recorded, Said):
    """A meeting of the Party committee, as its minutes say."""


class BallotCast(Said):
    """A vote in the committee's meeting."""

    choice: Choice | Literal["recuse"] = Field(
        description="赞成、反对、弃权或回避 / For, against, abstain or stand back"
    )


class Resolved(Said):
    """The number under which the meeting resolved."""

    number: Line = Field(description="决议文号 / The resolution's number", examples=["党委决议〔2026〕3号"])
    close: bool = Field(default=False, description="不再等待未表决者 / Do not wait for those who have not voted")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/meetings · /meetings/{n}/votes · /meetings/{n}/resolution."""
    api = APIRouter(prefix="/reviews/{key}", tags=["党委会审定 resolution"])

    @api.post("/meetings", status_code=201, summary="登记会议 Record a meeting that was held")
    async def convene(key: ReviewKey, body: MeetingHeld, asked: Asked) -> CommandResult:
        command = Convene(**body.model_dump(exclude={"version"}))
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/meetings/{n}/votes", summary="会议表决（本人） Vote in the meeting, by oneself")
    async def ballot(key: ReviewKey, n: int, body: BallotCast, asked: Asked) -> CommandResult:
        return await use_cases.execute(
            key, Ballot(meeting=n, choice=body.choice), asked.user, asked.cause, body.version
        )

    @api.post("/meetings/{n}/resolution", summary="形成决议 Make the votes a resolution")
    async def resolve(key: ReviewKey, n: int, body: Resolved, asked: Asked) -> CommandResult:
        command = Resolve(meeting=n, number=body.number, close=body.close)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    return api
