"""The command of a circulation: somebody has read it."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.steps.acknowledge import Acknowledge
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Words


class Acknowledged(Said):
    """That one has read it."""

    comment: Words | None = Field(default=None, description="意见，可省略 / A comment, optional")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/acknowledgements."""
    api = APIRouter(prefix="/reviews/{key}", tags=["传阅 circulation"])

    @api.post("/acknowledgements", summary="确认已阅（本人） Confirm that one has read it")
    async def acknowledge(key: ReviewKey, body: Acknowledged, asked: Asked) -> CommandResult:
        command = Acknowledge(comment=body.comment)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    return api
