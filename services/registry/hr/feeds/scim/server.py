"""The SCIM endpoint, put together when its first request comes (see ``protocol``); and what became of its changes.

HR has them, they wait, or HR cannot use them and why; and to try again.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import FEEDERS
from services.registry.hr.model import directory as model
from services.registry.hr.model.directory import Entry, Kind
from services.registry.hr.store import Entries
from services.registry.requests import PROBLEMS

if TYPE_CHECKING:
    from services.registry.hr.feeds.scim.protocol import Protocol

ROOT = "/scim/v2"


def routes(entries: Entries) -> APIRouter:
    """Everything under ``/scim/v2``. Its description is SCIM's own (``/Schemas``), not OpenAPI's."""
    api = APIRouter(include_in_schema=False)
    once, made = asyncio.Lock(), list["Protocol"]()

    async def answer(request: Request) -> Response:
        async with once:
            if not made:  # in a thread, for it takes a second in which others are served
                made.append(await asyncio.to_thread(_protocol, entries))
        return await made[0].answer(request)

    for path in (ROOT, ROOT + "/{path:path}"):
        api.add_api_route(path, answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
    return api


def _protocol(entries: Entries) -> "Protocol":
    from services.registry.hr.feeds.scim.protocol import Protocol  # noqa: PLC0415 - heavy, and many have no SCIM client

    return Protocol(entries)


State = Literal["taken", "waiting", "quarantined", "held"]


class Shown(BaseModel):
    """A user or a group of the directory; ``number``: the employee number, or the department's id at HR."""

    id: str
    kind: Kind
    name: str
    number: str | None
    client: str
    deleted: bool
    changed_at: datetime
    state: State
    reason: str | None
    reason_en: str | None

    @classmethod
    def of(cls, entry: Entry) -> "Shown":
        """The entry as HR's people see it."""
        content, (zh, en) = entry.shape.content, entry.quarantined or (None, None)
        settled = "held" if entry.held_by else "quarantined" if entry.quarantined else "taken"
        name = str(content.get("displayName") or content.get("userName") or "")
        about = {"name": name, "number": entry.shape.number, "reason": zh, "reason_en": en}
        return cls.model_validate({**dict(entry), **about, "state": "waiting" if entry.waiting else settled})


class Asking(Paging):
    """Which part of the directory is asked for."""

    state: State | None = None
    sort: Literal["-changed_at", "changed_at"] = Field(default="-changed_at", description="排序 / Order")


WHERE: dict[State | None, dict[str, Any]] = {
    None: {},
    "waiting": {"waiting": True},
    "quarantined": {"waiting": None, "quarantined": {"$ne": None}, "held_by": None},
    "held": {"waiting": None, "held_by": {"$ne": None}},
    "taken": {"waiting": None, "quarantined": None},
}


def status_routes(entries: Entries) -> APIRouter:
    """The routes of the directory's feed; the directory itself is under ``/scim/v2``."""
    api = APIRouter(prefix="/hr/scim", tags=["人力资源目录 HR directory (SCIM)"], responses=PROBLEMS)

    @api.get("", summary="目录变更的处理情况 What became of changes")
    async def listed(asked: Reader, ask: Annotated[Asking, Query()]) -> Page[Shown]:
        asked.user.require(*FEEDERS)
        return (await entries.page(WHERE[ask.state], ask)).map(Shown.of)

    @api.post("/{key}/retry", status_code=202, summary="重新处理 Look at it again")
    async def retry(key: str, asked: Asked) -> CommandResult:
        asked.user.require(*FEEDERS)
        return await entries.update(key, partial(model.touched, at=asked.at), cause=asked.cause)

    return api
