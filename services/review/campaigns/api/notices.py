"""The public notice of a campaign (公示): proposed, reviewed, approved, put up; objections received and decided."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking
from services.review.campaigns.api.bodies import CampaignKey
from services.review.campaigns.model import noticing
from services.review.campaigns.model.noticing import Complaint
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.shared.actor import Actor
from services.review.shared.public_notice import notice
from services.review.shared.public_notice.bodies import Approval, Examination, Finding, Objection, Publication
from services.review.shared.role_holders import day_of


class Objected(Objection):
    """An objection against one entrant."""

    brand: str = Field(description="所异议的品牌 / The brand it is about")


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/notice, and below it /answers · /approval · /publication · /objections · …/{n}/finding."""
    api = APIRouter(prefix="/campaigns/{key}/notice", tags=["批次公示 campaign notice"])

    def actor(asked: Asking) -> Actor:
        return Actor(by=asked.user.person, at=asked.at)

    @api.post("", status_code=201, summary="提出公示 Propose the notice; the list is final")
    async def propose(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, lambda now, _: noticing.propose(now, actor(asked)), asked)

    @api.post("/answers", summary="审核：保密、必要、准确 Review: answer one question")
    async def examine(key: CampaignKey, body: Examination, asked: Asked) -> CommandResult:
        answer = notice.Examined(**dict(actor(asked)), **dict(body))
        return await use_cases.by_office(key, lambda now, _: noticing.examine(now, answer), asked)

    @api.post("/approval", summary="审批（党委书记） Approve the publication: the committee's secretary")
    async def approve(key: CampaignKey, body: Approval, asked: Asked) -> CommandResult:
        await use_cases.require_secretary((await use_cases.campaigns.get(key)).plan.committee, asked)
        approval = notice.Approved(**dict(actor(asked)), **dict(body))
        return await use_cases.by_anybody(key, lambda now, _: noticing.approve(now, approval), asked)

    @api.post("/publication", summary="实施：已张贴、发布 It was put up")
    async def publish(key: CampaignKey, body: Publication, asked: Asked) -> CommandResult:
        calendar = await use_cases.standings.reviews.calendars.known()
        on = body.published_on or day_of(asked.at)
        published = notice.Published(**dict(actor(asked)), where=body.where, on=on)
        return await use_cases.by_office(key, lambda now, _: noticing.publish(now, published, calendar), asked)

    @api.post("/objections", status_code=201, summary="登记异议 Record an objection for whoever raised it")
    async def receive(key: CampaignKey, body: Objected, asked: Asked) -> CommandResult:
        said = Complaint(**dict(body))
        return await use_cases.by_office(key, lambda now, _: noticing.receive(now, said, actor(asked)), asked)

    @api.post("/objections/{n}/finding", summary="对异议作出决定 Decide an objection")
    async def decide(key: CampaignKey, n: int, body: Finding, asked: Asked) -> CommandResult:
        finding = notice.Finding(**dict(actor(asked)), **dict(body))
        return await use_cases.by_office(key, lambda now, _: noticing.decide(now, n, finding), asked)

    return api
