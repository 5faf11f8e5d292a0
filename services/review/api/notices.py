"""Commands of a public notice: its review, approval and publication, and what people say against it."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from infra.http import Asked
from infra.store import Answer
from services.review.api.bodies import ReviewKey, Said
from services.review.model import notice_moves as moves
from services.review.model.notice.notice import Question
from services.review.model.words import Line, Words
from services.review.store import Desk


class Examined(Said):
    """The answer to one question of the review."""

    question: Question = Field(description="保密审查、必要性、准确性 / Which of the three questions")
    passed: bool = Field(description="是否通过 / Whether nothing stands against publishing")
    comment: Words | None = Field(default=None, description="说明；不通过必填 / Why; needed for a no")


class Approved(Said):
    """The approval of the publication."""

    comment: Words | None = Field(default=None, description="审批意见，可省略 / A comment, optional")


class Published(Said):
    """Where and when it was put up."""

    where: Line = Field(description="公示地点、渠道 / Where", examples=["公司公告栏、内网党建专栏"])
    published_on: date | None = Field(default=None, description="公示日期，默认今天 / The day, today if not given")


class Objected(Said):
    """What somebody said against it, taken down by the work department."""

    text: Words = Field(description="异议内容 / The objection")
    raised_by: Line | None = Field(
        default=None,
        description="提出人及联系方式；省略为匿名 / Who raised it and how to reach them, if not anonymous",
    )
    received_on: date | None = Field(default=None, description="收到日期，默认今天 / Received on, today if not given")


class Decided(Said):
    """What was decided on an objection."""

    upheld: bool = Field(description="异议是否成立 / Whether it is upheld")
    reason: Words = Field(description="理由 / Why")
    reply: Words | None = Field(default=None, description="对提出人的答复；实名必填 / The answer; needed if named")


def routes(desk: Desk) -> APIRouter:
    """POST /reviews/{id}/notice/review · /approval · /publication · /objections · /objections/{n}/decision."""
    api = APIRouter(prefix="/reviews/{key}/notice", tags=["公示 public notice"])

    @api.post("/review", summary="公示审核：保密、必要性、准确性 Answer a question of the notice's review")
    async def examine(key: ReviewKey, body: Examined, asked: Asked) -> Answer:
        move = moves.ExamineNotice(question=body.question, passed=body.passed, comment=body.comment)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    @api.post("/approval", summary="公示审批（非审核人） Approve the publication, by who did not review it")
    async def approve(key: ReviewKey, body: Approved, asked: Asked) -> Answer:
        return await desk.move(key, moves.ApproveNotice(comment=body.comment), asked.user, asked.cause, body.version)

    @api.post("/publication", summary="发布公示，次日起计公示期 It was put up; the period begins the next day")
    async def publish(key: ReviewKey, body: Published, asked: Asked) -> Answer:
        move = moves.PublishNotice(where=body.where, published_on=body.published_on)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    @api.post("/objections", status_code=201, summary="登记异议（实名或匿名） Take down an objection")
    async def objection(key: ReviewKey, body: Objected, asked: Asked) -> Answer:
        move = moves.RaiseObjection(text=body.text, raised_by=body.raised_by, received_on=body.received_on)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    @api.post("/objections/{n}/decision", summary="核实并答复异议 Uphold an objection or not, and answer it")
    async def decision(key: ReviewKey, n: int, body: Decided, asked: Asked) -> Answer:
        move = moves.DecideObjection(objection=n, upheld=body.upheld, reason=body.reason, reply=body.reply)
        return await desk.move(key, move, asked.user, asked.cause, body.version)

    return api
