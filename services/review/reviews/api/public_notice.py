"""Commands of a public notice: its review, approval and publication, and what people say against it."""

from fastapi import APIRouter

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.steps import public_notice as commands
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.public_notice.notice import Approval, Complaint, Examination, Judgement, Publication


class Examined(Said, Examination):
    """A question of a review's notice."""


class Approved(Said, Approval):
    """The approval of a review's notice."""


class Published(Said, Publication):
    """Where a review's notice hangs."""


class Objected(Said, Complaint):
    """An objection in a review."""


class Decided(Said, Judgement):
    """What was decided on an objection in a review."""


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/notice/review · /approval · /publication · /objections · /objections/{n}/decision."""
    api = APIRouter(prefix="/reviews/{key}/notice", tags=["公示 public notice"])

    @api.post("/review", summary="公示审核：保密、必要性、准确性 Answer a question of the notice's review")
    async def examine(key: ReviewKey, body: Examined, asked: Asked) -> CommandResult:
        command = commands.ExamineNotice(question=body.question, passed=body.passed, comment=body.comment)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/approval", summary="公示审批（非审核人） Approve the publication, by who did not review it")
    async def approve(key: ReviewKey, body: Approved, asked: Asked) -> CommandResult:
        return await use_cases.execute(
            key, commands.ApproveNotice(comment=body.comment), asked.user, asked.cause, body.version
        )

    @api.post("/publication", summary="发布公示，次日起计公示期 It was put up; the period begins the next day")
    async def publish(key: ReviewKey, body: Published, asked: Asked) -> CommandResult:
        command = commands.PublishNotice(where=body.where, published_on=body.published_on)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/objections", status_code=201, summary="登记异议（实名或匿名） Take down an objection")
    async def objection(key: ReviewKey, body: Objected, asked: Asked) -> CommandResult:
        command = commands.RaiseObjection(text=body.text, raised_by=body.raised_by, received_on=body.received_on)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/objections/{n}/decision", summary="核实并答复异议 Uphold an objection or not, and answer it")
    async def decision(key: ReviewKey, n: int, body: Decided, asked: Asked) -> CommandResult:
        command = commands.DecideObjection(objection=n, upheld=body.upheld, reason=body.reason, reply=body.reply)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    return api
