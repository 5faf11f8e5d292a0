"""Commands of the steps in which a body decides: the branch discussion and the committee's resolution."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.attendance import Recorded
from services.review.reviews.model.commands import Ballot, Choice, CloseDiscussion, Convene, Opine, Resolve, Rule, Vote
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Line, Pointer, Words


class OpinionGiven(Said):
    """A member's opinion."""

    text: Words = Field(description="意见 / The opinion")
    path: Pointer | None = Field(default=None, description="所指位置（JSON Pointer） / The place it is about, optional")


class OpinionRuled(Said):
    """What becomes of an opinion."""

    adopted: bool = Field(description="是否采纳 / Adopted or not")
    reason: Words = Field(description="理由 / Why")


class VoteCast(Said):
    """A vote in the branch discussion."""

    choice: Choice = Field(description="赞成、反对、弃权 / For, against, abstain")


class DiscussionClosed(Said):
    """The end of the discussion."""

    close: bool = Field(default=False, description="不再等待未表决者 / Do not wait for those who have not voted")


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


def routes(desk: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/opinions … /discussion/closure, /meetings … /resolution."""
    api = APIRouter(prefix="/reviews/{key}")
    talk, meet = ["支部内部讨论 discussion"], ["党委会审定 resolution"]

    @api.post("/opinions", status_code=201, tags=[*talk], summary="提出意见 Give an opinion")
    async def opine(key: ReviewKey, body: OpinionGiven, asked: Asked) -> CommandResult:
        return await desk.move(key, Opine(text=body.text, path=body.path), asked.user, asked.cause, body.version)

    @api.post("/opinions/{n}/ruling", tags=[*talk], summary="采纳或不采纳意见 Adopt an opinion or not")
    async def rule(key: ReviewKey, n: int, body: OpinionRuled, asked: Asked) -> CommandResult:
        move = Rule(opinion=n, adopted=body.adopted, reason=body.reason)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    @api.post("/votes", tags=[*talk], summary="表决（正式党员，一人一次） Vote, full members, once")
    async def vote(key: ReviewKey, body: VoteCast, asked: Asked) -> CommandResult:
        return await desk.move(key, Vote(choice=body.choice), asked.user, asked.cause, body.version)

    @api.post("/discussion/closure", tags=[*talk], summary="结束讨论，计票 Close the discussion, count")
    async def close(key: ReviewKey, body: DiscussionClosed, asked: Asked) -> CommandResult:
        return await desk.move(key, CloseDiscussion(close=body.close), asked.user, asked.cause, body.version)

    @api.post("/meetings", status_code=201, tags=[*meet], summary="登记会议 Record a meeting that was held")
    async def convene(key: ReviewKey, body: MeetingHeld, asked: Asked) -> CommandResult:
        move = Convene(**body.model_dump(exclude={"version"}))
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    @api.post("/meetings/{n}/votes", tags=[*meet], summary="会议表决（本人） Vote in the meeting, by oneself")
    async def ballot(key: ReviewKey, n: int, body: BallotCast, asked: Asked) -> CommandResult:
        return await desk.move(key, Ballot(meeting=n, choice=body.choice), asked.user, asked.cause, body.version)

    @api.post("/meetings/{n}/resolution", tags=[*meet], summary="形成决议 Make the votes a resolution")
    async def resolve(key: ReviewKey, n: int, body: Resolved, asked: Asked) -> CommandResult:
        move = Resolve(meeting=n, number=body.number, close=body.close)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    return api
