"""Registry's own narrow copies of the facts that it consumes from others."""

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from infra.kernel.events import Fact
from infra.kernel.values import Value


class Resolution(Value):
    """The meeting's resolution that decided a review: its number, its day and its votes."""

    number: str
    meeting: str
    held_on: date
    expected: int
    present: int
    in_favour: int
    against: int
    abstained: int


class ReviewOpened(Fact):
    """Review took the handed-in text under this version of its procedure."""

    type: ClassVar[str] = "review.review.opened.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    procedure: str
    procedure_version: int


class DocumentRevised(Fact):
    """A suggestion was accepted, so the text in review has a new revision."""

    type: ClassVar[str] = "review.document.revised.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    document: dict[str, Any]
    revision: int
    suggested_by: str


class ReviewReturned(Fact):
    """The review went back to an earlier step; ``to_drafter``: registry holds the pen again."""

    type: ClassVar[str] = "review.review.returned.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    document: dict[str, Any]
    revision: int
    from_step: str
    to_drafter: bool
    reason: str
    returned_by: str


class ReviewConcluded(Fact):
    """The review is over: approved by a resolution, rejected, or recalled by its submitter."""

    type: ClassVar[str] = "review.review.concluded.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    outcome: Literal["approved", "rejected", "recalled"]
    document: dict[str, Any]
    revision: int
    resolution: Resolution | None
    reason: str | None
    concluded_by: str


class StandingRecorded(Fact):
    """A brand's standing (动态管理) is now like this; review decides on it, registry follows."""

    type: ClassVar[str] = "review.standing.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    state: Literal["active", "suspended", "rectifying", "revoked"]
    level: str | None
    review: str | None
    revoked_on: date | None
    revoked_by: str | None
    reapply_from: date | None
    by: str


class ActivityRecorded(Fact):
    """An activity was held; registry counts it for the brand matrix."""

    type: ClassVar[str] = "activities.activity.recorded.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    held_at: datetime
