"""Sources that let too many people leave within a day: what is held, and a person's decision about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, JsonValue

from infra.kernel import clock
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import Access, require_hr_reader
from services.registry.hr.api.runs import Why
from services.registry.hr.model.hold import HoldDecision
from services.registry.hr.use_cases.events import Holds
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores


class Waiting(BaseModel):
    """One leaver that waits: an event (its arrival's id) or an entry of the directory."""

    id: str
    feed: Literal["event", "scim"]
    employee: str
    name: str


class HoldView(BaseModel):
    """A source, whether its leavers are held, and why."""

    source: str
    state: Literal["held", "released", "watching"]
    held_since: datetime | None
    why: tuple[str, str] | None
    decided_by: str | None
    reason: str | None

    @classmethod
    def of(cls, hold: HoldDecision) -> "HoldView":
        """The hold as a person sees it."""
        state = "held" if hold.held_since else "released" if hold.open(clock.now()) else "watching"
        known = hold.model_dump(include={"held_since", "why", "decided_by", "reason"})
        return cls.model_validate({"source": hold.id, "state": state, **known})


class Filter(Paging):
    """Which source is asked for."""

    source: str | None = Field(default=None, description="来源系统 / The system")


class WaitingFilter(Paging):
    """Of which source the leavers are asked for."""

    source: str = Field(description="来源系统 / The system")


def routes(stores: Stores, access: Access, holds: Holds) -> APIRouter:
    """The routes of held leavers; a source's name is part of the query, for it may hold slashes."""
    api = APIRouter(prefix="/hr/holds", tags=["人力资源离职闸门 HR leavers held"], responses=PROBLEMS)

    @api.get("", summary="各来源的离职闸门 All sources that were ever held")
    async def listed(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[HoldView]:
        require_hr_reader(asked.user)
        return (await stores.hr.holds.page(ask.where(source="_id"), ask)).map(HoldView.of)

    @api.get("/waiting", summary="被暂停的离职 What is held of one source")
    async def waiting(asked: Reader, ask: Annotated[WaitingFilter, Query()]) -> Page[Waiting]:
        require_hr_reader(asked.user)
        await stores.hr.holds.get(ask.source)
        events, entries = await holds.held(ask.source, limit=0)
        rows = [
            Waiting(id=one.id, feed="event", employee=one.about[0], name=one.about[1]) for one in events if one.about
        ]
        rows += [_entry(one.id, one.taken.record or {}) for one in entries]
        return Page.among(rows, ask, lambda one: one.id)

    @api.post("/release", summary="确认离职属实，继续受理 They really leave")
    async def release(source: str, body: Why, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        return await holds.release(source, asked.user.person, body.reason, asked.cause)

    @api.post("/rejection", summary="来源有误，不予受理 The source was wrong")
    async def reject(source: str, body: Why, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        return await holds.reject(source, asked.user.person, body.reason, asked.cause)

    return api


def _entry(key: str, sent: Mapping[str, JsonValue]) -> Waiting:
    return Waiting(id=key, feed="scim", employee=str(sent.get("employee_no")), name=str(sent.get("name")))
