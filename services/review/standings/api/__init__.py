"""HTTP of dynamic management: the rules, standings as they are, decisions, rechecks, rectifications."""

from fastapi import APIRouter

from services.review.standings.api import decisions, rechecks, rectifications, rounds, rules, standings
from services.review.standings.use_cases import StandingUseCases


def routes(use_cases: StandingUseCases) -> list[APIRouter]:
    """Every route of this part."""
    return [
        rules.routes(use_cases),
        rounds.routes(use_cases),
        standings.routes(use_cases),
        decisions.routes(use_cases),
        rechecks.routes(use_cases),
        rectifications.routes(use_cases),
    ]
