"""What every piece of scoring is built on: immutable records, texts that say something, and exact points."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, TypeAlias

from pydantic import ConfigDict, Field, PlainSerializer, StringConstraints

from services.review.events.value_objects import Kept


class Record(Kept):
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
