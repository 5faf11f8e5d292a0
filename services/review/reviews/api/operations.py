"""Commands of every step: hand a duty on, let others know, urge, terminate."""

from fastapi import APIRouter
from pydantic import Field

from infra.storage.store import CommandResult
from infra.web.http import Asked
from services.review.reviews.api.bodies import ReviewKey, Said
from services.review.reviews.model.commands import Advise, Copy, Delegate, People, Terminate, Transfer, Urge
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.text_types import Number, Words


class Handed(Said):
    """To whom, and why."""

    to: Number = Field(description="工号 / Their number")
    reason: Words = Field(description="理由或所问 / Why, or what is asked")


class Advised(Said):
    """The opinion that was asked for."""

    opinion: Words = Field(description="意见 / The opinion")


class CopiedTo(Said):
    """Who is to know."""

    to: People = Field(description="工号 / Their numbers")
    note: Words | None = Field(default=None, description="附言，可省略 / A note, optional")


class Urged(Said):
    """A reminder."""

    note: Words | None = Field(default=None, description="附言，可省略 / A note, optional")


class Terminated(Said):
    """Why the review is ended."""

    reason: Words = Field(description="理由 / Why")


def routes(use_cases: ReviewUseCases) -> APIRouter:
    """POST /reviews/{id}/transfer · /delegation · /advice · /copies · /urge · /termination."""
    api = APIRouter(prefix="/reviews/{key}", tags=["转办、委派、抄送、催办、终止 operations"])

    @api.post("/transfer", summary="转办（表决、签署除外） Hand the lead of the step over; never a vote or a signature")
    async def transfer(key: ReviewKey, body: Handed, asked: Asked) -> CommandResult:
        command = Transfer(to=body.to, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/delegation", summary="委派：征求意见后由本人办理 Ask somebody for an opinion; the duty comes back")
    async def delegate(key: ReviewKey, body: Handed, asked: Asked) -> CommandResult:
        command = Delegate(to=body.to, reason=body.reason)
        return await use_cases.execute(key, command, asked.user, asked.cause, body.version)

    @api.post("/advice", summary="答复委派 Give the opinion one was asked for")
    async def advise(key: ReviewKey, body: Advised, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Advise(opinion=body.opinion), asked.user, asked.cause, body.version)

    @api.post("/copies", status_code=201, summary="抄送 Let people know; they may see the review")
    async def copy(key: ReviewKey, body: CopiedTo, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Copy(to=body.to, note=body.note), asked.user, asked.cause, body.version)

    @api.post("/urge", summary="催办 Remind those whom the review waits for")
    async def urge(key: ReviewKey, body: Urged, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Urge(note=body.note), asked.user, asked.cause, body.version)

    @api.post("/termination", summary="终止（党委工作部或管理员） Terminate, by the office or an administrator")
    async def terminate(key: ReviewKey, body: Terminated, asked: Asked) -> CommandResult:
        return await use_cases.execute(key, Terminate(reason=body.reason), asked.user, asked.cause, body.version)

    return api
