"""The facts about standings that review publishes."""

from datetime import date
from typing import ClassVar, Literal

from infra.kernel.events import Fact


class OfBrand(Fact):
    """Something about a brand's standing."""

    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None


class OfRectification(OfBrand):
    """Something about a rectification, by its number."""

    rectification: int


class StandingRecorded(OfBrand):
    """A brand's standing is now like this; told whenever something of it changes.

    ``deed``, the ``decision``-th of its history, led to it; ``reason`` is null where it is not for everybody.
    """

    type: ClassVar[str] = "review.standing.recorded.v1"

    state: Literal["active", "suspended", "rectifying", "revoked"]
    level: str | None
    review: str | None
    begun_on: date
    awards: list[str]
    rechecked: int | None
    rectify_by: date | None
    revoked_on: date | None
    revoked_by: str | None
    reapply_from: date | None
    level_title: str | None
    level_title_en: str | None
    deed: str
    decision: int
    by: str
    reason: str | None


class RectificationOrdered(OfRectification):
    """Something is to be put right until the end of a day."""

    type: ClassVar[str] = "review.rectification.ordered.v1"

    items: list[str]
    deadline: date
    reason: str
    ordered_by: str


class RectificationOverdue(OfRectification):
    """A rectification was not closed in time; told once."""

    type: ClassVar[str] = "review.rectification.overdue.v1"

    deadline: date
    unproved: int


class RectificationClosed(OfRectification):
    """A person closed a rectification, or it lapsed because the plaque was revoked."""

    type: ClassVar[str] = "review.rectification.closed.v1"

    outcome: Literal["met", "not_met", "lapsed"]
    reason: str
    closed_by: str
