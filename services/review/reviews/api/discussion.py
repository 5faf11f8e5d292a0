"""Commands of the branch discussion: opinions and what becomes of them, votes, its end."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.commands import Choice
from services.review.reviews.model.steps.discussion import CloseDiscussion, Opine, Rule, Vote
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Pointer, Words


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


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/opinions · /opinions/{n}/ruling · /votes · /discussion/closure."""
    api = APIRouter(prefix="/reviews/{key}", tags=["支部内部讨论 discussion"])

    @api.post("/opinions", status_code=201, summary="提出意见 Give an opinion")
    async def opine(key: ReviewKey, body: OpinionGiven, asked: Asked) -> CommandResult:
        return await use_cases.execute(
            key, Opine(text=body.text, path=body.path), asked.user, asked.cause, body.version
        )

    @api.post("/opinions/{n}/ruling", summary="采纳或不采纳意见 Adopt an opinion or not")
    async def rule(key: ReviewKey, n: int, body: OpinionRuled, asked: Asked) -> CommandResult:
        command = Rule(opinion=n, adopted=body.adopted, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/votes", summary="表决（正式党员，一人一次） Vote, full members, once")
    async def vote(key: ReviewKey, body: VoteCast, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Vote(choice=body.choice), asked.user, asked.cause, body.version)

    @api.post("/discussion/closure", summary="结束讨论，计票 Close the discussion, count")
    async def close(key: ReviewKey, body: DiscussionClosed, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, CloseDiscussion(close=body.close), asked.user, asked.cause, body.version)

    return api
