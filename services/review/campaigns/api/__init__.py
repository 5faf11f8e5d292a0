"""HTTP of campaigns: plans and enrolment, first assessment and panel, levels, public notice, naming, report."""

from fastapi import APIRouter

from services.review.campaigns.api import enrolment, judging, naming, notices, pages, plans, shortlists
from services.review.campaigns.use_cases import CampaignUseCases


def routes(use_cases: CampaignUseCases) -> list[APIRouter]:
    """Every route of this part."""
    parts = (plans, enrolment, shortlists, judging, notices, naming, pages)
    return [part.routes(use_cases) for part in parts]
