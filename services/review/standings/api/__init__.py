"""HTTP of dynamic management: the rules, standings as they are, decisions, rechecks, rectifications."""

from fastapi import APIRouter

from services.review.standings.api import decisions, rechecks, rectifications, rounds, rules, standings
from services.review.standings.use_cases import StandingUseCases


def routes(register: StandingUseCases) -> list[APIRouter]:
    """Every route of this part."""
    return [
        rules.routes(register),
        rounds.routes(register),
        standings.routes(register),
        decisions.routes(register),
        rechecks.routes(register),
        rectifications.routes(register),
    ]
