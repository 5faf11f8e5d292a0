"""Rubrics as data (评分标准): what judges give points for, and what a result must fulfil; records and points."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, Self, TypeAlias

from pydantic import ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from services.review.events.value_objects import Stored
from services.review.shared.text_types import Key, Reason, Title


class Record(Stored):
    """A piece that is kept; changed copies are validated, and what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


def plain(number: Decimal) -> str:
    """A number as people write it, equal numbers alike: ``12.5``, never ``12.50`` or ``1E+1``."""
    return format(number.normalize() if number else Decimal(0), "f")


Judge: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""A person, by employee number."""
_TEXT: Final = PlainSerializer(plain, return_type=str)
Points: TypeAlias = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2), _TEXT]
"""Points in hundredths at the finest; stored and shown as text, so that nothing is ever rounded in a float."""
Total: TypeAlias = Annotated[Decimal, Field(ge=-100_000, le=100_000, decimal_places=2), _TEXT]
"""A sum of points; a penalty may bring it below nothing."""

_HUNDREDTHS: Final = 100


def shown(exact: Fraction) -> Decimal:
    """An exact number to two places, halves away from zero: the only rounding there is, and only to be looked at."""
    scaled = abs(exact) * _HUNDREDTHS
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-whole if exact < 0 else whole).scaleb(-2)


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
