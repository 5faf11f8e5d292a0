"""Campaigns as readers see them: what is open to all, what only offices and supervisors see, a judge's own card."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from infra.kernel import clock
from infra.kernel.errors import Forbidden
from infra.kernel.paging import Page, Paging
from infra.web.auth import Principal
from infra.web.http import Paged, Reader
from services.review.campaigns.api import commands
from services.review.campaigns.api.commands import BrandPart, CampaignKey
from services.review.campaigns.model.campaign import Campaign, Line, Named, Stage
from services.review.campaigns.model.levels import unsettled
from services.review.campaigns.model.naming import grants
from services.review.campaigns.model.plan import Plan
from services.review.campaigns.model.report import Row, ledger, printed, supervision
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.events.published.campaigns import Grant
from services.review.shared.public_notice.notice import Notice
from services.review.shared.scoring.panel import Change, Recusal, Scorecard
from services.review.shared.scoring.result import Supervision
from services.review.shared.scoring.rubric import shown


class Summary(BaseModel):
    """A campaign in a list; ``figures`` say how far it has come."""

    id: str
    version: int
    title: str
    title_en: str
    committee: str
    stage: Stage
    opens_on: date
    closes_on: date
    figures: dict[str, int]

    @classmethod
    def of(cls, one: Campaign) -> Self:
        """What a list shows."""
        own = {"id": one.id, "version": one.version, "stage": one.stage, "figures": one.progress()}
        return cls.model_validate({**dict(one.plan), **own})


class Shown(Summary):
    """What everybody may see: the plan, who takes part, who is shortlisted, and, once it is public, what is named."""

    plan: Plan
    entrants: list[dict[str, str | None]]
    shortlist: tuple[str, ...] = Field(description="入围品牌 / The shortlist, once it is settled")
    proposed: tuple[Grant, ...] = Field(description="公示的名单 / What the public notice says")
    notice_ends: date | None
    notice_provisional: bool
    named: Named | None

    @classmethod
    def open(cls, one: Campaign) -> Self:
        """The page of a campaign."""
        notice, shortlist = one.notice, one.shortlist
        own = {
            "entrants": [entrant.model_dump(include={"brand", "owner", "name"}) for entrant in one.running],
            "shortlist": shortlist.entrants if shortlist and shortlist.settled else (),
            "proposed": grants(one) if notice and notice.state == "implemented" else (),
            "notice_ends": notice.last_day if notice else None,
            "notice_provisional": bool(notice and notice.provisional),
        }
        return cls.model_validate({**dict(one), **dict(Summary.of(one)), **own})


class File(Shown):
    """The whole file, for the work department, supervisors and auditors; points only once they were revealed."""

    eligible: tuple[str, ...]
    ledger: tuple[Row, ...]
    undecided: tuple[str, ...] = Field(description="并列待定的级别 / Levels at whose edge a tie is open")
    tied: dict[str, tuple[str, ...]]
    notice: Notice | None
    against: dict[str, str]
    log: tuple[Line, ...]

    @classmethod
    def whole(cls, one: Campaign) -> Self:
        """The file of a campaign."""
        ties = {level: drawn.tied for level, drawn in one.graded.items() if not drawn.settled}
        if one.shortlist is not None and not one.shortlist.settled:
            ties["shortlist"] = one.shortlist.tied
        own = {"ledger": ledger(one), "undecided": unsettled(one) if one.stage == "grading" else (), "tied": ties}
        return cls.model_validate({**dict(one), **dict(Shown.open(one)), **own})


class Watched(BaseModel):
    """What supervision sees of one entrant (评审监督); while it is sealed never a point."""

    entrant: str
    revealed: bool
    recusals: tuple[Recusal, ...]
    missing: tuple[str, ...]
    below_quorum: bool
    shortfall: str | None
    spread: Decimal | None
    spread_flagged: bool
    outliers: tuple[str, ...]
    unexplained: tuple[str, ...]
    late_changes: tuple[Change, ...]

    @classmethod
    def of(cls, one: Supervision) -> Self:
        """The report with its spread in two places."""
        return cls.model_validate({**vars(one), "spread": None if one.spread is None else shown(one.spread)})


class Filter(Paging):
    """In which order campaigns are shown."""

    sort: Literal["-id", "id"] = Field(default="-id", description="排序 / Order")


def routes(use_cases: CampaignUseCases) -> list[APIRouter]:
    """The commands; GET /campaigns · …/{id} · …/file · …/cards/{brand} · …/supervision · …/report."""
    api = APIRouter(prefix="/campaigns", tags=["分批次 campaigns"])

    async def watched(key: str, user: Principal) -> Campaign:
        campaign = await use_cases.campaigns.get(key)
        supervising = campaign.panel is not None and user.person in campaign.panel.supervisors
        if not (supervising or user.has("auditor", campaign.plan.committee)):
            await use_cases.require_officer(user, campaign.plan.committee, clock.now())
        return campaign

    @api.get("", summary="所有批次 Every campaign")
    async def listed(_: Reader, ask: Annotated[Filter, Query()]) -> Page[Summary]:
        return (await use_cases.campaigns.page({}, ask)).map(Summary.of)

    @api.get("/{key}", summary="一个批次（公开部分） One campaign, what is open to all")
    async def one(key: CampaignKey, _: Reader) -> Shown:
        return Shown.open(await use_cases.campaigns.get(key))

    @api.get("/{key}/file", summary="批次全卷 The whole file")
    async def file(key: CampaignKey, reader: Reader) -> File:
        return File.whole(await watched(key, reader.user))

    @api.get("/{key}/cards/{brand}", summary="评委所见的打分卡 A card as one judge may see it")
    async def card(key: CampaignKey, brand: BrandPart, reader: Reader) -> Scorecard:
        campaign = await use_cases.campaigns.get(key)
        panel, (_, found) = campaign.require_panel(), campaign.card(brand)
        if reader.user.person not in (*panel.judges, *panel.supervisors):
            raise Forbidden("campaign.not_panel", zh="仅评审组可见。", en="Only the panel sees the cards.")
        return found.seen_by(reader.user.person)

    @api.get("/{key}/supervision", summary="评审监督 Supervision of the scoring")
    async def supervised(key: CampaignKey, reader: Reader, ask: Paged) -> Page[Watched]:
        seen = supervision(await watched(key, reader.user))
        return Page.among(seen, ask, lambda one: one.entrant).map(Watched.of)

    @api.get("/{key}/report", summary="批次总结 The report of a campaign, as text")
    async def report(key: CampaignKey, reader: Reader) -> PlainTextResponse:
        return PlainTextResponse(printed(await watched(key, reader.user)))

    return [commands.routes(use_cases), api]
