"""Dated slices: the state of any day follows from them, in whatever order, however often, however late they came."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from infra.kernel.dates import DAY, covers
from infra.kernel.values import Value


class Slice(Value):
    """One change as its newest record states it; a withdrawn one counts for nothing, and stays visible."""

    key: str
    source: str
    effective_from: date
    effective_to: date | None = None
    seq: int
    withdrawn: bool = False
    change_kind: str | None = None

    def covers(self, day: date) -> bool:
        """Whether it says something about this day."""
        return not self.withdrawn and covers(self.effective_from, self.effective_to, day)


class Dated(Protocol):
    """Whatever changes on days."""

    @property
    def effective_from(self) -> date:
        """Its first day."""


S = TypeVar("S", bound=Slice)


def merge(slices: Sequence[S], new: S) -> tuple[S, ...]:
    """The slices with this one: of the same change the newest record counts, whenever it came.

    Two different records with the same number cannot be ordered; the greater text wins, so that order is of no meaning.
    """
    same = next((one for one in slices if one.key == new.key), None)
    if same is not None and _rank(same) >= _rank(new):
        return tuple(slices)
    others = [one for one in slices if one.key != new.key]
    return tuple(sorted([*others, new], key=lambda one: (one.effective_from, one.seq, one.key)))


def _rank(one: Slice) -> tuple[int, bool, str]:
    return one.seq, one.withdrawn, one.model_dump_json()


def on(slices: Iterable[S], day: date) -> S | None:
    """The slice that holds on a day: the one that began last; when it is over, the one before it holds again."""
    return max(
        (one for one in slices if one.covers(day)),
        key=lambda one: (one.effective_from, one.seq, one.key),
        default=None,
    )


def next_change(slices: Iterable[Slice], after: date) -> date | None:
    """The first later day on which another slice may hold."""
    days = {one.effective_from for one in slices if not one.withdrawn}
    days |= {one.effective_to + DAY for one in slices if not one.withdrawn and one.effective_to}
    return min((day for day in days if day > after), default=None)
