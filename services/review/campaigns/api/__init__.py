"""HTTP of campaigns: plans and enrolment, first assessment and panel, levels, public notice, naming, report."""

from fastapi import APIRouter

from services.review.campaigns.api import commands, pages
from services.review.campaigns.use_cases import CampaignUseCases


def routes(use_cases: CampaignUseCases) -> list[APIRouter]:
    """Every route of this part."""
    return [commands.routes(use_cases), pages.routes(use_cases)]
