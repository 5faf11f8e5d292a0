"""HTTP in: parse, name the decision, answer. Commands at the routes they name, reviews as they are, procedures."""

from fastapi import APIRouter

from services.review.reviews.api import commands, papers, procedures, reviews, rubrics, unfinished
from services.review.reviews.use_cases import ReviewUseCases


def routes(use_cases: ReviewUseCases) -> list[APIRouter]:
    """Every route of this module."""
    parts = (reviews, papers, commands, unfinished, procedures, rubrics)
    return [part.routes(use_cases) for part in parts]
