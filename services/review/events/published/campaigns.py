"""The facts about campaigns that review publishes."""

from datetime import date, datetime
from typing import ClassVar, Final

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


EXAMPLES: Final = (
    CampaignRecorded(
        campaign="batch-2026-1", title="第一批党建品牌", title_en="First batch", committee="committee",
        stage="enrolling", opens_on=date(2026, 3, 2), closes_on=date(2026, 3, 20),
        figures={"eligible": 60, "entrants": 12}, exemplar=None,
    ),
    CampaignCalled(
        campaign="batch-2026-1", title="第一批党建品牌", title_en="First batch", stage="scoring", organisations=[],
        people=["2001", "2002"], until=None,
    ),
    CampaignNamed(
        campaign="batch-2026-1", title="第一批党建品牌", title_en="First batch", committee="committee",
        resolution="党委决议〔2026〕9号", meeting="2026年第6次党委会", held_on=date(2026, 6, 12),
        grants=[
            Grant(
                brand="b-sanxin", owner="branch-3", name="三心", level="excellent", awards=["innovation"], rank=2,
                mean="91.25", exemplar=False,
            )
        ],
        named_by="10007", named_at=datetime.fromisoformat("2026-06-12T08:00:00+00:00"),
    ),
)  # fmt: skip
"""One example of each; the recorded contracts are generated from these."""
