"""Rounds of rechecks over HTTP: start one for a year and a committee, and see how far it is."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from infra.aggregate import Forbidden
from infra.http import Asked, Body, Reader
from infra.store import Answer
from services.review.standing.model.ground import Hand
from services.review.standing.model.round import Round
from services.review.standing.register import Register
from services.review.store import OFFICE

Year = Annotated[int, Field(ge=2000, le=2999, description="复核年度 / The year that is rechecked")]


class RoundStarted(Body):
    """Which year, for the brands under which committee."""

    year: Year
    committee: str = Field(description="党委编号 / Id of the committee")


def routes(register: Register) -> APIRouter:
    """POST and GET /recheck-rounds, GET /recheck-rounds/{id}."""
    api = APIRouter(prefix="/recheck-rounds", tags=["年度复核 rechecks"])

    @api.post("", status_code=202, summary="批量开展年度复核 Open the recheck of a year for all brands of a committee")
    async def start(body: RoundStarted, asked: Asked) -> Answer:
        seats = await register.desk.mirrors.around(body.committee, Hand(asked.user.person, asked.at).today)
        held = await register.desk.mirrors.seats(seats, Hand(asked.user.person, asked.at).today)
        if not (asked.user.has(OFFICE, body.committee) or asked.user.person in held.work_department):
            raise Forbidden(
                "standing.not_office",
                zh="只有该党委的党委工作部可以办理。",
                en="Only the Party work department of this committee may do this.",
                field="/committee",
            )
        hand = Hand(asked.user.person, asked.at)
        return await register.start_round(body.year, body.committee, hand, asked.cause)

    @api.get("", summary="批量复核及进度 Every round and how far it is")
    async def listed(reader: Reader) -> list[Round]:
        reader.user.require(OFFICE, "administrator", "auditor")
        found = await register.rounds.find(limit=0, sort=(("started_at", -1),))
        return [one for one in found if _may_see(reader, one)]

    @api.get("/{key}", summary="一次批量复核的进度 One round and how far it is")
    async def one(key: str, reader: Reader) -> Round:
        found = await register.rounds.get(key)
        for role in (OFFICE, "administrator", "auditor"):
            if reader.user.has(role, found.committee):
                return found
        reader.user.require(OFFICE, scope=found.committee)
        return found

    return api


def _may_see(reader: Reader, one: Round) -> bool:
    return any(reader.user.has(role, one.committee) for role in (OFFICE, "administrator", "auditor"))
