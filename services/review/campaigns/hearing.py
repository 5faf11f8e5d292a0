"""A naming heard from this service itself: every brand gets what it won. And a newer calendar, for running notices."""

from infra.events import Event
from infra.handlers import Handlers
from services.review.campaigns.bureau import Bureau
from services.review.campaigns.events import CampaignNamed
from services.review.events import CalendarRecorded


def hear_campaigns(heard: Handlers, bureau: Bureau) -> None:
    """Add what campaigns hear."""

    @heard.on(CampaignNamed)
    async def named(event: Event[CampaignNamed]) -> None:
        await bureau.grant(event)

    @heard.on(CalendarRecorded)
    async def calendar(event: Event[CalendarRecorded]) -> None:
        await bureau.recalendar(event.data.calendar, event.sequence, event.cause)
