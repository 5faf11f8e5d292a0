"""Reviews as they are: lists for everybody signed in, the full view and the history for those who take part."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from infra.aggregate import Forbidden
from infra.auth import Principal
from infra.http import Reader
from services.review.api.bodies import ReviewKey
from services.review.model.procedure import Procedure
from services.review.model.review import Entry, Review
from services.review.model.seats import Seats
from services.review.model.visits import AnyVisit
from services.review.parts import Document, Resolution, Task
from services.review.store import OFFICE, Desk

SEES_ALL = (OFFICE, "administrator", "auditor")
State = Literal["running", "returned", "approved", "rejected", "recalled"]


class Summary(BaseModel):
    """A review in a list; it names nobody, since who may vote tells who is a full member."""

    id: str
    version: int
    brand: str
    owner: str
    name: str | None
    state: str
    step: str | None
    step_title: str | None
    step_title_en: str | None
    round: int | None
    since: datetime | None
    due: datetime | None
    waiting: int

    @classmethod
    def of(cls, review: Review) -> Self:
        """What a list shows."""
        live, step = review.live, review.step
        return cls(
            id=review.id,
            version=review.version,
            brand=review.brand,
            owner=review.owner,
            name=review.name,
            state=review.state,
            step=live.step if live else None,
            step_title=step.title if step else None,
            step_title_en=step.title_en if step else None,
            round=live.round if live else None,
            since=live.opened_at if live else None,
            due=live.due_at if live else None,
            waiting=sum(task.state == "open" for task in review.tasks),
        )


class Full(Summary):
    """A review with everything that was said and voted, and whom it waits for since when."""

    committee: str
    drafter: str
    submission: int
    document: Document
    revision: int
    procedure: Procedure
    visits: tuple[AnyVisit, ...]
    waiting_for: list[Task]
    resolution: Resolution | None
    reason: str | None

    @classmethod
    def of(cls, review: Review) -> Self:
        """The whole of it but the history."""
        return cls(
            **Summary.of(review).model_dump(),
            committee=review.committee,
            drafter=review.drafter,
            submission=review.submission,
            document=review.document,
            revision=review.revision,
            procedure=review.procedure,
            visits=review.visits,
            waiting_for=[task for task in review.tasks if task.state == "open"],
            resolution=review.resolution,
            reason=review.reason,
        )


class Page(BaseModel):
    """Some of the reviews, and how many there are."""

    total: int
    reviews: list[Summary]


class Filter(BaseModel):
    """Which reviews to list."""

    owner: str | None = None
    state: State | None = None
    brand: str | None = None
    person: str | None = Field(default=None, description="等待此人办理（工号） / Waiting for this person")
    limit: int = Field(default=50, ge=1, le=200)
    skip: int = Field(default=0, ge=0, le=100_000)


class Story(BaseModel):
    """Every move that was ever made, and the seats each was made with, by digest."""

    review: str
    procedure: str
    procedure_version: int
    history: tuple[Entry, ...]
    seats: dict[str, Seats]


def routes(desk: Desk) -> APIRouter:
    """GET /reviews, /reviews/{id}, /reviews/{id}/history."""
    api = APIRouter(prefix="/reviews", tags=["审核查询 reviews"])

    async def opened(key: str, user: Principal) -> Review:
        review = await desk.reviews.get(key)
        taking_part = user.person in review.drafters or any(task.person == user.person for task in review.tasks)
        if not taking_part and not any(user.has(role) for role in SEES_ALL):
            seated = await desk.seats(review, user, datetime.now(UTC))
            if not seated.holds_any(user.person):
                raise Forbidden(
                    "review.not_yours",
                    zh="只有参与该审核的人员可以查看详情。",
                    en="Only those who take part in this review may see it in full.",
                )
        return review

    @api.get("", summary="审核列表 Reviews by owner, state, or the person they wait for")
    async def listed(reader: Reader, asked_for: Annotated[Filter, Query()]) -> Page:
        person = asked_for.person
        if person is not None and person != reader.user.person:
            reader.user.require(*SEES_ALL)
        wanted = {"owner": asked_for.owner, "state": asked_for.state, "brand": asked_for.brand}
        found, total = await desk.reviews.listed(wanted, person, limit=asked_for.limit, skip=asked_for.skip)
        return Page(total=total, reviews=[Summary.of(review) for review in found])

    @api.get("/{key}", summary="一项审核的全貌：文稿、环节、在等谁 One review in full, and whom it waits for")
    async def one(key: ReviewKey, reader: Reader) -> Full:
        return Full.of(await opened(key, reader.user))

    @api.get("/{key}/history", summary="全部操作记录，可重放 Every move that was made, replayable")
    async def history(key: ReviewKey, reader: Reader) -> Story:
        review = await opened(key, reader.user)
        procedure = review.procedure
        return Story(
            review=review.id,
            procedure=procedure.id,
            procedure_version=procedure.number,
            history=review.history,
            seats=review.seats,
        )

    return api
