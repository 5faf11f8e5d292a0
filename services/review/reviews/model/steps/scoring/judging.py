"""A run in which a panel scores: what is kept of it, what it comes to, and what of it a reader is shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from services.review.reviews.model.context import StepRun
from services.review.reviews.model.procedure.bodies import Base
from services.review.shared.scoring.panel import Panel, Scorecard
from services.review.shared.scoring.result import Named, Result, result, supervise
from services.review.shared.scoring.rubric import Rubric, shown

if TYPE_CHECKING:
    from services.review.reviews.model.procedure.procedure import Step


class Judging(StepRun):
    """A panel scores; ``judges`` are those of the day on which it opened, ``quorum`` the fewest sheets that count."""

    kind: Literal["scoring"] = "scoring"
    judges: tuple[str, ...]
    quorum: int
    card: Scorecard

    @property
    def figures(self) -> dict[Base, int]:
        """The body that a quorum is a part of."""
        return {"judges": len(self.judges)}


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


class ScoringView(Judging):
    """A scoring as one reader sees it: sheets of others only after the reveal."""

    standing: Standing


def rubric_of(step: Step) -> Rubric:
    """The rubric of a scoring step."""
    assert step.rubric is not None  # noqa: S101 - a published scoring has one
    return step.rubric


def panel(step: Step, run: Judging, *supervisors: str) -> Panel:
    """The panel of a run."""
    return Panel(rubric=rubric_of(step), judges=run.judges, supervisors=supervisors, quorum=run.quorum)


def scored(step: Step, run: Judging) -> Result:
    """What the run's card comes to."""
    return result(run.card, panel(step, run))


def view_of(run: Judging, step: Step, person: str) -> ScoringView:
    """The run with its figures; of a sealed card only this person's own sheet."""
    board = panel(step, run)
    found, report = result(run.card, board), supervise(run.card, board)
    standing = Standing(
        verdict=found.verdict,
        mean=found.shown,
        median=_two(found.median),
        totals=[
            SheetTotal(
                judge=one.judge,
                total=shown(one.total),
                dropped=one.dropped,
                outlier=one.outlier,
                reason=one.reason,
            )
            for one in found.raw
        ],
        vetoes=list(found.vetoes),
        gates=found.gates,
        handed_in=[judge for judge in run.card.seated(board) if judge not in report.missing],
        missing=list(report.missing),
        below_quorum=report.below_quorum,
        spread=_two(report.spread),
        spread_flagged=report.spread_flagged,
        unexplained=list(report.unexplained),
        divided_gates=list(report.divided_gates),
    )
    return ScoringView(**{**dict(run), "card": run.card.seen_by(person)}, standing=standing)


def _two(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else shown(exact)
