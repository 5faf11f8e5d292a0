"""HTTP in: parse, name the decision, answer. Commands by kind of step, reviews as they are, procedures."""

from fastapi import APIRouter

from services.review.reviews.api import (
    acknowledge,
    co_revision,
    discussion,
    operations,
    papers,
    poll,
    procedures,
    public_notice,
    resolution,
    reviews,
    rubrics,
    scoring,
    side_by_side,
    signing,
    unfinished,
    verdicts,
)
from services.review.reviews.use_cases import ReviewUseCases


def routes(use_cases: ReviewUseCases) -> list[APIRouter]:
    """Every route of this module."""
    return [
        reviews.routes(use_cases),
        papers.routes(use_cases),
        verdicts.routes(use_cases),
        acknowledge.routes(use_cases),
        discussion.routes(use_cases),
        resolution.routes(use_cases),
        co_revision.routes(use_cases),
        side_by_side.routes(use_cases),
        public_notice.routes(use_cases),
        signing.routes(use_cases),
        scoring.routes(use_cases),
        poll.routes(use_cases),
        operations.routes(use_cases),
        unfinished.routes(use_cases),
        procedures.routes(use_cases),
        rubrics.routes(use_cases),
    ]
