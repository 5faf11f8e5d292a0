"""Commands about campaigns over HTTP, stage by stage; each names the decision that it is, and whose it is."""

from inspect import Parameter, Signature
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path

from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking
from services.review.campaigns.model import commands, enrolling, judging, levels, naming
from services.review.campaigns.model.plan import Plan, Planned
from services.review.campaigns.use_cases import CampaignUseCases, Decide
from services.review.shared.public_notice.notice import Approval, Examination, Judgement, Publication

CampaignKey = Annotated[str, Path(description="批次编号 / The campaign's id", examples=["batch-2026-1"])]
BrandPart = Annotated[str, Path(description="品牌编号 / The brand's id", examples=["b-sanxin"])]
IN_PATH = {"brand": BrandPart, "level": str, "n": int}
PLANS, ENROLMENT, SHORTLIST = "分批次 campaigns", "申报 enrolment", "初评入围 shortlist"
PANEL, NOTICE, NAMING = "评审组打分 panel", "批次公示 campaign notice", "评级命名 naming"


class Way(NamedTuple):
    """One command: where it is given, what it decides, and its body; ``office``: it is the work department's."""

    tag: str
    route: str
    summary: str
    decide: Decide
    body: type | None = None
    office: bool = True
    status: int = 200


WAYS = (
    Way(PLANS, "PUT ", "修改方案（开放申报前） Change the plan, before it opens", enrolling.change, Plan),
    Way(PLANS, "POST /cancellation", "终止批次 End it without naming anybody", enrolling.cancel, commands.Reasoned),
    Way(ENROLMENT, "POST /enrolment/closure", "结束申报 Nobody enrols any more", enrolling.close_enrolment),
    Way(SHORTLIST, "PUT /entrants/{brand}/rating", "初评打分 Points of the first assessment; the last word counts",
        levels.rate, commands.Rated),
    Way(SHORTLIST, "POST /shortlist", "按规则产生入围名单 Draw the shortlist by the plan's rule", levels.draw),
    Way(SHORTLIST, "POST /shortlist/tie", "并列时由人决定 Decide a tie at the cut, with a reason",
        levels.decide_cut, commands.TieDecided),
    Way(PANEL, "POST /cards/{brand}/recusals", "回避 A judge stands back from one entrant",
        judging.recuse, commands.StoodBack, office=False, status=201),
    Way(PANEL, "PUT /cards/{brand}/sheet", "提交打分表（密封） Hand in one's sheet, sealed until the reveal",
        judging.hand_in, commands.SheetHandedIn, office=False),
    Way(PANEL, "POST /reveal", "揭示全部打分（监督人） Reveal all sheets at once, by a supervisor",
        judging.reveal, commands.Revealed, office=False),
    Way(PANEL, "POST /cards/{brand}/reason", "说明偏离理由（评委） Say why one's total is far from the others",
        judging.justify, commands.Reasoned, office=False),
    Way(PANEL, "POST /cards/{brand}/asides", "不计入未说明的偏离（监督人） Set an unexplained outlier aside",
        judging.set_aside, commands.StoodBack, office=False),
    Way(NOTICE, "POST /notice", "提出公示 Propose the notice; the list is final", naming.propose, status=201),
    Way(NOTICE, "POST /notice/answers", "审核：保密、必要、准确 Review: answer one question",
        naming.examine, Examination),
    Way(NOTICE, "POST /notice/objections", "登记异议 Record an objection for whoever raised it",
        naming.receive, commands.Objected, status=201),
    Way(NOTICE, "POST /notice/objections/{n}/finding", "对异议作出决定 Decide an objection", naming.decide, Judgement),
    Way(NAMING, "POST /levels", "按名次和名额评定级别 Fill the levels by rank within their quotas", levels.grade),
    Way(NAMING, "POST /levels/{level}/tie", "并列时由人决定 Decide a tie at a level's edge, with a reason",
        levels.decide_tie, commands.TieDecided),
    Way(NAMING, "POST /awards", "单项奖提名 Nominate a finalist for a typed award",
        levels.nominate, commands.Nominated, status=201),
    Way(NAMING, "PUT /exemplar", "本批示范（模板）品牌 The exemplar of the batch",
        levels.choose_exemplar, commands.Chosen),
    Way(NAMING, "POST /naming", "党委会决议命名 Name the brands by the committee's resolution",
        naming.name, commands.Resolved),
)  # fmt: skip


def routes(use_cases: CampaignUseCases) -> APIRouter:
    """A campaign from its plan to its naming: ``WAYS``, and what must look up more before it is decided."""
    api = APIRouter(prefix="/campaigns")
    for way in WAYS:
        _add(api, use_cases, way)

    @api.post("", status_code=201, summary="部署一个批次 Plan a campaign", tags=[PLANS])
    async def plan(body: Planned, asked: Asked) -> CommandResult:
        return await use_cases.plan(body, asked)

    @api.post(
        "/{key}/opening", summary="开放申报，范围以今天为准 Open it; who is eligible is as of today", tags=[PLANS]
    )
    async def opened(key: CampaignKey, asked: Asked) -> CommandResult:
        eligible = await use_cases.eligible(key, asked.at)
        return await use_cases.by_office(key, asked, enrolling.open_enrolment, eligible)

    summary = "申报（书记、副书记或党委工作部） Enrol a brand"

    @api.post("/{key}/entrants", status_code=201, summary=summary, tags=[ENROLMENT])
    async def enrol(key: CampaignKey, body: commands.Enrolled, asked: Asked) -> CommandResult:
        brand = await use_cases.may_enrol(key, body.brand, asked)
        return await use_cases.by_anybody(key, asked, enrolling.enrol, brand)

    @api.post("/{key}/entrants/{brand}/withdrawal", summary="撤回申报 A brand takes no further part", tags=[ENROLMENT])
    async def withdraw(key: CampaignKey, brand: BrandPart, body: commands.Reasoned, asked: Asked) -> CommandResult:
        await use_cases.may_enrol(key, brand, asked)
        return await use_cases.by_anybody(key, asked, enrolling.withdraw, brand, body)

    summary = "组成评审组 Seat the panel; own branches stand back by rule"

    @api.post("/{key}/panel", status_code=201, summary=summary, tags=[PANEL])
    async def seat(key: CampaignKey, body: commands.Seated, asked: Asked) -> CommandResult:
        own = await use_cases.belonging(key, (*body.judges, *body.supervisors), asked.at)
        return await use_cases.by_office(key, asked, judging.seat, body, own)

    summary = "审批（党委书记） Approve the publication: the committee's secretary"

    @api.post("/{key}/notice/approval", summary=summary, tags=[NOTICE])
    async def approve(key: CampaignKey, body: Approval, asked: Asked) -> CommandResult:
        await use_cases.require_secretary((await use_cases.campaigns.get(key)).plan.committee, asked)
        return await use_cases.by_anybody(key, asked, naming.approve, body)

    @api.post("/{key}/notice/publication", summary="实施：已张贴、发布 It was put up", tags=[NOTICE])
    async def publish(key: CampaignKey, body: Publication, asked: Asked) -> CommandResult:
        calendar = await use_cases.standings.reviews.calendars.known()
        return await use_cases.by_office(key, asked, naming.publish, body, calendar)

    return api


def _add(api: APIRouter, use_cases: CampaignUseCases, way: Way) -> None:
    """Register a way's route; what stands in its path and in its body is said to the decision, in this order."""
    method, path = way.route.split(" ")
    parts: dict[str, Any] = {name: kind for name, kind in IN_PATH.items() if f"{{{name}}}" in path}
    parts |= {"body": way.body} if way.body else {}
    asks = {"key": CampaignKey, **parts, "asked": Asked}
    execute = use_cases.by_office if way.office else use_cases.by_anybody

    async def made(key: str, asked: Asking, **said: object) -> CommandResult:
        return await execute(key, asked, way.decide, *(said[name] for name in parts))

    made.__signature__ = Signature(  # type: ignore[attr-defined] # what FastAPI asks of the request
        [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in asks.items()],
        return_annotation=CommandResult,
    )
    api.api_route(f"/{{key}}{path}", methods=[method], status_code=way.status, summary=way.summary, tags=[way.tag])(
        made
    )
