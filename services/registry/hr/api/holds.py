"""Sources that let too many people leave within a day: what is held, and a person's decision about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, JsonValue

from infra.kernel import clock
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import Access
from services.registry.hr.api.runs import READERS, Why
from services.registry.hr.model.hold import HoldDecision
from services.registry.hr.use_cases.holds import Holds
from services.registry.requests import PROBLEMS, Page
from services.registry.stores import Stores


class Waiting(BaseModel):
    """One leaver that waits: an event (its arrival's id) or an entry of the directory."""

    id: str
    feed: Literal["event", "scim"]
    employee: str
    name: str


class GateView(BaseModel):
    """A source, whether its leavers are held and why, and (for one source) at most 100 of those that wait."""

    source: str
    state: Literal["held", "released", "watching"]
    held_since: datetime | None
    why: tuple[str, str] | None
    decided_by: str | None
    reason: str | None
    waiting: list[Waiting] = []

    @classmethod
    def of(cls, gate: HoldDecision, waiting: list[Waiting] | None = None) -> "GateView":
        """The gate as a person sees it."""
        state = "held" if gate.held_since else "released" if gate.open(clock.now()) else "watching"
        known = gate.model_dump(include={"held_since", "why", "decided_by", "reason"})
        return cls.model_validate({"source": gate.id, "state": state, **known, "waiting": waiting or []})


def routes(stores: Stores, standings: Access, gates: Holds) -> APIRouter:
    """The routes of held leavers; a source's name is part of the query, for it may hold slashes."""
    api = APIRouter(prefix="/hr/gates", tags=["人力资源离职闸门 HR leavers held"], responses=PROBLEMS)

    @api.get("", summary="各来源的离职闸门 All sources that were ever held")
    async def listed(asked: Reader) -> Page[GateView]:
        asked.user.require(*READERS)
        found = await stores.hr.gates.find(limit=0)
        return Page(items=[GateView.of(one) for one in found], total=len(found))

    @api.get("/waiting", summary="被暂停的离职 What is held of one source")
    async def waiting(source: str, asked: Reader) -> GateView:
        asked.user.require(*READERS)
        gate = await stores.hr.gates.get(source)
        events, entries = await gates.held(source)
        rows = [
            Waiting(id=one.id, feed="event", employee=one.about[0], name=one.about[1]) for one in events if one.about
        ]
        rows += [_entry(one.id, one.taken.record or {}) for one in entries]
        return GateView.of(gate, rows)

    @api.post("/release", summary="确认离职属实，继续受理 They really leave")
    async def release(source: str, body: Why, asked: Asked) -> CommandResult:
        (await standings.of(asked.user)).require_everything()
        return await gates.release(source, asked.user.person, body.reason, asked.cause)

    @api.post("/rejection", summary="来源有误，不予受理 The source was wrong")
    async def reject(source: str, body: Why, asked: Asked) -> CommandResult:
        (await standings.of(asked.user)).require_everything()
        return await gates.reject(source, asked.user.person, body.reason, asked.cause)

    return api


def _entry(key: str, told: Mapping[str, JsonValue]) -> Waiting:
    return Waiting(id=key, feed="scim", employee=str(told.get("employee_no")), name=str(told.get("name")))
