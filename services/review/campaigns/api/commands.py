"""Commands about campaigns over HTTP, stage by stage; each names the decision that it is, and whose it is."""

from typing import Annotated

from fastapi import APIRouter, Path

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.campaigns.model import enrolling, judging, levels, naming, noticing
from services.review.campaigns.model.commands import (
    Chosen,
    Enrolled,
    Nominated,
    Objected,
    Rated,
    Reasoned,
    Resolved,
    Revealed,
    Seated,
    SheetHandedIn,
    StoodBack,
    TieDecided,
)
from services.review.campaigns.model.plan import Plan, Planned
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.shared.public_notice.notice import Approval, Examination, Judgement, Publication

CampaignKey = Annotated[str, Path(description="批次编号 / The campaign's id", examples=["batch-2026-1"])]
BrandPart = Annotated[str, Path(description="品牌编号 / The brand's id", examples=["b-sanxin"])]


def routes(use_cases: CampaignUseCases) -> list[APIRouter]:
    """A campaign from its plan to its naming."""
    stages = (_plans, _enrolment, _shortlist, _panel, _notice, _naming)
    return [stage(use_cases) for stage in stages]


def _plans(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns · PUT /campaigns/{id} · POST /campaigns/{id}/opening · …/cancellation."""
    api = APIRouter(prefix="/campaigns", tags=["分批次 campaigns"])

    @api.post("", status_code=201, summary="部署一个批次 Plan a campaign")
    async def plan(body: Planned, asked: Asked) -> CommandResult:
        return await use_cases.plan(body, asked)

    @api.put("/{key}", summary="修改方案（开放申报前） Change the plan, before it opens")
    async def change(key: CampaignKey, body: Plan, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, enrolling.change, body)

    @api.post("/{key}/opening", summary="开放申报，范围以今天为准 Open it; who is eligible is as of today")
    async def opened(key: CampaignKey, asked: Asked) -> CommandResult:
        eligible = await use_cases.eligible(key, asked.at)
        return await use_cases.by_office(key, asked, enrolling.open_enrolment, eligible)

    @api.post("/{key}/cancellation", summary="终止批次 End it without naming anybody")
    async def cancelled(key: CampaignKey, body: Reasoned, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, enrolling.cancel, body)

    return api


def _enrolment(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/entrants · …/entrants/{brand}/withdrawal · …/enrolment/closure."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["申报 enrolment"])

    @api.post("/entrants", status_code=201, summary="申报（书记、副书记或党委工作部） Enrol a brand")
    async def enrol(key: CampaignKey, body: Enrolled, asked: Asked) -> CommandResult:
        brand = await use_cases.brand(body.brand)
        await use_cases.require_may_enrol(await use_cases.campaigns.get(key), brand, asked)
        return await use_cases.by_anybody(key, asked, enrolling.enrol, brand)

    @api.post("/entrants/{brand}/withdrawal", summary="撤回申报 A brand takes no further part")
    async def withdraw(key: CampaignKey, brand: BrandPart, body: Reasoned, asked: Asked) -> CommandResult:
        await use_cases.require_may_enrol(await use_cases.campaigns.get(key), await use_cases.brand(brand), asked)
        return await use_cases.by_anybody(key, asked, enrolling.withdraw, brand, body)

    @api.post("/enrolment/closure", summary="结束申报 Nobody enrols any more")
    async def close(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, enrolling.close_enrolment)

    return api


def _shortlist(use_cases: CampaignUseCases) -> APIRouter:
    """PUT /campaigns/{id}/entrants/{brand}/rating · POST …/shortlist · …/shortlist/tie."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["初评入围 shortlist"])

    @api.put("/entrants/{brand}/rating", summary="初评打分 Points of the first assessment; the last word counts")
    async def rate(key: CampaignKey, brand: BrandPart, body: Rated, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.rate, brand, body)

    @api.post("/shortlist", summary="按规则产生入围名单 Draw the shortlist by the plan's rule")
    async def draw(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.draw)

    @api.post("/shortlist/tie", summary="并列时由人决定 Decide a tie at the cut, with a reason")
    async def tie(key: CampaignKey, body: TieDecided, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.decide_cut, body)

    return api


def _panel(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/panel · …/reveal · /campaigns/{id}/cards/{brand}/sheet · /recusals · /reason · /asides."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["评审组打分 panel"])

    @api.post("/panel", status_code=201, summary="组成评审组 Seat the panel; own branches stand back by rule")
    async def seat(key: CampaignKey, body: Seated, asked: Asked) -> CommandResult:
        own = await use_cases.belonging(key, (*body.judges, *body.supervisors), asked.at)
        return await use_cases.by_office(key, asked, judging.seat, body, own)

    @api.post("/cards/{brand}/recusals", status_code=201, summary="回避 A judge stands back from one entrant")
    async def recuse(key: CampaignKey, brand: BrandPart, body: StoodBack, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, asked, judging.recuse, brand, body)

    @api.put("/cards/{brand}/sheet", summary="提交打分表（密封） Hand in one's sheet, sealed until the reveal")
    async def hand_in(key: CampaignKey, brand: BrandPart, body: SheetHandedIn, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, asked, judging.hand_in, brand, body)

    @api.post("/reveal", summary="揭示全部打分（监督人） Reveal all sheets at once, by a supervisor")
    async def reveal(key: CampaignKey, body: Revealed, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, asked, judging.reveal, body)

    @api.post("/cards/{brand}/reason", summary="说明偏离理由（评委） Say why one's total is far from the others")
    async def justify(key: CampaignKey, brand: BrandPart, body: Reasoned, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, asked, judging.justify, brand, body)

    @api.post("/cards/{brand}/asides", summary="不计入未说明的偏离（监督人） Set an unexplained outlier aside")
    async def aside(key: CampaignKey, brand: BrandPart, body: StoodBack, asked: Asked) -> CommandResult:
        return await use_cases.by_anybody(key, asked, judging.set_aside, brand, body)

    return api


def _notice(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/notice, and below it /answers · /approval · /publication · /objections · …/{n}/finding."""
    api = APIRouter(prefix="/campaigns/{key}/notice", tags=["批次公示 campaign notice"])

    @api.post("", status_code=201, summary="提出公示 Propose the notice; the list is final")
    async def propose(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, noticing.propose)

    @api.post("/answers", summary="审核：保密、必要、准确 Review: answer one question")
    async def examine(key: CampaignKey, body: Examination, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, noticing.examine, body)

    @api.post("/approval", summary="审批（党委书记） Approve the publication: the committee's secretary")
    async def approve(key: CampaignKey, body: Approval, asked: Asked) -> CommandResult:
        await use_cases.require_secretary((await use_cases.campaigns.get(key)).plan.committee, asked)
        return await use_cases.by_anybody(key, asked, noticing.approve, body)

    @api.post("/publication", summary="实施：已张贴、发布 It was put up")
    async def publish(key: CampaignKey, body: Publication, asked: Asked) -> CommandResult:
        calendar = await use_cases.standings.reviews.calendars.known()
        return await use_cases.by_office(key, asked, noticing.publish, body, calendar)

    @api.post("/objections", status_code=201, summary="登记异议 Record an objection for whoever raised it")
    async def receive(key: CampaignKey, body: Objected, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, noticing.receive, body)

    @api.post("/objections/{n}/finding", summary="对异议作出决定 Decide an objection")
    async def decide(key: CampaignKey, n: int, body: Judgement, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, noticing.decide, n, body)

    return api


def _naming(use_cases: CampaignUseCases) -> APIRouter:
    """POST /campaigns/{id}/levels · …/levels/{level}/tie · …/awards · …/exemplar · …/naming."""
    api = APIRouter(prefix="/campaigns/{key}", tags=["评级命名 naming"])

    @api.post("/levels", summary="按名次和名额评定级别 Fill the levels by rank within their quotas")
    async def grade(key: CampaignKey, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.grade)

    @api.post("/levels/{level}/tie", summary="并列时由人决定 Decide a tie at a level's edge, with a reason")
    async def tie(key: CampaignKey, level: str, body: TieDecided, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.decide_tie, level, body)

    @api.post("/awards", status_code=201, summary="单项奖提名 Nominate a finalist for a typed award")
    async def nominate(key: CampaignKey, body: Nominated, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.nominate, body)

    @api.put("/exemplar", summary="本批示范（模板）品牌 The exemplar of the batch")
    async def exemplar(key: CampaignKey, body: Chosen, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, levels.choose_exemplar, body)

    @api.post("/naming", summary="党委会决议命名 Name the brands by the committee's resolution")
    async def name(key: CampaignKey, body: Resolved, asked: Asked) -> CommandResult:
        return await use_cases.by_office(key, asked, naming.name, body)

    return api
