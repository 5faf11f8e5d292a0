"""What notify consumes from review about campaigns: who is asked to enrol or to score, and who was named."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel

from infra.kernel.events import Fact


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


class Grant(BaseModel):
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
