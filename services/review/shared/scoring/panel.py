"""The panel (评审组), and for each entrant its scorecard: sheets, recusals, and what happened after the reveal."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from infra.kernel.errors import Forbidden, Refused
from services.review.shared.scoring.record import Judge, Record, Total
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.scoring.sheet import Marks, Sheet
from services.review.shared.text_types import Reason


class Panel(Record):
    """Who scores by which rubric, who supervises, and the fewest sheets that make a result."""

    rubric: Rubric
    judges: tuple[Judge, ...] = Field(min_length=1, max_length=50)
    supervisors: tuple[Judge, ...] = ()
    quorum: int = Field(default=1, ge=1)

    def require_supervisor(self, by: str) -> None:
        """Raise ``Forbidden`` unless this person supervises."""
        if by not in self.supervisors:
            raise Forbidden(
                "score.not_supervisor", zh="只有评审组监督人可以执行此操作。", en="Only who supervises the panel may."
            )


class Recusal(Record):
    """A judge stands back from one entrant: by rule from their own branch's, or because it was declared."""

    judge: Judge
    kind: Literal["own_branch", "declared"]
    reason: Reason
    by: str
    at: datetime


class Change(Record):
    """Marks that a judge changed after the reveal; both are kept."""

    judge: Judge
    at: datetime
    before: Marks
    after: Marks
    reason: Reason


class Justification(Record):
    """Why a judge's total, this one and no other, is far from the others."""

    judge: Judge
    at: datetime
    total: Total
    reason: Reason


class Aside(Record):
    """A sheet that does not count: its judge did not say why it is far from the others."""

    judge: Judge
    by: str
    at: datetime
    reason: Reason


class Scorecard(Record):
    """Everything about one entrant; ``shortfall`` is why it was revealed although a sheet was missing."""

    entrant: str
    recusals: tuple[Recusal, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    revealed_at: datetime | None = None
    revealed_by: str | None = None
    shortfall: Reason | None = None
    changes: tuple[Change, ...] = ()
    justifications: tuple[Justification, ...] = ()
    asides: tuple[Aside, ...] = ()

    @property
    def revealed(self) -> bool:
        """Whether anybody but their judges may see the marks."""
        return self.revealed_at is not None

    def sheet_of(self, judge: str) -> Sheet | None:
        """What a judge handed in."""
        return next((one for one in self.sheets if one.judge == judge), None)

    def seated(self, panel: Panel) -> tuple[str, ...]:
        """The judges who score this entrant: those not recused."""
        recused = {one.judge for one in self.recusals}
        return tuple(judge for judge in panel.judges if judge not in recused)

    def missing(self, panel: Panel) -> tuple[str, ...]:
        """Who is to hand a sheet in and has not."""
        return tuple(judge for judge in self.seated(panel) if self.sheet_of(judge) is None)

    def counted(self, panel: Panel) -> tuple[Sheet, ...]:
        """The sheets that count."""
        out = {one.judge for one in self.asides}
        found = (self.sheet_of(judge) for judge in self.seated(panel) if judge not in out)
        return tuple(sheet for sheet in found if sheet is not None)

    def seen_by(self, person: str) -> "Scorecard":
        """The card as somebody may see it: while it is sealed, of the sheets only their own."""
        if self.revealed:
            return self
        return self.becomes(sheets=tuple(one for one in self.sheets if one.judge == person))

    def require_sealed(self) -> None:
        """Raise ``Refused`` once the sheets are revealed."""
        if self.revealed:
            raise Refused("score.revealed", zh="评分已揭示。", en="The sheets are revealed already.")
