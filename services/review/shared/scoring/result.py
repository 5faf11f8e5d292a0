"""The result of one scorecard: totals, exact mean, outliers, vetoes, gates, verdict; what supervision sees of it."""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Literal, TypeAlias

from pydantic import BaseModel

from services.review.shared.scoring.panel import Aside, Change, Justification, Panel, Recusal, Scorecard
from services.review.shared.scoring.rubric import Rubric, shown

Verdict: TypeAlias = Literal["passed", "below_mark", "vetoed", "gate_not_met", "open"]


@dataclass(frozen=True)
class Raw:
    """One counted sheet's total; whether it was dropped as an extreme; whether it is an outlier, and why."""

    judge: str
    total: Fraction
    dropped: bool
    outlier: bool
    reason: str | None


@dataclass(frozen=True)
class Named:
    """A veto: which ground, by which judge, and why."""

    ground: str
    judge: str
    reason: str


@dataclass(frozen=True)
class Result:
    """What a revealed card comes to; ``pending`` are outliers whose reason is awaited, till then it is ``open``.

    ``gates`` says of each gate how many of the counted judges found it open.
    """

    entrant: str
    raw: tuple[Raw, ...] = ()
    median: Fraction | None = None
    mean: Fraction | None = None
    vetoes: tuple[Named, ...] = ()
    gates: dict[str, int] = field(default_factory=dict)
    shut: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    verdict: Verdict = "open"

    @property
    def shown(self) -> Decimal | None:
        """The mean to two places, to be looked at; every comparison is made with the exact one."""
        return None if self.mean is None else shown(self.mean)


def totals(card: Scorecard, panel: Panel) -> dict[str, Fraction]:
    """The total of each sheet that counts."""
    return {sheet.judge: Fraction(sheet.marks.total) for sheet in card.counted(panel)}


def outliers(card: Scorecard, panel: Panel) -> tuple[str, ...]:
    """The judges whose total is more than the rubric's share of the median away from it."""
    found, rubric = totals(card, panel), panel.rubric
    if rubric.outlier_share is None or not found:
        return ()
    middle = median(found.values())
    reach = Fraction(rubric.outlier_share) * abs(middle)
    return tuple(judge for judge, total in found.items() if abs(total - middle) > reach)


def pending(card: Scorecard, panel: Panel) -> tuple[str, ...]:
    """The outliers of a revealed card that gave no reason for the total as it is now."""
    if not card.revealed:
        return ()
    found = totals(card, panel)
    return tuple(judge for judge in outliers(card, panel) if _reason(card, judge, found[judge]) is None)


def result(card: Scorecard, panel: Panel) -> Result:
    """What the card comes to now; a card that is sealed comes to nothing that anybody may know."""
    if not card.revealed:
        return Result(card.entrant)
    rubric, found, far = panel.rubric, totals(card, panel), outliers(card, panel)
    dropped = _extremes(found, rubric)
    counted = [total for judge, total in found.items() if judge not in dropped]
    mean = sum(counted, Fraction(0)) / len(counted) if counted else None
    sheets = card.counted(panel)
    vetoes = tuple(Named(one.ground, sheet.judge, one.reason) for sheet in sheets for one in sheet.marks.vetoes)
    opened = Counter(key for sheet in sheets for key, answer in sheet.marks.gates.items() if answer)
    gates = {gate.key: opened[gate.key] for gate in rubric.gates}
    shut = tuple(key for key, count in gates.items() if 2 * count <= len(sheets))
    waiting = pending(card, panel)
    return Result(
        entrant=card.entrant,
        raw=tuple(
            Raw(judge, total, judge in dropped, judge in far, _reason(card, judge, total) if judge in far else None)
            for judge, total in found.items()
        ),
        median=median(found.values()) if found else None,
        mean=mean,
        vetoes=vetoes,
        gates=gates,
        shut=shut,
        pending=waiting,
        verdict=_verdict(rubric, mean, vetoed=bool(vetoes), shut=bool(shut), waiting=bool(waiting)),
    )


def _verdict(rubric: Rubric, mean: Fraction | None, *, vetoed: bool, shut: bool, waiting: bool) -> Verdict:
    if mean is None or waiting:
        return "open"
    if vetoed:
        return "vetoed"
    if shut:
        return "gate_not_met"
    return "below_mark" if rubric.pass_mark is not None and mean < Fraction(rubric.pass_mark) else "passed"


def _extremes(found: dict[str, Fraction], rubric: Rubric) -> frozenset[str]:
    """One of the highest and one of the lowest; among equals it makes no difference to the mean which."""
    if rubric.drop_extremes_from is None or len(found) < rubric.drop_extremes_from:
        return frozenset()
    order = sorted(found, key=lambda judge: (found[judge], judge))
    return frozenset((order[0], order[-1]))


def _reason(card: Scorecard, judge: str, total: Fraction) -> str | None:
    said = (one for one in reversed(card.justifications) if one.judge == judge and Fraction(one.total) == total)
    return next((one.reason for one in said), None)


@dataclass(frozen=True)
class Supervision:
    """One entrant's report; while it is sealed only who stood back and who has not handed in, never a point."""

    entrant: str
    revealed: bool
    recusals: tuple[Recusal, ...]
    missing: tuple[str, ...]
    below_quorum: bool
    shortfall: str | None = None
    spread: Fraction | None = None
    spread_flagged: bool = False
    outliers: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    explained: tuple[Justification, ...] = ()
    late_changes: tuple[Change, ...] = ()
    set_aside: tuple[Aside, ...] = ()
    divided_gates: tuple[str, ...] = ()


def supervise(card: Scorecard, panel: Panel) -> Supervision:
    """The report of one card as it is now."""
    rubric, below_quorum = panel.rubric, len(card.seated(panel)) < panel.quorum
    sealed = Supervision(card.entrant, card.revealed, card.recusals, card.missing(panel), below_quorum)
    if not card.revealed:
        return sealed
    sheets, found, most = card.counted(panel), totals(card, panel).values(), rubric.greatest_spread
    spread = max(found) - min(found) if found else None
    answers = {gate.key: {sheet.marks.gates[gate.key] for sheet in sheets} for gate in rubric.gates}
    return replace(
        sealed,
        below_quorum=len(sheets) < panel.quorum,
        shortfall=card.shortfall,
        spread=spread,
        spread_flagged=spread is not None and most is not None and spread > Fraction(most),
        outliers=outliers(card, panel),
        unexplained=pending(card, panel),
        explained=card.justifications,
        late_changes=card.changes,
        set_aside=card.asides,
        divided_gates=tuple(key for key, said in answers.items() if len(said) > 1),
    )


class SheetTotal(BaseModel):
    """One judge's total, and whether it was dropped as an extreme or is far from the others, and why."""

    judge: str
    total: Decimal
    dropped: bool
    outlier: bool
    reason: str | None


class Standing(BaseModel):
    """What the card comes to, and what supervision must see; figures to two places, halves away from zero."""

    verdict: str
    mean: Decimal | None
    median: Decimal | None
    totals: list[SheetTotal]
    vetoes: list[Named]
    gates: dict[str, int]
    handed_in: list[str]
    missing: list[str]
    below_quorum: bool
    spread: Decimal | None
    spread_flagged: bool
    unexplained: list[str]
    divided_gates: list[str]

    @classmethod
    def of(cls, card: Scorecard, board: Panel) -> "Standing":
        """The figures of a card."""
        found, report = result(card, board), supervise(card, board)
        own = {
            "mean": found.shown,
            "median": _two(found.median),
            "spread": _two(report.spread),
            "totals": [{**vars(one), "total": shown(one.total)} for one in found.raw],
            "handed_in": [judge for judge in card.seated(board) if judge not in report.missing],
        }
        return cls.model_validate({**vars(report), **vars(found), **own})


def _two(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else shown(exact)
