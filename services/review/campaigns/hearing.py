"""A naming heard from this service itself: every brand gets what it won, one write each, again after a crash."""

from infra.events import Event
from infra.handlers import Handlers
from services.review.campaigns.bureau import Bureau
from services.review.campaigns.events import CampaignNamed


def hear_namings(heard: Handlers, bureau: Bureau) -> None:
    """Add what campaigns hear."""

    @heard.on(CampaignNamed)
    async def named(event: Event[CampaignNamed]) -> None:
        await bureau.grant(event)
