"""Commands of the steps in which a panel scores, and of those in which a wide body votes online."""

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.procedure import Number
from services.review.reviews.model.scores import (
    ClosePoll,
    CloseScoring,
    Justify,
    PollVote,
    Recuse,
    Reveal,
    Score,
    SetAside,
    StandBack,
)
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.scoring.sheet import Marks
from services.review.shared.text_types import Reason


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


class PollVoted(Said):
    """A secret vote."""

    choice: Literal["for", "against", "abstain"] = Field(description="赞成、反对、弃权 / For, against, abstain")


class PollClosed(Said):
    """The end of the poll."""

    close: bool = Field(default=False, description="不再等待未投票者 / Do not wait for those who have not voted")


def routes(desk: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/scoring/… and /reviews/{id}/poll/…."""
    api = APIRouter(prefix="/reviews/{key}")
    panel, poll = ["评分 scoring"], ["网络投票 poll"]

    @api.post(
        "/scoring/sheets", tags=[*panel], summary="提交打分表（揭示前保密） Hand a sheet in, sealed till the reveal"
    )
    async def score(key: ReviewKey, body: SheetGiven, asked: Asked) -> CommandResult:
        marks = Marks.model_validate(body.model_dump(exclude={"version", "reason"}))
        return await desk.move(key, Score(marks=marks, reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/scoring/recusals", tags=[*panel], summary="评委回避 A judge stands back")
    async def recuse(key: ReviewKey, body: JudgeRecused, asked: Asked) -> CommandResult:
        own = body.judge in (None, asked.user.person)
        move = StandBack(reason=body.reason) if own else Recuse(judge=body.judge or "", reason=body.reason)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    @api.post("/scoring/reveal", tags=[*panel], summary="揭示评分（监督人） Reveal the sheets, by who supervises")
    async def reveal(key: ReviewKey, body: ScoresRevealed, asked: Asked) -> CommandResult:
        return await desk.move(key, Reveal(reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/scoring/justification", tags=[*panel], summary="说明评分偏离理由 Say why one's total is far off")
    async def justify(key: ReviewKey, body: Reasoned, asked: Asked) -> CommandResult:
        return await desk.move(key, Justify(reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/scoring/sheets/{judge}/exclusion", tags=[*panel], summary="不计入未说明理由的打分表 Set a sheet aside")
    async def set_aside(key: ReviewKey, judge: Number, body: Reasoned, asked: Asked) -> CommandResult:
        return await desk.move(key, SetAside(judge=judge, reason=body.reason), asked.user, asked.cause, body.version)

    @api.post("/scoring/closure", tags=[*panel], summary="确认评分结果 Close the scoring: it passes or is lost")
    async def close(key: ReviewKey, body: Said, asked: Asked) -> CommandResult:
        return await desk.move(key, CloseScoring(), asked.user, asked.cause, body.version)

    @api.post("/poll/votes", tags=[*poll], summary="网络投票（保密，一人一次） Vote online, in secret, once")
    async def vote(key: ReviewKey, body: PollVoted, asked: Asked) -> CommandResult:
        return await desk.move(key, PollVote(choice=body.choice), asked.user, asked.cause, body.version)

    @api.post("/poll/closure", tags=[*poll], summary="结束投票，计票 Close the poll, count")
    async def close_poll(key: ReviewKey, body: PollClosed, asked: Asked) -> CommandResult:
        return await desk.move(key, ClosePoll(close=body.close), asked.user, asked.cause, body.version)

    return api
