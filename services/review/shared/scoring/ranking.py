"""Ranks of many entrants with ties, and the shortlist (差额推荐) drawn from them; a person decides a tie at the cut."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Final, Literal, NamedTuple, Self

from pydantic import Field, PlainSerializer, model_validator

from infra.kernel.errors import Invalid, Refused
from services.review.shared.scoring.result import Result, Verdict
from services.review.shared.scoring.rubric import Record, plain
from services.review.shared.text_types import Reason

ROUNDING: Final = {"up": ROUND_CEILING, "down": ROUND_FLOOR, "half_up": ROUND_HALF_UP}


class Place(NamedTuple):
    """Where an entrant stands; no ``rank`` for who was vetoed, did not pass, or has no result yet."""

    entrant: str
    rank: int | None
    mean: Fraction | None
    tied_with: tuple[str, ...]
    verdict: Verdict


def ranked(results: Iterable[Result]) -> tuple[Place, ...]:
    """Who passed by exact mean, equals sharing a rank and the next ones skipped (1, 2, 2, 4); then the rest."""
    found = sorted(results, key=lambda one: (-(one.mean or Fraction(0)), one.entrant))
    passed = [one for one in found if one.verdict == "passed"]
    places, means = [], [one.mean for one in passed]
    for one in passed:
        tied = tuple(other.entrant for other in passed if other.mean == one.mean and other is not one)
        places.append(Place(one.entrant, means.index(one.mean) + 1, one.mean, tied, one.verdict))
    rest = (Place(one.entrant, None, one.mean, (), one.verdict) for one in found if one.verdict != "passed")
    return (*places, *rest)


class Cut(Record):
    """How many are shortlisted: a ``number``, or ``seats`` to be given times a ``ratio`` (1:1.2), rounded as said."""

    number: int | None = Field(default=None, ge=1, le=10_000)
    seats: int | None = Field(default=None, ge=1, le=10_000)
    ratio: Annotated[Decimal, Field(ge=1, le=10), PlainSerializer(plain, return_type=str)] | None = None
    rounding: Literal["up", "down", "half_up"] = "up"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.number is None) == (self.seats is None) or (self.seats is None) != (self.ratio is None):
            raise ValueError("给出名额数，或拟定数与差额比例 give a number, or seats with a ratio")
        return self

    @property
    def size(self) -> int:
        """How many that is."""
        if self.seats is None or self.ratio is None:
            return self.number or 0
        return int((self.seats * self.ratio).quantize(Decimal(1), rounding=ROUNDING[self.rounding]))


class Shortlist(Record):
    """Who is in by rank; ``tied`` share the rank at the cut and ``left`` places: a person decides, with a reason."""

    size: int
    chosen: tuple[str, ...]
    tied: tuple[str, ...] = ()
    left: int = 0
    picked: tuple[str, ...] = ()
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: Reason | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is left for a person to decide."""
        return not self.tied or self.decided_by is not None

    @property
    def entrants(self) -> tuple[str, ...]:
        """Everybody who is in, those picked at the cut last."""
        return (*self.chosen, *self.picked)


def shortlist(places: Iterable[Place], cut: Cut) -> Shortlist:
    """Draw the line; who has no rank is never in, and fewer than the cut may be."""
    standing = [place for place in places if place.rank is not None]
    size = cut.size
    inside = [place for place in standing if (place.rank or 0) + len(place.tied_with) <= size]
    at_the_cut = [place for place in standing if place not in inside and (place.rank or 0) <= size]
    left = size - len(inside) if at_the_cut else 0
    chosen, tied = (tuple(place.entrant for place in part) for part in (inside, at_the_cut))
    return Shortlist(size=size, chosen=chosen, tied=tied, left=left)


def pick(drawn: Shortlist, picked: Collection[str], by: str, at: datetime, reason: str) -> Shortlist:
    """A person decides the tie at the cut: all places that are left, each of the tied at most once."""
    if drawn.settled:
        raise Refused("shortlist.settled", zh="入围名单没有待定的并列。", en="No tie is left to be decided.")
    names = tuple(dict.fromkeys(picked))
    if len(names) != len(picked) or not set(names) <= set(drawn.tied) or len(names) != drawn.left:
        zh = f"须从并列者（{', '.join(drawn.tied)}）中选出 {drawn.left} 个，不得重复。"
        en = f"Pick {drawn.left} of the tied ({', '.join(drawn.tied)}), each once."
        raise Invalid("shortlist.picked", zh, en, field="/picked")
    return drawn.becomes(picked=names, decided_by=by, decided_at=at, reason=reason)
