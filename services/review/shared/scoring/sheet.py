"""A sheet (打分表): what one judge gives one entrant, checked against the rubric."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from pydantic import Field

from infra.kernel.errors import Invalid
from services.review.shared.scoring.record import Judge, Points, Record, plain
from services.review.shared.scoring.rubric import Rubric
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
    _same_keys("points", marks.points, (one.key for one in rubric.dimensions))
    _same_keys("gates", marks.gates, (one.key for one in rubric.gates))
    for one in rubric.dimensions:
        if marks.points[one.key] > one.greatest:
            _refuse_above(f"/points/{one.key}", one.title, one.title_en, one.greatest)
    _reasoned("bonus", ("加分", "bonus"), (marks.bonus, rubric.bonus), marks.bonus_reason)
    _reasoned("penalty", ("扣分", "penalty"), (marks.penalty, rubric.penalty), marks.penalty_reason)
    known = {one.key for one in rubric.vetoes}
    named = [one.ground for one in marks.vetoes]
    if not known.issuperset(named) or len(set(named)) != len(named):
        raise Invalid(
            "score.veto_unknown",
            zh=f"否决情形须为评分标准所列且不重复：{', '.join(sorted(known)) or '无'}。",
            en=f"Grounds for a veto are, each once: {', '.join(sorted(known)) or 'none'}.",
            field="/vetoes",
        )


def _same_keys(field: str, given: Collection[str], wanted: Iterable[str]) -> None:
    expected = list(wanted)
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


def _reasoned(field: str, words: tuple[str, str], figures: tuple[Decimal, Decimal], reason: str | None) -> None:
    given, greatest = figures
    if given > greatest:
        _refuse_above(f"/{field}", *words, greatest)
    if given and reason is None:
        raise Invalid(
            "score.no_reason",
            zh=f"{words[0]}须说明理由。",
            en=f"A {words[1]} needs a reason.",
            field=f"/{field}_reason",
        )


def _refuse_above(field: str, title: str, title_en: str, greatest: Decimal) -> None:
    raise Invalid(
        "score.above_greatest",
        zh=f"“{title}”最高 {plain(greatest)} 分。",
        en=f"“{title_en}” gets {plain(greatest)} at most.",
        field=field,
    )
