"""Decisions about a standing over HTTP. All are the work department's, but for the proof that a branch gives."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from infra.kernel import clock
from infra.kernel.errors import Forbidden
from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking, Reader
from services.review.access import actor_of
from services.review.standings.api.views import open_evidence
from services.review.standings.model.commands import (
    Awarded,
    Closed,
    Concluded,
    Decided,
    Graded,
    Opened,
    Ordered,
    Proved,
    Suspended,
    Year,
)
from services.review.standings.model.evidence import Evidence, Suspected
from services.review.standings.model.grading import award, grade
from services.review.standings.model.rectifying import close, order
from services.review.standings.model.suspending import dismiss, lift, revoke, suspend
from services.review.standings.use_cases import StandingUseCases

BrandKey = Annotated[str, Path(description="品牌编号 / The brand's id", examples=["b-sanxin"])]


def routes(use_cases: StandingUseCases) -> APIRouter:
    """POST /standings/{brand}/grading · /awards · /suspension · /suspension/lifting · /hints/{id}/… · /revocation."""
    api = APIRouter(prefix="/standings/{brand}", tags=["动态管理 decisions"])

    async def suspected(brand: str, hint: str, asked: Asking) -> Suspected:
        row = await use_cases.hint(await use_cases.of_office(brand, asked.user, asked.at), hint)
        return Suspected.model_validate(dict(row))

    @api.post("/grading", summary="评定级别：晋级、降级或直接评定 Bring the brand to a level")
    async def graded(brand: BrandKey, body: Graded, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, grade, body)

    @api.post("/awards", status_code=201, summary="授予奖项 Give an award")
    async def awarded(brand: BrandKey, body: Awarded, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, award, body)

    @api.post("/suspension", summary="暂停 Suspend, with or without a hint; people decide")
    async def suspended(brand: BrandKey, body: Suspended, asked: Asked) -> CommandResult:
        hint = await suspected(brand, body.hint, asked) if body.hint is not None else None
        return await use_cases.decide(brand, asked, body, suspend, hint)

    @api.post("/suspension/lifting", summary="解除暂停 Lift the suspension")
    async def lifted(brand: BrandKey, body: Decided, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, lift)

    @api.post("/hints/{hint}/dismissal", summary="线索不予暂停 A hint needs no suspension, with the reason")
    async def dismissed(brand: BrandKey, hint: str, body: Decided, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, dismiss, await suspected(brand, hint, asked))

    @api.post("/revocation", summary="摘牌 Revoke; the plaque is returned in the ledger of plaques")
    async def revoked(brand: BrandKey, body: Decided, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, revoke)

    return api


def rechecks(use_cases: StandingUseCases) -> APIRouter:
    """GET /standings/{brand}/evidence, POST …/rechecks, POST …/rechecks/{year}/decision."""
    api = APIRouter(prefix="/standings/{brand}", tags=["年度复核 rechecks"])

    @api.get("/evidence", summary="某年度的佐证（自动汇集，仅供判断） The evidence of a year as it is now")
    async def evidence(brand: BrandKey, reader: Reader, year: Annotated[Year, Query()]) -> Evidence:
        now = clock.now()
        viewer = await use_cases.viewer(brand, reader.user, now)
        if not viewer.inside:
            raise Forbidden(
                "standing.not_yours",
                zh="只有该品牌所属党组织及其上级可以查看佐证。",
                en="Only the brand's own organisation and those above it may see the evidence.",
            )
        found = await use_cases.evidence(viewer.standing, year, (await use_cases.published()).newest, now)
        return open_evidence(found, office=viewer.office)

    @api.post("/rechecks", status_code=201, summary="开展年度复核并固化佐证 Open the recheck; its evidence is frozen")
    async def opened(brand: BrandKey, body: Opened, asked: Asked) -> CommandResult:
        await use_cases.of_office(brand, asked.user, asked.at)
        return await use_cases.open_recheck(brand, body.year, actor_of(asked), asked.cause)

    @api.post("/rechecks/{year}/decision", summary="作出复核结论 Decide a recheck")
    async def decided(brand: BrandKey, year: int, body: Concluded, asked: Asked) -> CommandResult:
        return await use_cases.conclude(brand, year, body, asked)

    return api


def rectifications(use_cases: StandingUseCases) -> APIRouter:
    """POST /standings/{brand}/rectifications, …/{n}/proofs, …/{n}/closure."""
    api = APIRouter(prefix="/standings/{brand}/rectifications", tags=["整改 rectifications"])

    @api.post("", status_code=201, summary="下达整改 Order a rectification")
    async def ordered(brand: BrandKey, body: Ordered, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, order, body)

    @api.post("/{n}/proofs", status_code=201, summary="提交整改佐证（支部） Show what was done, by the branch")
    async def proved(brand: BrandKey, n: int, body: Proved, asked: Asked) -> CommandResult:
        return await use_cases.prove(brand, n, body, asked)

    @api.post("/{n}/closure", summary="销号或认定未到位 Close it, met or not")
    async def closed(brand: BrandKey, n: int, body: Closed, asked: Asked) -> CommandResult:
        return await use_cases.decide(brand, asked, body, close, n, body)

    return api
