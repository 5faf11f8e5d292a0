"""A person's own unfinished text for a review: saved, read, and forgotten by its author alone."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.review.reviews.api.bodies import ReviewKey
from services.review.reviews.api.reviews import opened
from services.review.reviews.model.unfinished import LONGEST, Unfinished, key, save
from services.review.reviews.use_cases import ReviewUseCases


class Saved(Body):
    """The text; null forgets it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, strip_whitespace=False)] | None = Field(
        description="暂存内容，null 为清除 / The unfinished text, null to forget it"
    )


class LastSaved(BaseModel):
    """What was saved last, and when."""

    text: str | None
    saved_at: datetime | None


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """PUT and GET /reviews/{id}/unfinished."""
    api = APIRouter(prefix="/reviews/{review}", tags=["暂存 unfinished"])

    @api.put("/unfinished", summary="暂存（仅本人可见） Save one's unfinished text; nobody else sees it")
    async def saved(review: ReviewKey, body: Saved, asked: Asked) -> CommandResult:
        await opened(use_cases, review, asked.user)
        person = asked.user.person
        decide = partial(save, review=review, person=person, text=body.text, at=asked.at)
        return await use_cases.unfinished.put(key(review, person), decide, cause=asked.cause)

    @api.get("/unfinished", summary="本人的暂存 One's own unfinished text")
    async def read(review: ReviewKey, reader: Reader) -> LastSaved:
        await opened(use_cases, review, reader.user)
        found: list[Unfinished] = await use_cases.unfinished.find({"_id": key(review, reader.user.person)})
        return (
            LastSaved(text=found[0].text, saved_at=found[0].saved_at) if found else LastSaved(text=None, saved_at=None)
        )

    return api
