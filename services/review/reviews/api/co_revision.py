"""Commands of the co-revision: suggestions, their answers, its end."""

from fastapi import APIRouter
from pydantic import Field, JsonValue

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.steps import co_revision as commands
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Pointer, Words


class Suggested(Said):
    """Another value for one place of the document."""

    path: Pointer = Field(
        description="位置（JSON Pointer） / The place", examples=["/slogan", "/blocks/story/data/text"]
    )
    proposal: JsonValue = Field(
        description="建议的内容 / The value proposed", examples=[{"state": "known", "value": "尽心、细心、暖心"}]
    )
    reason: Words = Field(description="理由 / Why")


class Answered(Said):
    """What the branch says to a suggestion."""

    accepted: bool = Field(description="是否采纳 / Accepted or declined")
    reason: Words | None = Field(default=None, description="理由；不采纳必填 / Why; needed to decline")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/suggestions · /suggestions/{n}/answer · /co-revision/closure."""
    api = APIRouter(prefix="/reviews/{key}", tags=["党委协同优化 co-revision"])

    @api.post("/suggestions", status_code=201, summary="提出修改建议 Suggest a change")
    async def suggest(key: ReviewKey, body: Suggested, asked: Asked) -> CommandResult:
        command = commands.Suggest(path=body.path, proposal=body.proposal, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/suggestions/{n}/answer", summary="采纳或不采纳建议（支部） Accept or decline, by the branch")
    async def answer(key: ReviewKey, n: int, body: Answered, asked: Asked) -> CommandResult:
        command = commands.Answer(suggestion=n, accepted=body.accepted, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/co-revision/closure", summary="结束优化 Close the co-revision")
    async def close(key: ReviewKey, body: Said, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, commands.CloseCoRevision(), asked.user, asked.cause, body.version)

    return api
