"""What may happen to a scorecard: standing back, handing in, the reveal, and what must be said after it.

A sheet is its judge's secret until the reveal; then every change is kept with a reason. Who may supervise is asked of
the panel; each function raises ``Refused``, ``Forbidden`` or ``Invalid``, or returns the card as it is then.
"""

from collections.abc import Collection
from datetime import datetime

from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.shared.actor import Actor
from services.review.shared.scoring import panel as cards
from services.review.shared.scoring.panel import Marks, Panel, Scorecard, check
from services.review.shared.scoring.result import pending

OWN_BRANCH = "所在党组织参评，应当回避 the entrant is of their own organisation"


def begin(entrant: str, panel: Panel, own: Collection[str], at: datetime) -> Scorecard:
    """An empty card; judges of the entrant's own organisation (``own``) are recused by rule."""
    forced = (judge for judge in panel.judges if judge in own)
    recusals = (cards.Recusal(judge=one, kind="own_branch", reason=OWN_BRANCH, by="system", at=at) for one in forced)
    return Scorecard(entrant=entrant, recusals=tuple(recusals))


def recuse(card: Scorecard, panel: Panel, judge: str, actor: Actor, reason: str) -> Scorecard:
    """A judge stands back before the reveal, or a supervisor says so; a sheet handed in before does not count."""
    if actor.by != judge:
        panel.require_supervisor(actor.by)
    card.require_sealed()
    _require_seated(card, panel, judge)
    gone = cards.Recusal(judge=judge, kind="declared", reason=reason, by=actor.by, at=actor.at)
    return card.becomes(recusals=(*card.recusals, gone))


def hand_in(card: Scorecard, panel: Panel, actor: Actor, marks: Marks, reason: str | None = None) -> Scorecard:
    """A judge's sheet; while sealed it replaces the former one, after the reveal it is a late change with a reason."""
    judge, at = actor.by, actor.at
    _require_seated(card, panel, judge)
    check(panel.rubric, marks)
    before = card.sheet_of(judge)
    sheet = cards.Sheet(judge=judge, at=at, marks=marks)
    sheets = (*(one for one in card.sheets if one.judge != judge), sheet)
    if not card.revealed:
        return card.becomes(sheets=sheets)
    if before is None or any(one.judge == judge for one in card.asides):
        raise Refused(
            "score.too_late",
            zh="评分已揭示，不能再补交；不计入的打分表也不能再改。",
            en="The sheets are revealed: none may be added, and one set aside may not be changed.",
        )
    if reason is None:
        raise Invalid(
            "score.late_reason",
            zh="揭示之后更改评分须说明理由，新旧分值均予保留。",
            en="A change after the reveal needs a reason; old and new points are both kept.",
            field="/reason",
        )
    if before.marks == marks:
        raise Refused("score.unchanged", zh="与原评分相同。", en="These are the same marks as before.")
    change = cards.Change(judge=judge, at=at, before=before.marks, after=marks, reason=reason)
    return card.becomes(sheets=sheets, changes=(*card.changes, change))


def reveal(card: Scorecard, panel: Panel, actor: Actor, shortfall: str | None = None) -> Scorecard:
    """Open the sheets when all are in; or fewer, but a quorum, with the reason for not waiting."""
    panel.require_supervisor(actor.by)
    card.require_sealed()
    missing, there = card.missing(panel), len(card.counted(panel))
    if there < panel.quorum:
        raise Refused(
            "score.no_quorum",
            zh=f"至少须有 {panel.quorum} 份有效打分表，现有 {there} 份。",
            en=f"{panel.quorum} sheets at least are needed, there are {there}.",
        )
    if missing and shortfall is None:
        raise Refused(
            "score.sheets_missing",
            zh=f"还有 {len(missing)} 位评委未提交；确认不再等待须说明理由。",
            en=f"{len(missing)} judges have not handed in; not to wait for them needs a reason.",
            field="/reason",
        )
    return card.becomes(revealed_at=actor.at, revealed_by=actor.by, shortfall=shortfall if missing else None)


def justify(card: Scorecard, panel: Panel, actor: Actor, reason: str) -> Scorecard:
    """An outlier's written reason; it holds for the total it was given for."""
    sheet = card.sheet_of(actor.by)
    if sheet is None or actor.by not in pending(card, panel):
        raise Refused("score.no_outlier", zh="您的评分无须说明理由。", en="No reason is asked of you.")
    said = cards.Justification(judge=actor.by, at=actor.at, total=sheet.marks.total, reason=reason)
    return card.becomes(justifications=(*card.justifications, said))


def set_aside(card: Scorecard, panel: Panel, judge: str, actor: Actor, reason: str) -> Scorecard:
    """A supervisor does not count an outlier that nobody explained; a quorum must be left."""
    panel.require_supervisor(actor.by)
    if judge not in pending(card, panel):
        raise Refused(
            "score.counts",
            zh="只有偏离过大且未说明理由的打分表可以不计入。",
            en="Only an outlier without a reason may be set aside.",
        )
    if len(card.counted(panel)) <= panel.quorum:
        raise Refused(
            "score.no_quorum",
            zh=f"不计入后有效打分表将少于 {panel.quorum} 份。",
            en=f"Fewer than {panel.quorum} sheets would be left.",
        )
    return card.becomes(asides=(*card.asides, cards.Aside(judge=judge, by=actor.by, at=actor.at, reason=reason)))


def _require_seated(card: Scorecard, panel: Panel, judge: str) -> None:
    if judge not in card.seated(panel):
        raise Forbidden(
            "score.not_judge", zh="您不是本次评审的评委，或已回避。", en="You are no judge here, or were recused."
        )
