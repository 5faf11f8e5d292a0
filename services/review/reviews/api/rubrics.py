"""Rubrics: read them, and publish a new version. A procedure carries its own copy, so a new version changes none."""

from functools import partial

from fastapi import APIRouter

from infra.kernel.errors import Invalid
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.review.access import OFFICE, scopes
from services.review.reviews.model.procedure.publication import publish_rubric
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.text_types import Key


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """GET /rubrics, GET and PUT /rubrics/{id}, …/versions/{n}."""
    api = APIRouter(prefix="/rubrics", tags=["评分标准 rubrics"])

    @api.get("", summary="所有评分标准的最新版 Every rubric in its newest version")
    async def listed(_: Reader, ask: Paged) -> Page[Rubric]:
        return (await use_cases.rubrics.page({}, ask)).map(lambda one: one.newest)

    @api.put("/{key}", summary="发布新版本；已写入程序的不变 Publish the next version; copies in procedures stay")
    async def put(key: Key, body: Rubric, asked: Asked) -> CommandResult:
        if not await use_cases.mirrors.top(scopes(asked.user, OFFICE)):  # every committee may copy it
            asked.user.require("administrator", OFFICE, scope="*")
        if body.id != key:
            raise Invalid("rubric.id", zh="标识与地址不一致。", en="The id is not that of the address.", field="/id")
        return await use_cases.rubrics.put(key, partial(publish_rubric, rubric=body), cause=asked.cause)

    @api.get("/{key}", summary="一个评分标准及其所有版本 One rubric with all its versions")
    async def one(key: str, _: Reader, ask: Paged) -> Page[Rubric]:
        return Page.among((await use_cases.rubrics.get(key)).versions, ask, lambda one: one.number)

    @api.get("/{key}/versions/{number}", summary="一个版本 One version")
    async def version(key: str, number: int, reader: Reader) -> Rubric:  # noqa: ARG001 - whoever is signed in
        return (await use_cases.rubrics.get(key)).numbered(number)

    return api
