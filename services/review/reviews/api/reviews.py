"""Reviews as they are: lists for everybody signed in; for those who take part all that was done and said.

Beside them a person's own unfinished text for a review: saved, read, and forgotten by its author alone.
"""

import asyncio
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StringConstraints

from infra.kernel import clock
from infra.kernel.errors import Forbidden, Invalid
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.auth import Principal
from infra.web.http import Asked, Body, Reader
from services.review.access import OFFICE, scopes
from services.review.reviews.api.views import Full, Story, Summary, explained
from services.review.reviews.model.decision import as_of
from services.review.reviews.model.explain import side_by_side
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.explain.page import Explanation
from services.review.reviews.model.explain.side_by_side import Opinions, Suggestions
from services.review.reviews.model.review import LONGEST, Review, save, unfinished_key
from services.review.reviews.model.steps.kind import Viewer
from services.review.reviews.use_cases import ReviewUseCases

TAGS: list[str | Enum] = ["审核查询 reviews"]
ReviewKey = Annotated[str, Path(description="审核编号 / The review's id", examples=["b-sanxin.r1"])]
SEES_ALL = (OFFICE, "administrator", "auditor")
After = Query(
    ge=1, description="重放到第几步之后，缺省为现在 / As it was after this move of the history; now if not given"
)
State = Literal["running", "returned", "approved", "rejected", "recalled", "terminated"]


class Filter(Paging):
    """Which reviews to list."""

    owner: str | None = None
    state: State | None = None
    brand: str | None = None
    person: str | None = Field(default=None, description="等待此人办理（工号） / Waiting for this person")

    def where(self, **stored: str) -> dict[str, Any]:
        """The filters; the person is one whom an open task waits for."""
        wanted = super().where(person="tasks", **stored)
        return wanted | ({"tasks": {"$elemMatch": {"person": self.person, "state": "open"}}} if self.person else {})


class Saved(Body):
    """The text; null forgets it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, strip_whitespace=False)] | None = Field(
        description="暂存内容，null 为清除 / The unfinished text, null to forget it"
    )


class LastSaved(BaseModel):
    """What was saved last, and when."""

    text: str | None
    saved_at: datetime | None


async def opened(use_cases: ReviewUseCases, key: str, user: Principal) -> tuple[Review, Viewer]:
    """A review that somebody may see in full, and what of it; raises ``Forbidden``."""
    review = await use_cases.reviews.get(key)
    if any(user.has(role, review.committee) for role in SEES_ALL):
        return review, Viewer(user.id, names=True, area=True, objectors=True)
    holders = await use_cases.holders(review, user, clock.now())
    waited_for = any(task.person == user.id and task.state == "open" for task in review.tasks)
    asked_in = waited_for or review.involves(user.id) or user.id in review.drafters
    if not (asked_in or holders.holds_any(user.id)):
        raise Forbidden(
            "review.not_yours",
            zh="只有参与该审核的人员可以查看详情。",
            en="Only those who take part in this review may see it in full.",
        )
    objectors = user.id in (*holders.work_department, *holders.role_holders)
    return review, Viewer(user.id, names=holders.officer(user.id), objectors=objectors)


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """GET /reviews, /reviews/{id}, and of one its explanation, history, suggestions and opinions."""
    api = APIRouter(prefix="/reviews")

    @api.get("", tags=TAGS, summary="审核列表 Reviews by owner, state, or the person they wait for")
    async def listed(reader: Reader, ask: Annotated[Filter, Query()]) -> Page[Summary]:
        where = ask.where()
        if ask.person is not None and ask.person != reader.user.id:
            reader.user.require(*SEES_ALL)
            held = scopes(reader.user, *SEES_ALL)
            if "*" not in held:
                where["committee"] = {"$in": sorted(held)}
        return (await use_cases.reviews.page(where, ask)).map(Summary.of)

    @api.get(
        "/{key}", tags=TAGS, summary="一项审核的全貌：文稿、环节、在等谁 One review in full, and whom it waits for"
    )
    async def one(key: ReviewKey, reader: Reader) -> Full:
        return Full.shown_to(*await opened(use_cases, key, reader.user))

    @api.get(
        "/{key}/explanation",
        tags=TAGS,
        summary="为何在等、等谁、依据何规则；谁在何时决定了什么 Why it waits, and who decided what",
    )
    async def explanation(key: ReviewKey, reader: Reader, entry: Annotated[int | None, After] = None) -> Explanation:
        review, viewer = await opened(use_cases, key, reader.user)
        return explained(explain(review if entry is None else _after(review, entry)), viewer)

    @api.get("/{key}/history", tags=TAGS, summary="全部操作记录，可重放 Every move that was made, replayable")
    async def history(key: ReviewKey, reader: Reader) -> Story:
        return Story.shown_to(*await opened(use_cases, key, reader.user))

    @api.get(
        "/{key}/suggestions",
        tags=["党委协同优化 co-revision"],
        summary="修改建议对照：逐处列出、逐词比较、提示冲突 Suggestions side by side, with what is in their way",
    )
    async def suggestions(key: ReviewKey, reader: Reader) -> Suggestions:
        review, _ = await opened(use_cases, key, reader.user)
        return await asyncio.to_thread(side_by_side.suggestions, review)  # long texts take a moment to compare

    @api.get(
        "/{key}/opinions",
        tags=["支部内部讨论 discussion"],
        summary="意见及其采纳情况（未决定的在前） Opinions with their fate, the open ones first",
    )
    async def opinions(key: ReviewKey, reader: Reader) -> Opinions:
        review, _ = await opened(use_cases, key, reader.user)
        return side_by_side.opinions(review)

    return api


def unfinished_routes(use_cases: ReviewUseCases) -> APIRouter:
    """PUT and GET /reviews/{id}/unfinished."""
    api = APIRouter(prefix="/reviews/{review}", tags=["暂存 unfinished"])

    @api.put("/unfinished", summary="暂存（仅本人可见） Save one's unfinished text; nobody else sees it")
    async def saved(review: ReviewKey, body: Saved, asked: Asked) -> CommandResult:
        await opened(use_cases, review, asked.user)
        person = asked.user.person
        decide = partial(save, review=review, person=person, text=body.text, at=asked.at)
        return await use_cases.unfinished.put(unfinished_key(review, person), decide, cause=asked.cause)

    @api.get("/unfinished", summary="本人的暂存 One's own unfinished text")
    async def read(review: ReviewKey, reader: Reader) -> LastSaved:
        await opened(use_cases, review, reader.user)
        found = await use_cases.unfinished.find({"_id": unfinished_key(review, reader.user.person)})
        last = found[0] if found else None
        return LastSaved(text=last and last.text, saved_at=last and last.saved_at)

    return api


def _after(review: Review, entry: int) -> Review:
    """The review as it was after one of its commands, replayed; raises ``Invalid`` for a command that was not made."""
    made = len(review.history)
    if entry > made:
        raise Invalid(
            "entry.unknown", zh=f"该审核至今有 {made} 步。", en=f"It has {made} moves so far.", field="/entry"
        )
    return as_of(review, entry)
