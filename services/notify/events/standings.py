"""What notify hears from review about standings: rectifications, ordered, overdue and closed."""

from datetime import date
from typing import ClassVar, Literal

from infra.events import Fact


class RectificationOrdered(Fact):
    """Heard from review: something of a brand is to be put right until the end of a day."""

    type: ClassVar[str] = "review.rectification.ordered.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    items: tuple[str, ...]
    deadline: date
    reason: str


class RectificationOverdue(Fact):
    """Heard from review: a rectification was not closed in time."""

    type: ClassVar[str] = "review.rectification.overdue.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    deadline: date
    unproved: int


class RectificationClosed(Fact):
    """Heard from review: a rectification is over."""

    type: ClassVar[str] = "review.rectification.closed.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    outcome: Literal["met", "not_met", "lapsed"]
    reason: str
