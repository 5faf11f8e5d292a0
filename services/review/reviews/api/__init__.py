"""HTTP in: parse, name the decision, answer. Commands at the routes they name, reviews as they are, procedures."""

from fastapi import APIRouter

from services.review.reviews.api import commands, papers, procedures, reviews
from services.review.reviews.use_cases import ReviewUseCases


def routes(use_cases: ReviewUseCases) -> list[APIRouter]:
    """Every route of this module."""
    found = (reviews.routes, papers.routes, commands.routes, reviews.unfinished_routes)
    return [part(use_cases) for part in (*found, procedures.routes, procedures.rubric_routes)]
