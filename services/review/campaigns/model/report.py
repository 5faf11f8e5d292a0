"""The report of a campaign (批次总结): figures, every entrant's way through it, supervision, naming."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.review.campaigns.model.campaign import STAGES, Campaign, Entrant
from services.review.campaigns.model.judging import results
from services.review.campaigns.model.levels import level_of
from services.review.shared.scoring.ranking import Place, ranked
from services.review.shared.scoring.result import Result, Supervision, supervise
from services.review.shared.scoring.rubric import shown


@dataclass(frozen=True)
class Row:
    """One entrant in the ledger; points are two places as text, None where there are none (yet)."""

    brand: str
    owner: str
    name: str | None
    first: str | None
    gate: bool | None
    shortlisted: bool
    raw: tuple[str, ...]
    dropped: tuple[str, ...]
    mean: str | None
    rank: int | None
    level: str | None
    awards: tuple[str, ...]
    exemplar: bool
    struck: str | None


def ledger(campaign: Campaign) -> tuple[Row, ...]:
    """Every entrant, those of the shortlist by rank, then the others by their first points."""
    opened = any(one.card is not None and one.card.revealed for one in campaign.finalists)
    found = {one.entrant: one for one in results(campaign)} if opened else {}
    ranks = {place.entrant: place for place in ranked(found.values())}
    rows = [_row(campaign, one, ranks.get(one.brand), found.get(one.brand)) for one in campaign.entrants]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, not row.shortlisted, -float(row.first or 0)))
    return tuple(rows)


def supervision(campaign: Campaign) -> tuple[Supervision, ...]:
    """What watches over the scoring, for each finalist's card."""
    panel = campaign.require_panel()
    return tuple(supervise(one.card, panel) for one in campaign.finalists if one.card is not None)


def printed(campaign: Campaign) -> str:
    """The report as text, Chinese first."""
    return "\n".join(_lines(campaign)) + "\n"


def _row(campaign: Campaign, one: Entrant, place: Place | None, result: Result | None) -> Row:
    return Row(
        **one.model_dump(include={"brand", "owner", "name"}),
        first=None if one.rating is None else str(one.rating.points),
        gate=None if one.rating is None else one.rating.gate,
        shortlisted=bool(campaign.shortlist and one.brand in campaign.shortlist.entrants),
        raw=tuple(str(shown(sheet.total)) for sheet in result.raw) if result else (),
        dropped=tuple(str(shown(sheet.total)) for sheet in result.raw if sheet.dropped) if result else (),
        mean=str(shown(place.mean)) if place and place.mean is not None else None,
        rank=place.rank if place else None,
        level=level_of(campaign, one.brand) if one.struck is None else None,
        awards=tuple(award.award for award in campaign.awards if award.brand == one.brand),
        exemplar=campaign.exemplar == one.brand,
        struck=one.struck.reason if one.struck else None,
    )


def _lines(campaign: Campaign) -> Iterator[str]:
    plan, figures = campaign.plan, campaign.progress()
    zh, en = STAGES[campaign.stage]
    yield f"{plan.title} · {plan.title_en}（{campaign.id}）  {zh} {en}"
    yield f"申报 enrolment {plan.opens_on} – {plan.closes_on}   主题 topic: {plan.topic or '—'}"
    yield (
        f"范围 eligible {figures['eligible']}   参评 entrants {figures['entrants'] + figures['struck']}   "
        f"入围 shortlist {figures['shortlisted'] + figures['struck']}   打分表 sheets {figures['sheets']}"
    )
    if campaign.panel is not None:
        recused = sum(len(one.recusals) for one in supervision(campaign))
        yield f"评审组 panel {len(campaign.panel.judges)}   回避 recusals {recused}"
    titles = {one.level: one.title for one in plan.levels} | {one.award: one.title for one in plan.awards}
    for row in ledger(campaign):
        if row.shortlisted:
            won = "、".join(titles[one] for one in (row.level, *row.awards) if one) or "—"
            note = f"  异议成立 struck: {row.struck}" if row.struck else ("  ★ 示范 exemplar" if row.exemplar else "")
            yield f"{row.rank or '–':>4}  {row.mean or '–':>7}  {row.name or row.brand}（{row.owner}）  {won}{note}"
    notice = campaign.notice
    if notice is not None and notice.published is not None:
        provisional = "（暂定 provisional）" if notice.provisional else ""
        yield (
            f"公示 notice {notice.published.on} – {notice.last_day}{provisional}   "
            f"异议 objections {len(notice.objections)}，成立 upheld {len(notice.upheld)}"
        )
    if campaign.named is not None:
        named = campaign.named
        yield (
            f"命名 named {named.number} · {named.meeting} · {named.held_on}   应到 {named.expected} "
            f"实到 {named.present} 赞成 {named.in_favour} 反对 {named.against} 弃权 {named.abstained}"
        )
