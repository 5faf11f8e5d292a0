"""What was said about the text, for those who take part: suggestions by place, opinions with their fate."""

import asyncio

from fastapi import APIRouter

from infra.web.http import Reader
from services.review.reviews.api.bodies import ReviewKey
from services.review.reviews.api.reviews import opened
from services.review.reviews.model.explain import side_by_side
from services.review.reviews.model.explain.side_by_side import Opinions, Suggestions
from services.review.reviews.use_cases import ReviewUseCases


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """GET /reviews/{id}/suggestions · /reviews/{id}/opinions."""
    api = APIRouter(prefix="/reviews/{key}")

    @api.get(
        "/suggestions",
        tags=["党委协同优化 co-revision"],
        summary="修改建议对照：逐处列出、逐词比较、提示冲突 Suggestions side by side, with what is in their way",
    )
    async def suggestions(key: ReviewKey, reader: Reader) -> Suggestions:
        review, _ = await opened(use_cases, key, reader.user)
        return await asyncio.to_thread(side_by_side.suggestions, review)  # long texts take a moment to compare

    @api.get(
        "/opinions",
        tags=["支部内部讨论 discussion"],
        summary="意见及其采纳情况（未决定的在前） Opinions with their fate, the open ones first",
    )
    async def opinions(key: ReviewKey, reader: Reader) -> Opinions:
        review, _ = await opened(use_cases, key, reader.user)
        return side_by_side.opinions(review)

    return api
