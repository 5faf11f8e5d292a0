"""Procedures and rubrics: read them, and publish a new version. A published version never changes.

A procedure carries its own copy of a rubric, so a new version of a rubric changes none.
"""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from pydantic import Field

from infra.kernel.errors import Invalid
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Asking, Body, Paged, Reader
from services.review.access import OFFICE, scopes
from services.review.reviews.model.procedure.dry_run import MadeUp, Trial, rehearse
from services.review.reviews.model.procedure.procedure import Procedure, Step, mermaid
from services.review.reviews.model.procedure.publication import publish, publish_rubric
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.scoring.rubric import Rubric
from services.review.shared.text_types import Key, Title


class Drawn(Body):
    """A procedure as drawn up; its number is given when it is published."""

    title: Title = Field(description="名称 / Title")
    title_en: Title = Field(description="英文名称 / Title in English")
    steps: tuple[Step, ...] = Field(min_length=1, max_length=50, description="环节，按顺序 / The steps, in order")


class Named(Drawn):
    """A procedure with the id it is to have."""

    id: Key = Field(description="程序标识 / The procedure's id")


class Tried(Drawn):
    """A procedure to be walked, and by whom; without people, by those of a usual branch."""

    steps: tuple[Step, ...] = Field(min_length=1, max_length=25, description="环节，按顺序 / The steps, in order")
    people: MadeUp = Field(default_factory=MadeUp, description="虚拟人员 / The made-up people")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """GET and POST /procedures, GET and PUT /procedures/{id}, …/versions/{n}, its /diagram, and POST …/trial."""
    api = APIRouter(prefix="/procedures", tags=["程序 procedures"])

    async def published(key: str, drawn: Drawn, asked: Asking) -> CommandResult:
        if not await use_cases.mirrors.top(scopes(asked.user, OFFICE)):  # every committee's reviews go by these
            asked.user.require("administrator", OFFICE, scope="*")
        procedure = Procedure(id=key, number=1, title=drawn.title, title_en=drawn.title_en, steps=drawn.steps)
        await use_cases.mirrors.require_places(procedure.scopes)
        decide = partial(publish, procedure=procedure)
        return await use_cases.procedures.put(key, decide, cause=asked.cause)

    @api.get("", summary="所有程序的最新版 Every procedure in its newest version")
    async def listed(_: Reader, ask: Paged) -> Page[Procedure]:
        return (await use_cases.procedures.page({}, ask)).map(lambda one: one.newest)

    @api.post("", status_code=201, summary="发布程序（新建或新版本） Publish a procedure, or its next version")
    async def post(body: Named, asked: Asked) -> CommandResult:
        return await published(body.id, body, asked)

    @api.put("/{key}", summary="发布新版本；进行中的审核不受影响 Publish the next version; running reviews keep theirs")
    async def put(key: Key, body: Drawn, asked: Asked) -> CommandResult:
        return await published(key, body, asked)

    @api.get("/{key}", summary="一个程序及其所有版本 One procedure with all its versions")
    async def one(key: str, _: Reader, ask: Paged) -> Page[Procedure]:
        return Page.among((await use_cases.procedures.get(key)).versions, ask, lambda one: one.number)

    @api.get("/{key}/versions/{number}", summary="一个版本 One version")
    async def version(key: str, number: int, reader: Reader) -> Procedure:  # noqa: ARG001 - whoever is signed in
        return (await use_cases.procedures.get(key)).numbered(number)

    @api.post("/trial", summary="试走一个程序（不保存） Walk a drawn procedure with made-up people; nothing is kept")
    def trial(body: Tried, asked: Asked) -> Trial:  # a plain def: it runs beside the requests of others
        asked.user.require("administrator", OFFICE)
        procedure = Procedure(id="trial", number=1, title=body.title, title_en=body.title_en, steps=body.steps)
        return rehearse(procedure, body.people, asked.cause.at)

    @api.get("/{key}/versions/{number}/diagram", summary="流程图（Mermaid） A picture of a version, as Mermaid text")
    async def diagram(key: str, number: int, reader: Reader) -> PlainTextResponse:  # noqa: ARG001 - whoever is signed in
        return PlainTextResponse(mermaid((await use_cases.procedures.get(key)).numbered(number)))

    return api


def rubric_routes(use_cases: ReviewUseCases) -> APIRouter:
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
