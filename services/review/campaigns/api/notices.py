"""The public notice of a campaign (公示): proposed, reviewed, approved, put up; objections received and decided."""

from datetime import date

from fastapi import APIRouter
from pydantic import Field

from infra.http import Asked, Asking, Body
from infra.store import Answer
from services.review.campaigns.api.bodies import CampaignKey, Reasoned
from services.review.campaigns.bureau import Bureau
from services.review.campaigns.model import noticing
from services.review.campaigns.model.noticing import Complaint
from services.review.model.notice.notice import Approved, Examined, Finding, Mark, Published, Question
from services.review.model.words import Line, Words


class Answered(Body):
    """One question of the review."""

    question: Question = Field(description="保密、必要性、准确性 / Secrecy, necessity, accuracy")
    passed: bool = Field(description="是否通过 / Whether nothing stands against publishing")
    comment: Words | None = Field(default=None, description="意见；不通过必填 / Comment; a no needs one")


class Approval(Body):
    """The approval of the publication."""

    comment: Words | None = Field(default=None, description="意见，可省略 / A comment, optional")


class PutUp(Body):
    """Where it hangs since when."""

    where: Line = Field(description="公示地点、渠道 / Where")
    on: date = Field(description="公示之日；期限自次日起算 / The day; the period begins the day after")


class Objected(Body):
    """What somebody says against an entrant."""

    brand: str = Field(description="所异议的品牌 / The brand it is about")
    text: Words = Field(description="异议内容 / What was said")
    raised_by: Line | None = Field(default=None, description="提出人，匿名则省略 / Who raised it; none = anonymous")
    received_on: date | None = Field(default=None, description="收到日期，默认今天 / When it came; today by default")


class Found(Reasoned):
    """The decision on an objection."""

    upheld: bool = Field(description="是否成立 / Whether it is upheld")
    reply: Words | None = Field(default=None, description="对实名提出人的答复 / What they were told")


def routes(bureau: Bureau) -> APIRouter:
    """POST /campaigns/{id}/notice, and below it /answers · /approval · /publication · /objections · …/{n}/finding."""
    api = APIRouter(prefix="/campaigns/{key}/notice", tags=["批次公示 campaign notice"])

    def mark(asked: Asking) -> Mark:
        return Mark(by=asked.user.person, at=asked.at)

    @api.post("", status_code=201, summary="提出公示 Propose the notice; the list is final")
    async def propose(key: CampaignKey, asked: Asked) -> Answer:
        return await bureau.by_office(key, lambda now, _: noticing.propose(now, mark(asked)), asked)

    @api.post("/answers", summary="审核：保密、必要、准确 Review: answer one question")
    async def examine(key: CampaignKey, body: Answered, asked: Asked) -> Answer:
        answer = Examined(**dict(mark(asked)), **dict(body))
        return await bureau.by_office(key, lambda now, _: noticing.examine(now, answer), asked)

    @api.post("/approval", summary="审批（党委书记） Approve the publication: the committee's secretary")
    async def approve(key: CampaignKey, body: Approval, asked: Asked) -> Answer:
        await bureau.require_secretary((await bureau.campaigns.get(key)).plan.committee, asked)
        approval = Approved(**dict(mark(asked)), **dict(body))
        return await bureau.by_anybody(key, lambda now, _: noticing.approve(now, approval), asked)

    @api.post("/publication", summary="实施：已张贴、发布 It was put up")
    async def publish(key: CampaignKey, body: PutUp, asked: Asked) -> Answer:
        calendar = await bureau.register.desk.calendars.known()
        published = Published(**dict(mark(asked)), **dict(body))
        return await bureau.by_office(key, lambda now, _: noticing.publish(now, published, calendar), asked)

    @api.post("/objections", status_code=201, summary="登记异议 Record an objection for whoever raised it")
    async def receive(key: CampaignKey, body: Objected, asked: Asked) -> Answer:
        said = Complaint(**dict(body))
        return await bureau.by_office(key, lambda now, _: noticing.receive(now, said, mark(asked)), asked)

    @api.post("/objections/{n}/finding", summary="对异议作出决定 Decide an objection")
    async def decide(key: CampaignKey, n: int, body: Found, asked: Asked) -> Answer:
        finding = Finding(**dict(mark(asked)), **dict(body))
        return await bureau.by_office(key, lambda now, _: noticing.decide(now, n, finding), asked)

    return api
