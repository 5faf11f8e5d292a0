"""Arrivals: everything that other departments sent, what became of it, and doing it again after mending.

Events may carry what concerns persons (HR) or is restricted (discipline), so arrivals are for who keeps the rules.
"""

import json
from functools import partial
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from infra.kernel.errors import Refused
from infra.kernel.paging import Page, Paging
from infra.kernel.values import Identified
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.activities.access import actor, require_steward
from services.activities.inbound.model.arrival import Arrival, Described, State, dismiss
from services.activities.inbound.use_cases.intake import Intake
from services.activities.plans.api.plans import Why

AT_ONCE = 200
SORTED_OUT = {"state", "department", "type"}
SHOWN = 2000
LISTED = 20_000
"""Characters of an event that a list shows; a longer one is shown by itself."""


class Filter(Paging):
    """Which arrivals are asked for."""

    state: State | None = None
    department: str | None = None
    type: str | None = None
    sort: Literal["-received_at", "received_at"] = Field(default="-received_at", description="排序 Order")


class ArrivalView(Described, Identified):
    """An arrival as it is shown: the event itself, or the beginning of a message that cannot be read or believed."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    content: JsonValue = None
    message: str | None = None

    @classmethod
    def of(cls, arrival: Arrival, most: int | None = None) -> Self:
        """Show an arrival; where its event has more characters than ``most``, only the beginning as ``message``."""
        text, shown = arrival.content, dict(arrival) | {"content": None}
        if text and most is not None and len(text) > most:
            shown["message"] = f"{text[:SHOWN]}…"
        elif text:
            shown["content"] = json.loads(text)
        elif arrival.raw:
            shown["message"] = arrival.raw.body[:SHOWN].decode("utf-8", "backslashreplace")
        return cls.model_validate(shown)


class Redrive(Body):
    """Which arrivals are looked at again: all of a state, at most so many at once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "failed", "type": "safety.incident.recorded"}]})

    state: State
    department: str | None = None
    type: str | None = None
    limit: int = Field(default=AT_ONCE, ge=1, le=AT_ONCE)


class Junk(Redrive):
    """Which arrivals are put aside, and why: all of a state, at most so many at once."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "quarantined", "reason": "测试数据"}]})

    reason: str = Field(min_length=1, max_length=2000)


class PutAside(BaseModel):
    """How many were put aside, and how many of that state there are now."""

    dismissed: int
    left: int


class Redriven(BaseModel):
    """How many were looked at again, what became of them, and how many of that state there are now."""

    looked_at: int
    became: dict[State, int]
    left: int


def routes(intake: Intake) -> APIRouter:
    """The routes of arrivals."""
    api, arrivals = APIRouter(prefix="/arrivals", tags=["外部事件 arrivals"]), intake.inbound.arrivals

    @api.get("", summary="收到的事件及处理结果 What arrived and what became of it")
    async def listed(ask: Annotated[Filter, Query()], asked: Reader) -> Page[ArrivalView]:
        require_steward(asked.user)
        return (await arrivals.page(ask.where(), ask)).map(lambda one: ArrivalView.of(one, most=LISTED))

    @api.get("/{key}", summary="一条事件 One arrival")
    async def one(key: str, asked: Reader) -> ArrivalView:
        require_steward(asked.user)
        return ArrivalView.of(await arrivals.get(key))

    _many(api, intake)

    @api.post("/{key}/redrive", summary="按现行规则重新处理 Look again with the rules of now; earlier effects stay")
    async def redrive(key: str, asked: Asked) -> ArrivalView:
        require_steward(asked.user)
        return ArrivalView.of(await intake.redrive(key, asked.cause))

    @api.post("/{key}/dismissal", summary="搁置，须写明理由 Put aside, with a reason")
    async def dismissal(key: str, body: Why, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        decide = partial(dismiss, reason=body.reason, by=actor(asked))
        return await arrivals.update(key, decide, cause=asked.cause)

    return api


def _many(api: APIRouter, intake: Intake) -> None:
    arrivals = intake.inbound.arrivals

    @api.post("/redrive", summary="按状态重新处理 Look again at all of a state")
    async def redrive_all(body: Redrive, asked: Asked) -> Redriven:
        require_steward(asked.user)
        where = body.model_dump(include=SORTED_OUT, exclude_none=True)
        sort = (("looked_at", 1), ("received_at", 1))  # those that were looked at longest ago come first
        became: dict[State, int] = {}
        found = await arrivals.find(where, sort=sort, limit=body.limit)
        for arrival in found:
            try:
                state = (await intake.redrive(arrival.id, asked.cause.step(arrival.id))).state
            except Refused:  # settled by somebody meanwhile: it shows its own state
                state = (await arrivals.get(arrival.id)).state
            became[state] = became.get(state, 0) + 1
        return Redriven(looked_at=len(found), became=became, left=await arrivals.count(where))

    @api.post("/dismissal", summary="按状态批量搁置，须写明理由 Put aside all of a state, with a reason")
    async def dismiss_all(body: Junk, asked: Asked) -> PutAside:
        require_steward(asked.user)
        where, dismissed = body.model_dump(include=SORTED_OUT, exclude_none=True), 0
        decide = partial(dismiss, reason=body.reason, by=actor(asked))
        for arrival in await arrivals.find(where, sort=(("received_at", 1),), limit=body.limit):
            try:
                await arrivals.update(arrival.id, decide, cause=asked.cause.step(arrival.id))
                dismissed += 1
            except Refused:  # settled by somebody meanwhile, or had its effect: that needs no such thing
                continue
        return PutAside(dismissed=dismissed, left=await arrivals.count(where))
