"""Scorings and polls as readers see them: no point before the reveal, no count before a poll is over, no vote ever."""

from decimal import Decimal
from fractions import Fraction
from typing import Self

from pydantic import BaseModel

from services.review.reviews.model.judging import panel
from services.review.reviews.model.panels import Judging, Polling
from services.review.reviews.model.procedure import Step
from services.review.reviews.model.step_run import Tally
from services.review.shared.scoring.record import shown
from services.review.shared.scoring.result import Named, result
from services.review.shared.scoring.supervision import supervise


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


class Scored(Judging):
    """A scoring as one reader sees it: sheets of others only after the reveal."""

    standing: Standing

    @classmethod
    def seen(cls, visit: Judging, step: Step, person: str) -> Self:
        """The visit with its figures."""
        seats = panel(step, visit)
        found, report = result(visit.card, seats), supervise(visit.card, seats)
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
            handed_in=[judge for judge in visit.card.seated(seats) if judge not in report.missing],
            missing=list(report.missing),
            below_quorum=report.below_quorum,
            spread=_two(report.spread),
            spread_flagged=report.spread_flagged,
            unexplained=list(report.unexplained),
            divided_gates=list(report.divided_gates),
        )
        return cls(**{**dict(visit), "card": visit.card.seen_by(person)}, standing=standing)


class Polled(Polling):
    """A poll as one reader sees it: how many have voted, and how they voted once it is over; never who and how."""

    counts: dict[str, int]

    @classmethod
    def seen(cls, visit: Polling, person: str, *, area: bool) -> Self:
        """The visit with its figures; the roster is shown to those who see the whole area."""
        counts = {"voters": len(visit.voters), "cast": len(visit.votes)}
        if visit.closed_at is not None:
            counts |= Tally.of(visit.votes)._asdict()
        voters = tuple(voter for voter in visit.voters if area or voter == person)
        return cls(**{**dict(visit), "voters": voters, "votes": ()}, counts=counts)


def _two(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else shown(exact)
