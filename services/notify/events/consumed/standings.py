"""What notify consumes from review about standings, rectifications and campaigns."""

from datetime import date
from typing import ClassVar, Literal

from infra.kernel.events import Fact
from infra.kernel.values import Value


class StandingRecorded(Fact):
    """Consumed from review: how a brand stands, and the decision that led to it."""

    type: ClassVar[str] = "review.standing.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    state: Literal["active", "suspended", "rectifying", "revoked"]
    level_title: str | None = None
    level_title_en: str | None = None
    deed: str
    decision: int
    reason: str | None = None


class RectificationOrdered(Fact):
    """Consumed from review: something of a brand is to be put right until the end of a day."""

    type: ClassVar[str] = "review.rectification.ordered.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    items: tuple[str, ...]
    deadline: date
    reason: str


class RectificationOverdue(Fact):
    """Consumed from review: a rectification was not closed in time."""

    type: ClassVar[str] = "review.rectification.overdue.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    deadline: date
    unproved: int


class RectificationClosed(Fact):
    """Consumed from review: a rectification is over."""

    type: ClassVar[str] = "review.rectification.closed.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    outcome: Literal["met", "not_met", "lapsed"]
    reason: str


class CampaignCalled(Fact):
    """Consumed from review: these organisations or people are asked to do something in a campaign."""

    type: ClassVar[str] = "review.campaign.called.v1"
    about: ClassVar[str] = "campaign"

    campaign: str
    title: str
    title_en: str
    stage: str
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    until: date | None = None


class Grant(Value):
    """A brand that was named."""

    brand: str
    owner: str


class CampaignNamed(Fact):
    """Consumed from review: the committee named the brands of a campaign."""

    type: ClassVar[str] = "review.campaign.named.v1"
    about: ClassVar[str] = "campaign"

    campaign: str
    title: str
    title_en: str
    resolution: str
    grants: tuple[Grant, ...]
