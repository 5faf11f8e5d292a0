"""The facts about campaigns that review publishes."""

from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel

from infra.kernel.events import Fact


class OfCampaign(Fact):
    """Something about a campaign."""

    about: ClassVar[str] = "campaign"

    campaign: str
    title: str
    title_en: str


class CampaignRecorded(OfCampaign):
    """A campaign is now like this; ``figures`` say how far it has come."""

    type: ClassVar[str] = "review.campaign.recorded.v1"

    committee: str
    stage: str
    opens_on: date
    closes_on: date
    figures: dict[str, int]
    exemplar: str | None


class CampaignCalled(OfCampaign):
    """These people are asked to do something in a campaign: to enrol, or to score; told once for each stage."""

    type: ClassVar[str] = "review.campaign.called.v1"

    stage: str
    organisations: list[str]
    people: list[str]
    until: date | None


class Grant(BaseModel):
    """What the naming gives one brand: a level, awards, or both. ``rank`` and ``mean`` (two places) are the panel's."""

    brand: str
    owner: str
    name: str | None
    level: str | None
    awards: list[str]
    rank: int | None
    mean: str | None
    exemplar: bool


class CampaignNamed(OfCampaign):
    """The committee named the brands of a campaign."""

    type: ClassVar[str] = "review.campaign.named.v1"

    committee: str
    resolution: str
    meeting: str
    held_on: date
    grants: list[Grant]
    named_by: str
    named_at: datetime
