"""Decisions about a standing over HTTP. All are the work department's, but for the proof that a branch gives."""

from fastapi import APIRouter

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.standings.api.views import BrandKey
from services.review.standings.model import commands
from services.review.standings.model.grading import award, grade
from services.review.standings.model.sanctions import close, dismiss, lift, order, revoke, suspend
from services.review.standings.use_cases import StandingUseCases


def routes(use_cases: StandingUseCases) -> list[APIRouter]:
    """POST /standings/{brand}/grading · /awards · /suspension… · /hints/{id}/… · /revocation · /rectifications…."""
    api = APIRouter(prefix="/standings/{brand}", tags=["动态管理 decisions"])
    rectifications = APIRouter(prefix="/standings/{brand}/rectifications", tags=["整改 rectifications"])

    @api.post("/grading", summary="评定级别：晋级、降级或直接评定 Bring the brand to a level")
    async def graded(brand: BrandKey, body: commands.Graded, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, grade, body)

    @api.post("/awards", status_code=201, summary="授予奖项 Give an award")
    async def awarded(brand: BrandKey, body: commands.Awarded, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, award, body)

    @api.post("/suspension", summary="暂停 Suspend, with or without a hint; people decide")
    async def suspended(brand: BrandKey, body: commands.Suspended, asked: Asked) -> CommandResult:
        hint = await use_cases.hint(brand, body.hint, asked) if body.hint is not None else None
        return await use_cases.decide(brand, asked, body, suspend, hint)

    @api.post("/suspension/lifting", summary="解除暂停 Lift the suspension")
    async def lifted(brand: BrandKey, body: commands.Decided, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, lift)

    @api.post("/hints/{hint}/dismissal", summary="线索不予暂停 A hint needs no suspension, with the reason")
    async def dismissed(brand: BrandKey, hint: str, body: commands.Decided, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, dismiss, await use_cases.hint(brand, hint, asked))

    @api.post("/revocation", summary="摘牌 Revoke; the plaque is returned in the ledger of plaques")
    async def revoked(brand: BrandKey, body: commands.Decided, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, revoke)

    @rectifications.post("", status_code=201, summary="下达整改 Order a rectification")
    async def ordered(brand: BrandKey, body: commands.Ordered, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, order, body)

    @rectifications.post(
        "/{n}/proofs", status_code=201, summary="提交整改佐证（支部） Show what was done, by the branch"
    )
    async def proved(brand: BrandKey, n: int, body: commands.Proved, asked: Asked) -> CommandResult:
        return await use_cases.prove(brand, n, body, asked)

    @rectifications.post("/{n}/closure", summary="销号或认定未到位 Close it, met or not")
    async def closed(brand: BrandKey, n: int, body: commands.Closed, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, close, n, body)

    return [api, rectifications]
