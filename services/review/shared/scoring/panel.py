"""The panel (评审组), what its judges hand in, and for each entrant its scorecard with all that happened to it."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.shared.scoring.rubric import Judge, Points, Record, Rubric, Total, plain
from services.review.shared.text_types import Key, Reason


class Veto(Record):
    """A judge names a ground of the rubric, and why it is there."""

    ground: Key
    reason: Reason


class Marks(Record):
    """What a judge says: points for each dimension, a bonus and a penalty with reasons, vetoes, gates, a comment."""

    points: dict[Key, Points] = Field(max_length=30)
    bonus: Points = Decimal(0)
    bonus_reason: Reason | None = None
    penalty: Points = Decimal(0)
    penalty_reason: Reason | None = None
    vetoes: tuple[Veto, ...] = Field(default=(), max_length=20)
    gates: dict[Key, bool] = Field(default_factory=dict, max_length=20)
    comment: Reason | None = None

    @property
    def total(self) -> Decimal:
        """The points of all dimensions with the bonus and without the penalty."""
        return sum(self.points.values(), Decimal(0)) + self.bonus - self.penalty


class Sheet(Record):
    """Marks as one judge handed them in."""

    judge: Judge
    at: datetime
    marks: Marks


def check(rubric: Rubric, marks: Marks) -> None:
    """Raise ``Invalid`` for the first place at which marks do not follow the rubric."""
    _same_keys("points", marks.points, [one.key for one in rubric.dimensions])
    _same_keys("gates", marks.gates, [one.key for one in rubric.gates])
    for one in rubric.dimensions:
        _require_within(f"points/{one.key}", (one.title, one.title_en), (marks.points[one.key], one.greatest), "")
    _require_within("bonus", ("加分", "bonus"), (marks.bonus, rubric.bonus), marks.bonus_reason)
    _require_within("penalty", ("扣分", "penalty"), (marks.penalty, rubric.penalty), marks.penalty_reason)
    known = {one.key for one in rubric.vetoes}
    named = [one.ground for one in marks.vetoes]
    if not known.issuperset(named) or len(set(named)) != len(named):
        raise Invalid(
            "score.veto_unknown",
            zh=f"否决情形须为评分标准所列且不重复：{', '.join(sorted(known)) or '无'}。",
            en=f"Grounds for a veto are, each once: {', '.join(sorted(known)) or 'none'}.",
            field="/vetoes",
        )


def _same_keys(field: str, given: Collection[str], expected: list[str]) -> None:
    missing = [key for key in expected if key not in given]
    strange = sorted(set(given) - set(expected))
    if missing or strange:
        raise Invalid(
            f"score.{field}",
            zh=f"须逐项填写且不得多填；缺：{', '.join(missing) or '无'}，多：{', '.join(strange) or '无'}。",
            en=f"Answer each, and nothing else; missing: {', '.join(missing) or 'none'}, "
            f"unknown: {', '.join(strange) or 'none'}.",
            field=f"/{field}/{(missing + strange)[0]}",
        )


def _require_within(field: str, words: tuple[str, str], figures: tuple[Decimal, Decimal], reason: str | None) -> None:
    (title, title_en), (given, greatest) = words, figures
    if given > greatest:
        raise Invalid(
            "score.above_greatest",
            zh=f"“{title}”最高 {plain(greatest)} 分。",
            en=f"“{title_en}” gets {plain(greatest)} at most.",
            field=f"/{field}",
        )
    if given and reason is None:
        zh, en = f"{words[0]}须说明理由。", f"A {words[1]} needs a reason."
        raise Invalid("score.no_reason", zh, en, field=f"/{field}_reason")


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
