"""HTTP for whoever keeps office systems connected: channels, drift, rows, deliveries; and the vendors' callbacks."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from infra.aggregate import NotFound
from infra.http import Asked, Reader
from infra.store import Answer
from services.notify.callbacks import Callbacks
from services.notify.model import row as moves
from services.notify.model.row import Row
from services.notify.office import Delivery, Drift, Office, Seen, present
from services.notify.pushing import Pushing
from services.notify.reconciling import Reconciling

KEEPERS = ("administrator", "party_work_department")
Limit = Annotated[int, Query(ge=1, le=200)]


class ChannelView(BaseModel):
    """How one channel does. ``breaker`` is that of the replica that answers."""

    name: str
    breaker: str
    error: str | None
    waiting: int
    oldest: datetime | None
    failed: int
    drift: Drift | None


def routes(office: Office, pushings: Sequence[Pushing], reconciling: Reconciling, callbacks: Callbacks) -> APIRouter:
    """The routes of office systems."""
    api = APIRouter(prefix="/oa", tags=["办公系统 office systems"])
    by_name = {one.settings.name: one for one in pushings}

    @api.get("/channels", summary="各通道状态 How each channel does")
    async def channels(asked: Reader) -> list[ChannelView]:
        asked.user.require(*KEEPERS)
        drifts = {one.id: one for one in await office.drifts.find(limit=0)}
        return [
            ChannelView(
                name=name,
                breaker=one.breaker.state,
                error=one.breaker.last_error,
                drift=drifts.get(name),
                **await office.backlog(name),
            )
            for name, one in by_name.items()
        ]

    @api.get("/drift", summary="最近一次比对 The last comparison of each channel")
    async def drift(asked: Reader) -> list[Drift]:
        asked.user.require(*KEEPERS)
        return await office.drifts.find(limit=0)

    @api.post("/reconciliation", summary="立即比对 Compare now")
    async def reconcile(asked: Asked, channel: str | None = None) -> list[Drift]:
        asked.user.require(*KEEPERS)
        wanted = [one for name, one in by_name.items() if channel in {None, name}]
        if not wanted:
            raise NotFound("channel.unknown", zh=f"没有通道“{channel}”。", en=f"There is no channel “{channel}”.")
        return [await reconciling.compare(one) for one in wanted]

    @api.get("/rows", summary="待推送与失败的待办 Rows")
    async def rows(asked: Reader, channel: str | None = None, *, failed: bool = False, limit: Limit = 50) -> list[Row]:
        asked.user.require(*KEEPERS)
        where: dict[str, Any] = {"failed": True} if failed else {"next_at": {"$ne": None}}
        return await office.rows.find({**where, **({"channel": channel} if channel else {})}, limit=limit)

    @api.post("/rows/{key}/redrive", summary="重新推送 Send again")
    async def redrive(key: str, asked: Asked) -> Answer:
        asked.user.require(*KEEPERS)
        return await office.rows.update(key, partial(moves.redrive_failed, now=present()), cause=asked.cause)

    @api.get("/deliveries", summary="推送日志 Deliveries, newest first")
    async def deliveries(
        asked: Reader, channel: str | None = None, todo: str | None = None, limit: Limit = 50
    ) -> list[Delivery]:
        asked.user.require(*KEEPERS)
        where = {name: value for name, value in (("channel", channel), ("todo", todo)) if value}
        return await office.deliveries.find(where, sort=(("at", -1), ("_id", -1)), limit=limit)

    @api.get("/callbacks", summary="收到的回调 Callbacks, newest first")
    async def seen(asked: Reader, limit: Limit = 50) -> list[Seen]:
        asked.user.require(*KEEPERS)
        return await office.seen.find(sort=(("at", -1), ("_id", -1)), limit=limit)

    # no command of ours: signed instead of a token, repeated under its webhook-id; docs/guides/connect-the-oa.md
    @api.post("/{channel}/callbacks", include_in_schema=False)
    async def called(channel: str, request: Request) -> dict[str, Any]:
        return await callbacks.take(channel, await request.body(), request.headers)

    return api
