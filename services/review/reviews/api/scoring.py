"""Commands of a panel that scores: sheets, recusals, the reveal, reasons, its end."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.steps.scoring import (
    CloseScoring,
    Justify,
    Recuse,
    Reveal,
    Score,
    SetAside,
    StandBack,
)
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.scoring.sheet import Marks
from services.review.shared.text_types import Number, Reason


class SheetGiven(Said, Marks):
    """A judge's sheet; a change of it after the reveal needs a reason."""

    reason: Reason | None = Field(default=None, description="揭示后更改的理由 / Why it is changed after the reveal")


class JudgeRecused(Said):
    """A judge stands back; without a number it is the caller."""

    judge: Number | None = Field(default=None, description="评委工号，本人声明时省略 / The judge, if not the caller")
    reason: Reason = Field(description="回避理由 / Why")


class ScoresRevealed(Said):
    """The reveal."""

    reason: Reason | None = Field(
        default=None, description="不再等待未提交者的理由 / Why not to wait for those that are missing"
    )


class Reasoned(Said):
    """A reason in writing."""

    reason: Reason = Field(description="理由 / Why")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/scoring/…."""
    api = APIRouter(prefix="/reviews/{key}", tags=["评分 scoring"])

    @api.post("/scoring/sheets", summary="提交打分表（揭示前保密） Hand a sheet in, sealed till the reveal")
    async def score(key: ReviewKey, body: SheetGiven, asked: Asked) -> CommandResult:
        marks = Marks.model_validate(body.model_dump(exclude={"version", "reason"}))
        return await use_cases.execute(
            key, Score(marks=marks, reason=body.reason), asked.user, asked.cause, body.version
        )

    @api.post("/scoring/recusals", summary="评委回避 A judge stands back")
    async def recuse(key: ReviewKey, body: JudgeRecused, asked: Asked) -> CommandResult:
        own = body.judge in (None, asked.user.person)
        command = StandBack(reason=body.reason) if own else Recuse(judge=body.judge or "", reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/scoring/reveal", summary="揭示评分（监督人） Reveal the sheets, by who supervises")
    async def reveal(key: ReviewKey, body: ScoresRevealed, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Reveal(reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/scoring/justification", summary="说明评分偏离理由 Say why one's total is far off")
    async def justify(key: ReviewKey, body: Reasoned, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Justify(reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/scoring/sheets/{judge}/exclusion", summary="不计入未说明理由的打分表 Set a sheet aside")
    async def set_aside(key: ReviewKey, judge: Number, body: Reasoned, asked: Asked) -> CommandResult:
        return await use_cases.execute(
            key, SetAside(judge=judge, reason=body.reason), asked.user, asked.cause, body.version
        )

    @api.post("/scoring/closure", summary="确认评分结果 Close the scoring: it passes or is lost")
    async def close(key: ReviewKey, body: Said, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, CloseScoring(), asked.user, asked.cause, body.version)

    return api
