"""HTTP in: everyone reads their own inbox and no one else's; administrators are no exception."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from infra.kernel import clock
from infra.kernel.paging import Page, Paging
from infra.web.auth import Principal
from infra.web.http import Asked, Paged, Reader
from services.notify.access import scopes
from services.notify.events.consumed import State
from services.notify.inbox.use_cases import Inbox, Item, Owner, Unread


class TodoFilter(Paging):
    """Which of one's to-dos are asked for."""

    state: State | None = Field(default=None, description="状态 State")
    sort: Literal["-since", "since"] = Field(default="-since", description="排序 Order")


class Open(Page[Item]):
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
    async def mine(asked: Reader, ask: Paged) -> Open:
        me = await owner(asked.user)
        return Open(**dict(await inbox.page(me, ask)), unread=await inbox.unread(me))

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
    async def todos(asked: Reader, ask: Annotated[TodoFilter, Query()]) -> Page[Item]:
        return (await inbox.todos.page(asked.user.person, ask)).map(inbox.todo)

    @api.get("/messages/{key}", summary="一条消息 One message")
    async def message(key: str, asked: Reader) -> Item:
        return await inbox.one(await owner(asked.user), key)

    @api.get("/statistics", summary="数量统计 Counts")
    async def statistics(_: Reader) -> Statistics:
        return Statistics(todos=await inbox.todos.counts(clock.now()), messages=await inbox.notices.counts())

    return api
