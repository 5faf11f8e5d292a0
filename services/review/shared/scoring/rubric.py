"""Rubrics as data (评分标准): what judges give points for, and what a result must fulfil."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Self, TypeAlias

from pydantic import Field, PlainSerializer, model_validator

from services.review.shared.scoring.record import Points, Record, plain
from services.review.shared.text_types import Key, Reason, Title

Part: TypeAlias = Annotated[Decimal, Field(gt=0, le=1), PlainSerializer(plain, return_type=str)]


class Dimension(Record):
    """One thing that is scored, with the greatest points it may get."""

    key: Key
    title: Title
    title_en: Title
    greatest: Points = Field(gt=0)
    hint: Reason | None = None
    hint_en: Reason | None = None


class Ground(Record):
    """A ground for a veto (一票否决), or a gate that must be open before points count (支部达标)."""

    key: Key
    title: Title
    title_en: Title


class Rubric(Record):
    """One version, ``number``, of a rubric.

    ``bonus`` and ``penalty`` are the most that one judge may add or take, each with a reason. From
    ``drop_extremes_from`` counted sheets on, the highest and the lowest do not count (None = never). A total that is
    further than ``outlier_share`` of the median from it needs a written reason (None = never). ``greatest_spread`` is
    the distance between the highest and the lowest total from which supervision flags an entrant. Any one judge's veto
    vetoes; a gate is open when more than half of the judges say so. ``pass_mark``: the least mean, not rounded.
    """

    id: Key
    number: int = Field(default=1, ge=1)
    title: Title
    title_en: Title
    dimensions: tuple[Dimension, ...] = Field(min_length=1, max_length=30)
    bonus: Points = Decimal(0)
    penalty: Points = Decimal(0)
    vetoes: tuple[Ground, ...] = Field(default=(), max_length=20)
    gates: tuple[Ground, ...] = Field(default=(), max_length=20)
    drop_extremes_from: int | None = Field(default=5, ge=3, le=100)
    outlier_share: Part | None = Decimal("0.2")
    greatest_spread: Points | None = None
    pass_mark: Points | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for fault in faults(self):
            raise ValueError(fault)
        return self

    @property
    def greatest(self) -> Decimal:
        """The points of all dimensions together, without a bonus."""
        return sum((dimension.greatest for dimension in self.dimensions), Decimal(0))


def faults(rubric: Rubric) -> Iterator[str]:
    """What makes a rubric useless, in words."""
    for name in ("dimensions", "vetoes", "gates"):
        keys = [one.key for one in getattr(rubric, name)]
        if len(set(keys)) != len(keys):
            yield f"{name}: 标识重复 each key once"
    if rubric.pass_mark is not None and rubric.pass_mark > rubric.greatest + rubric.bonus:
        yield "pass_mark: 合格线高于满分，无人能通过 above the greatest total, nobody could pass"
