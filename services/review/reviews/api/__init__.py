"""HTTP in: parse, name the decision, answer. Commands by kind of step, reviews as they are, procedures."""

from fastapi import APIRouter

from services.review.absences import api as absences
from services.review.reviews.api import (
    co_revision,
    collective,
    notices,
    operations,
    papers,
    procedures,
    reviews,
    rubrics,
    scoring,
    side_by_side,
    signing,
    unfinished,
    verdicts,
)
from services.review.reviews.use_cases import ReviewUseCases


def routes(desk: ReviewUseCases) -> list[APIRouter]:
    """Every route of this service."""
    return [
        reviews.routes(desk),
        papers.routes(desk),
        verdicts.routes(desk),
        collective.routes(desk),
        co_revision.routes(desk),
        side_by_side.routes(desk),
        notices.routes(desk),
        signing.routes(desk),
        scoring.routes(desk),
        operations.routes(desk),
        unfinished.routes(desk),
        absences.routes(desk),
        procedures.routes(desk),
        rubrics.routes(desk),
    ]
