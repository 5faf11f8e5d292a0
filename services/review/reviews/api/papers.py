"""Papers for those who take part: the extract of a meeting's minutes, and what each level said, as Word files."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Response

from infra.web.http import Reader
from services.review.reviews.api.reviews import ReviewKey, opened
from services.review.reviews.model.review import Review
from services.review.reviews.papers.minutes import extract
from services.review.reviews.papers.opinions_sheet import opinions_of_each_level
from services.review.reviews.papers.sheet import MIME, Names, Sheet, named
from services.review.reviews.use_cases import ReviewUseCases

N = Annotated[int, Path(ge=1, description="第几次会议 / Which meeting")]
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "Word 文件 A Word file", "content": {MIME: {"schema": {"type": "string", "format": "binary"}}}}
}


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """GET /reviews/{id}/meetings/{n}/minutes · /reviews/{id}/opinions-sheet."""
    api = APIRouter(prefix="/reviews/{key}", tags=["文书 papers"])

    @api.get(
        "/meetings/{n}/minutes",
        responses=FILE,
        response_class=Response,
        summary="会议纪要摘录（Word） The extract of a meeting's minutes",
    )
    async def minutes(key: ReviewKey, n: N, reader: Reader) -> Response:
        review, _ = await opened(use_cases, key, reader.user)
        return await _file(extract(review, n, await _names(use_cases, review)), f"会议纪要摘录-{key}-{n}")

    @api.get(
        "/opinions-sheet",
        responses=FILE,
        response_class=Response,
        summary="申报表各级意见（Word） What each level said, for the application form",
    )
    async def opinions(key: ReviewKey, reader: Reader) -> Response:
        review, _ = await opened(use_cases, key, reader.user)
        return await _file(opinions_of_each_level(review, await _names(use_cases, review)), f"各级意见-{key}")

    return api


async def _names(use_cases: ReviewUseCases, review: Review) -> Names:
    """What everybody is called whom a paper of this review may name."""
    known = await use_cases.mirrors.people.find({"_id": {"$in": sorted(named(review))}}, limit=0)
    places = await use_cases.mirrors.organisations.find({"_id": {"$in": [review.owner, review.committee]}}, limit=0)
    return Names({row.id: row.name for row in known if row.name}, {row.id: row.name for row in places if row.name})


async def _file(sheet: Sheet, name: str) -> Response:
    content = await asyncio.to_thread(_word, sheet)
    disposition = f"attachment; filename=\"paper.docx\"; filename*=UTF-8''{quote(name + '.docx', safe='')}"
    return Response(content, media_type=MIME, headers={"Content-Disposition": disposition})


def _word(sheet: Sheet) -> bytes:
    from services.review.reviews.papers.docx import word  # noqa: PLC0415 - python-docx is heavy, and few ask for papers

    return word(sheet)
