"""A naming heard from this service itself: every brand gets what it won. And a newer calendar, for running notices."""

from infra.messaging.subscriptions import Handlers
from services.review.campaigns.use_cases import CampaignUseCases
from services.review.events.consumed import CalendarRecorded
from services.review.events.published.campaigns import CampaignNamed


def subscribe_campaigns(subscriptions: Handlers, use_cases: CampaignUseCases) -> None:
    """Add what campaigns hear."""
    subscriptions.on(CampaignNamed)(use_cases.grant)
    subscriptions.on(CalendarRecorded)(use_cases.recalendar)
