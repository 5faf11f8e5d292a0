"""HTTP in: everyone reads their own inbox and no one else's; administrators are no exception."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from infra.kernel import clock
from infra.kernel.errors import Invalid
from infra.web.auth import Principal
from infra.web.http import Asked, Reader
from services.notify.access import scopes
from services.notify.inbox.model.todo import State
from services.notify.inbox.store import Cursor
from services.notify.inbox.use_cases import Inbox, Item, Owner, Unread

Limit = Annotated[int, Query(ge=1, le=200)]
Before = Annotated[str | None, Query(description="上一页返回的 next The ``next`` of the page before")]


class Page(BaseModel):
    """Some items, newest first; ``next`` leads to the following ones."""

    items: list[Item]
    next: str | None


class Open(Page):
    """A page of the inbox, and how much of the whole inbox is unread."""

    unread: Unread


class Read(BaseModel):
    """How many items were marked as read."""

    read: int
    unread: Unread


class Statistics(BaseModel):
    """Counts only: nothing about a person, no order of people, nothing about log-ins."""

    todos: dict[str, int]
    messages: dict[str, int]


def routes(inbox: Inbox) -> APIRouter:
    """Every route of this service."""
    api = APIRouter(tags=["收件箱 inbox"])

    async def owner(user: Principal) -> Owner:
        return await inbox.owner(user.person, scopes(user))

    @api.get("/inbox", summary="我的待办与消息 My open to-dos and messages")
    async def mine(asked: Reader, limit: Limit = 50, before: Before = None) -> Open:
        me = await owner(asked.user)
        page = _page(await inbox.page(me, limit, _cursor(before)), limit)
        return Open(**dict(page), unread=await inbox.unread(me))

    @api.put("/inbox/{key}/read", summary="标为已读 Mark one as read")
    async def read(key: str, asked: Asked) -> Read:
        me = await owner(asked.user)
        await inbox.read(me, key, asked.at)
        return Read(read=1, unread=await inbox.unread(me))

    @api.post("/inbox/read-all", summary="全部标为已读 Mark everything as read")
    async def read_all(asked: Asked) -> Read:
        me = await owner(asked.user)
        return Read(read=await inbox.read_all(me, asked.at), unread=await inbox.unread(me))

    @api.get("/todos", summary="我的待办（按状态） My to-dos, by state")
    async def todos(asked: Reader, state: State | None = None, limit: Limit = 50, before: Before = None) -> Page:
        found = await inbox.todos.of(asked.user.person, state, limit, _cursor(before))
        return _page([inbox.todo(todo) for todo in found], limit)

    @api.get("/messages/{key}", summary="一条消息 One message")
    async def message(key: str, asked: Reader) -> Item:
        return await inbox.one(await owner(asked.user), key)

    @api.get("/statistics", summary="数量统计 Counts")
    async def statistics(_: Reader) -> Statistics:
        return Statistics(todos=await inbox.todos.counts(clock.now()), messages=await inbox.notices.counts())

    return api


def _page(items: list[Item], limit: int) -> Page:
    last = items[-1] if len(items) == limit else None
    return Page(items=items, next=f"{int(last.at.timestamp() * 1000)}~{last.id}" if last else None)


def _cursor(text: str | None) -> Cursor | None:
    if text is None:
        return None
    moment, _, key = text.partition("~")
    try:
        return Cursor(datetime.fromtimestamp(int(moment) / 1000, UTC), key)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid(
            "cursor.invalid",
            zh="before 不是上一页返回的值。",
            en="``before`` is no ``next`` of a page.",
            field="query:/before",
        ) from error
