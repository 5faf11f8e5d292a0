"""HTTP of dynamic management: the rules, standings as they are, decisions, rechecks, rectifications."""

from fastapi import APIRouter

from services.review.standings.api import decisions, rechecks, rules, standings
from services.review.standings.use_cases import StandingUseCases


def routes(use_cases: StandingUseCases) -> list[APIRouter]:
    """Every route of this part."""
    parts = (rules.routes, rechecks.routes, standings.routes, decisions.routes, decisions.rectifications)
    return [part(use_cases) for part in parts]
