"""Commands of the steps that are decided by signatures: sign, add a signer, remove one."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.steps.signing import AddSigner, RemoveSigner, Sign
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Number, Words


class Signed(Said):
    """A signature."""

    choice: Literal["agree", "disagree"] = Field(description="同意、不同意 / Agree or disagree")
    comment: Words | None = Field(default=None, description="意见，可省略 / A comment, optional")
    signer: Number | None = Field(default=None, description="代理签署时：代谁签 / For a proxy: in whose name")


class SignerAdded(Said):
    """Who is to sign as well."""

    person: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由 / Why")


class SignerRemoved(Said):
    """Why somebody need not sign."""

    reason: Words = Field(description="理由 / Why")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/signatures · /signers · /signers/{person}/removal."""
    api = APIRouter(prefix="/reviews/{key}", tags=["会签、或签 signing"])

    @api.post("/signatures", summary="签署：同意或不同意 Sign: agree or disagree")
    async def sign(key: ReviewKey, body: Signed, asked: Asked) -> CommandResult:
        command = Sign(choice=body.choice, comment=body.comment, signer=body.signer)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/signers", status_code=201, summary="加签 Add a signer")
    async def add(key: ReviewKey, body: SignerAdded, asked: Asked) -> CommandResult:
        command = AddSigner(person=body.person, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/signers/{person}/removal", summary="减签（未签署者） Remove a signer who has not signed")
    async def remove(key: ReviewKey, person: Number, body: SignerRemoved, asked: Asked) -> CommandResult:
        command = RemoveSigner(person=person, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    return api
