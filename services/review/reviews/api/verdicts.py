"""Commands that belong to no single kind of step: check, return, reject, recall."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.errors import Invalid
from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.commands import Command, Recall, Reject, SendBack
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Key, Words


class Checked(Said):
    """The outcome of a check."""

    decision: Literal["agree", "return", "reject"] = Field(description="同意、退回或驳回 / Agree, return or reject")
    reason: Words | None = Field(default=None, description="意见；退回、驳回必填 / Needed for return and reject")
    to: Key | None = Field(
        default=None, description="退回到的环节，默认初稿 / The step to return to, by default the draft"
    )


class Returned(Said):
    """Where to return to, and why."""

    to: Key | None = Field(
        default=None,
        description="退回到的环节，默认初稿，previous 为上一环节 / The step; by default the draft; or: previous",
    )
    resume: bool = Field(
        default=False,
        description="重新提交后直接回到本环节，而非逐环节重走 / What comes back goes straight to this step again",
    )
    reason: Words = Field(description="理由 / Why")


class Rejected(Said):
    """Why the review ends."""

    reason: Words = Field(description="理由 / Why")


class Recalled(Said):
    """Why the submitter takes it back."""

    reason: Words | None = Field(default=None, description="理由，可省略 / Why, optional")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/check · /return · /rejection · /recall."""
    api = APIRouter(prefix="/reviews/{key}", tags=["审核 check"])

    @api.post("/check", summary="审核：同意、退回或驳回 Check: agree, return or reject")
    async def check(key: ReviewKey, body: Checked, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, _decided(body), asked.user, asked.cause, body.version)

    @api.post("/return", summary="退回到之前的任一环节 Return to any earlier step")
    async def send_back(key: ReviewKey, body: Returned, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, _back(body), asked.user, asked.cause, body.version)

    @api.post("/rejection", summary="驳回 Reject for good")
    async def reject(key: ReviewKey, body: Rejected, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Reject(reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/recall", summary="撤回（提交人） Recall, by the submitter")
    async def recall(key: ReviewKey, body: Recalled, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Recall(reason=body.reason), asked.user, asked.cause, body.version)

    return api


def _back(body: Returned) -> Command:
    return SendBack(to=body.to, reason=body.reason, resume=body.resume)


def _decided(body: Checked) -> Command:
    if body.decision == "agree":
        return Agree(comment=body.reason)
    if body.reason is None:
        raise Invalid("check.no_reason", zh="退回或驳回须说明理由。", en="Say why.", field="/reason")
    return SendBack(to=body.to, reason=body.reason) if body.decision == "return" else Reject(reason=body.reason)
