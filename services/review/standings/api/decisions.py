"""Decisions about a standing over HTTP: level, awards, suspension, hints, revocation. All by the work department."""

from functools import partial

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking
from services.review.shared.text_types import Key
from services.review.standings.api.bodies import BrandKey, Decided
from services.review.standings.model.evidence import Suspected
from services.review.standings.model.grading import award, grade
from services.review.standings.model.revoking import revoke
from services.review.standings.model.suspending import dismiss, lift, suspend
from services.review.standings.use_cases import Decide, StandingUseCases


class Graded(Decided):
    """The level, and for a direct grading its ground."""

    level: Key = Field(description="级别 / The level")
    direct: Key | None = Field(default=None, description="直接评定依据，可省略 / Ground of a direct grading")


class Awarded(Decided):
    """Which award."""

    award: Key = Field(description="奖项类型 / Type of the award")


class Suspended(Decided):
    """Why, and because of which hint."""

    hint: str | None = Field(default=None, description="所依据的线索，可省略 / The hint behind it, if any")


def routes(use_cases: StandingUseCases) -> APIRouter:
    """POST /standings/{brand}/grading · /awards · /suspension · /suspension/lifting · /hints/{id}/… · /revocation."""
    api = APIRouter(prefix="/standings/{brand}", tags=["动态管理 decisions"])

    async def made(
        brand: str, decide: Decide, body: Decided, asked: Asking, direct: str | None = None
    ) -> CommandResult:
        justification = body.justification(direct)
        return await use_cases.decide(brand, decide, justification, asked.user, asked.cause, version=body.version)

    async def suspected(brand: str, hint: str, asked: Asking) -> Suspected:
        row = await use_cases.hint(await use_cases.of_office(brand, asked.user, asked.at), hint)
        return Suspected(**row.model_dump())

    @api.post("/grading", summary="评定级别：晋级、降级或直接评定 Bring the brand to a level")
    async def graded(brand: BrandKey, body: Graded, asked: Asked) -> CommandResult:
        return await made(brand, partial(grade, level=body.level), body, asked, body.direct)

    @api.post("/awards", status_code=201, summary="授予奖项 Give an award")
    async def awarded(brand: BrandKey, body: Awarded, asked: Asked) -> CommandResult:
        return await made(brand, partial(award, kind=body.award), body, asked)

    @api.post("/suspension", summary="暂停 Suspend, with or without a hint; people decide")
    async def suspended(brand: BrandKey, body: Suspended, asked: Asked) -> CommandResult:
        hint = await suspected(brand, body.hint, asked) if body.hint is not None else None
        return await made(brand, partial(suspend, hint=hint), body, asked)

    @api.post("/suspension/lifting", summary="解除暂停 Lift the suspension")
    async def lifted(brand: BrandKey, body: Decided, asked: Asked) -> CommandResult:
        return await made(brand, lift, body, asked)

    @api.post("/hints/{hint}/dismissal", summary="线索不予暂停 A hint needs no suspension, with the reason")
    async def dismissed(brand: BrandKey, hint: str, body: Decided, asked: Asked) -> CommandResult:
        return await made(brand, partial(dismiss, hint=await suspected(brand, hint, asked)), body, asked)

    @api.post("/revocation", summary="摘牌 Revoke; the plaque is returned in the ledger of plaques")
    async def revoked(brand: BrandKey, body: Decided, asked: Asked) -> CommandResult:
        return await made(brand, revoke, body, asked)

    return api
