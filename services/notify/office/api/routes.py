"""HTTP for whoever keeps office systems connected: channels, drift, rows, deliveries; and the vendors' callbacks."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from infra.kernel import clock
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.auth import Principal
from infra.web.http import Asked, Paged, Reader
from services.notify.access import channels_of, require_keeper
from services.notify.office.api.callbacks import Callbacks
from services.notify.office.model import delivery as model
from services.notify.office.model.delivery import ChannelDelivery
from services.notify.office.store import Delivery, Drift, Known, Office, SeenCallback, cause

COMPARED_WITHIN, LOOK_SECONDS = 20.0, 0.1


class OfChannel(Paging):
    """Of which channel a list is asked for; of all if not given."""

    channel: str | None = Field(default=None, description="通道 Channel")

    def of(self, user: Principal, known: Sequence[str]) -> dict[str, Any]:
        """The condition for those who keep the channels; raises ``Forbidden`` and ``NotFound``."""
        return self.where() | {"channel": {"$in": list(channels_of(user, known, self.channel))}}


class Newest(OfChannel):
    """In which order."""

    sort: Literal["-at", "at"] = Field(default="-at", description="排序 Order")


class LogFilter(Newest):
    """Which calls to vendors are asked for."""

    todo: str | None = None
    outcome: str | None = None

    @property
    def order(self) -> tuple[str, ...]:
        """Calls of the same moment by their number."""
        return (self.sort, self.sort.replace("at", "seq"))


class WaitingFilter(OfChannel):
    """Which deliveries are asked for: those that wait, those that ``failed``, or all of one ``todo``."""

    todo: str | None = Field(
        default=None, description="待办：列出其各状态的推送 A to-do: its deliveries in every state"
    )
    failed: bool = Field(default=False, description="仅失败的 Those that failed")


class CallbackFilter(Paging):
    """In which order callbacks are shown."""

    sort: Literal["-at", "at"] = Field(default="-at", description="排序 Order")


class ChannelView(BaseModel):
    """How one channel does. ``breaker``: ``open`` = the vendor is given up for a while, since ``since``."""

    name: str
    breaker: str
    since: datetime | None
    error: str | None
    waiting: int
    oldest: datetime | None
    failed: int
    drift: Drift | None


class Redriven(BaseModel):
    """How many deliveries were made due again."""

    redriven: int


def routes(office: Office, compared: Sequence[str], callbacks: Callbacks) -> APIRouter:
    """The routes of office systems; ``compared``: the channels that have a list to compare with."""
    api = APIRouter(prefix="/oa", tags=["办公系统 office systems"])
    _channels(api, office)
    _comparing(api, office, compared)
    _deliveries(api, office)
    _log(api, office)

    # no command of ours: signed instead of a token, repeated under its webhook-id; docs/guides/for-the-oa-team.md
    @api.post("/{channel}/callbacks", include_in_schema=False)
    async def called(channel: str, request: Request) -> dict[str, Any]:
        return await callbacks.take(channel, await request.body(), request.headers)

    return api


def _channels(api: APIRouter, office: Office) -> None:
    @api.get("/channels", summary="各通道状态 How each channel does")
    async def channels(asked: Reader, ask: Paged) -> Page[ChannelView]:
        page = Page.among(channels_of(asked.user, office.channels), ask, str)
        drifts = {one.id: one for one in await office.drifts.find(limit=0)}
        known = {one.id: one for one in await office.known.find(limit=0)}
        views = [
            ChannelView(
                name=name,
                drift=drifts.get(name),
                **known.get(name, Known(id=name)).model_dump(include={"breaker", "since", "error"}),
                **await office.backlog(name),
            )
            for name in page.items
        ]
        return page.holding(views)

    @api.get("/drift", summary="最近一次比对 The last comparison of each channel")
    async def drift(asked: Reader, ask: Paged) -> Page[Drift]:
        return await office.drifts.page({"_id": {"$in": list(channels_of(asked.user, office.channels))}}, ask)

    @api.get("/drift/found", summary="发现过差异的比对 Comparisons that found something, newest first")
    async def found(asked: Reader, ask: Annotated[Newest, Query()]) -> Page[Drift]:
        return await office.history.page(ask.of(asked.user, office.channels), ask)


def _comparing(api: APIRouter, office: Office, compared: Sequence[str]) -> None:
    @api.post("/reconciliation", summary="立即比对 Compare now")
    async def reconcile(asked: Asked, channel: str | None = None) -> list[Drift]:
        """Asks the replica that tends each channel and waits for it; what it found is made due at once."""
        names = channels_of(asked.user, compared, channel)
        begun, end = clock.now(), time.monotonic() + COMPARED_WITHIN
        for name in names:
            await office.note(name, asked_at=begun)
        fresh = {"_id": {"$in": list(names)}, "at": {"$gte": begun}}
        while time.monotonic() < end:
            await asyncio.sleep(LOOK_SECONDS)
            if await office.drifts.count(fresh) == len(names):
                break
        done = {one.id: one for one in await office.drifts.find(fresh, limit=0)}
        late = "not compared yet; look again at GET /oa/drift"
        return [done.get(name) or Drift(id=name, channel=name, at=begun, error=late) for name in names]


def _deliveries(api: APIRouter, office: Office) -> None:
    @api.get("/channel-deliveries", summary="待推送与失败的待办 Deliveries that wait, or that failed")
    async def deliveries(asked: Reader, ask: Annotated[WaitingFilter, Query()]) -> Page[ChannelDelivery]:
        """With ``todo``: its deliveries in every state."""
        where = ask.of(asked.user, office.channels)
        if ask.todo or not ask.failed:
            del where["failed"]
        if not (ask.todo or ask.failed):
            where["next_at"] = {"$ne": None}
        return await office.channel_deliveries.page(where, ask)

    @api.post("/channel-deliveries/{key}/redrive", summary="重新推送 Send one again")
    async def redrive(key: str, asked: Asked) -> CommandResult:
        require_keeper(asked.user)
        return await office.channel_deliveries.update(key, partial(model.redriven, now=clock.now()), cause=asked.cause)

    @api.post("/channels/{channel}/redrive", summary="重推全部失败的待办 Send all that failed again")
    async def redrive_all(channel: str, asked: Asked) -> Redriven:
        channels_of(asked.user, office.channels, channel)
        failed = await office.channel_deliveries.find({"channel": channel, "failed": True}, limit=0)
        for delivery in failed:
            decide = partial(model.found, holders=(), now=clock.now())
            await office.channel_deliveries.update(delivery.id, decide, cause=cause(f"redrive#{delivery.id}"))
        return Redriven(redriven=len(failed))


def _log(api: APIRouter, office: Office) -> None:
    @api.get("/deliveries", summary="推送日志 Deliveries, newest first")
    async def deliveries(asked: Reader, ask: Annotated[LogFilter, Query()]) -> Page[Delivery]:
        return await office.deliveries.page(ask.of(asked.user, office.channels), ask)

    @api.get("/callbacks", summary="收到的回调 Callbacks, newest first")
    async def seen(asked: Reader, ask: Annotated[CallbackFilter, Query()]) -> Page[SeenCallback]:
        require_keeper(asked.user)
        return await office.seen.page({}, ask)
