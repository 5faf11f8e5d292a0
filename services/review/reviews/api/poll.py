"""Commands of an online vote: votes, and its end."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.steps.poll import ClosePoll, PollVote
from services.review.reviews.use_cases import ReviewUseCases


class PollVoted(Said):
    """A secret vote."""

    choice: Literal["for", "against", "abstain"] = Field(description="赞成、反对、弃权 / For, against, abstain")


class PollClosed(Said):
    """The end of the poll."""

    close: bool = Field(default=False, description="不再等待未投票者 / Do not wait for those who have not voted")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/poll/votes · /poll/closure."""
    api = APIRouter(prefix="/reviews/{key}", tags=["网络投票 poll"])

    @api.post("/poll/votes", summary="网络投票（保密，一人一次） Vote online, in secret, once")
    async def vote(key: ReviewKey, body: PollVoted, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, PollVote(choice=body.choice), asked.user, asked.cause, body.version)

    @api.post("/poll/closure", summary="结束投票，计票 Close the poll, count")
    async def close_poll(key: ReviewKey, body: PollClosed, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, ClosePoll(close=body.close), asked.user, asked.cause, body.version)

    return api
