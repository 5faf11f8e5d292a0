"""One person's inbox: open to-dos and messages in one list, newest first, with what is unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from infra.kernel.errors import NotFound
from infra.kernel.paging import Page, Paging
from services.notify.inbox.model.audience import Held
from services.notify.inbox.model.notice import Notice
from services.notify.inbox.model.wording import Text, Wording
from services.notify.inbox.store import OPEN, UNREAD, Mirrors, Notices, OwnTodo, Todos

LIST = "inbox"
STRETCH = 500
"""How many messages are marked as read in one go: an inbox of many years is never held in memory at once."""


class Item(BaseModel):
    """What stands in an inbox; ``link`` leads to where it is done or told."""

    id: str
    type: Literal["todo", "message"]
    title: Text
    body: Text
    at: datetime
    link: str
    state: str | None = None
    due: datetime | None = None
    read_at: datetime | None = None


class Unread(BaseModel):
    """How much is unread."""

    total: int
    todos: int
    messages: int


@dataclass(frozen=True)
class Owner:
    """Whose inbox: the person and the keys under which messages reach them."""

    person: str
    held: Sequence[Held]


class Inbox:
    """The inboxes of all; nobody is given another's."""

    def __init__(self, todos: Todos, notices: Notices, mirrors: Mirrors, wording: Wording) -> None:
        self.todos, self.notices, self.mirrors, self.wording = todos, notices, mirrors, wording

    async def owner(self, person: str, scopes: Sequence[str]) -> Owner:
        """The owner of an inbox; ``scopes`` are those of the work department role in their token."""
        return Owner(person, await self.mirrors.keys(person, scopes))

    async def page(self, owner: Owner, ask: Paging) -> Page[Item]:
        """A page of both lists, which are in the same order: the next of both holds the next of all."""
        after, limit = ask.begins_after(LIST, 2), ask.limit + 1
        items = [self.todo(todo) for todo in await self.todos.open_of(owner.person, limit, after)]
        found = await self.notices.of(owner.held, limit, after)
        read = await self.notices.read_at(owner.person, found)
        items += [self.message(notice, read.get(notice.id)) for notice in found]
        items.sort(key=lambda item: (item.at, item.id), reverse=True)
        total = await self.todos.count(owner.person, OPEN) + await self.notices.count(owner.held)
        return Page.cut(items[:limit], total, ask, LIST, lambda item: (item.at, item.id))

    async def unread(self, owner: Owner) -> Unread:
        """How much this person has not read."""
        todos = await self.todos.count(owner.person, OPEN | UNREAD)
        messages = await self.notices.unread(owner.held, owner.person)
        return Unread(total=todos + messages, todos=todos, messages=messages)

    async def one(self, owner: Owner, key: str) -> Item:
        """One message of this person; raises ``NotFound``, also when it is another's."""
        notice = await self.notices.one(owner.held, key)
        if notice is None:
            raise _none(key)
        return self.message(notice, (await self.notices.read_at(owner.person, [notice])).get(key))

    async def read(self, owner: Owner, key: str, at: datetime) -> None:
        """Mark one item as read; again changes nothing. Raises ``NotFound``, also when it is another's."""
        if await self.todos.count(owner.person, {"_id": key}):
            await self.todos.read(owner.person, at, key)
        elif await self.notices.one(owner.held, key):
            await self.notices.read(owner.person, [key], at)
        else:
            raise _none(key)

    async def read_all(self, owner: Owner, at: datetime) -> int:
        """Mark everything as read; returns how many items that were."""
        marked, after = await self.todos.read(owner.person, at), list[Any]()
        while some := await self.notices.of(owner.held, STRETCH, after):
            known = await self.notices.read_at(owner.person, some)
            fresh = [notice.id for notice in some if notice.id not in known]
            await self.notices.read(owner.person, fresh, at)
            marked, after = marked + len(fresh), [some[-1].at, some[-1].id]
        return marked

    def todo(self, todo: OwnTodo) -> Item:
        """A to-do as an item."""
        title, body = self.wording.render("todo", {"name": todo.name, "title": todo.title}, {"title": todo.title_en})
        known = todo.model_dump(include={"id", "state", "due"})
        return Item(type="todo", title=title, body=body, at=todo.since, read_at=todo.seen_at, link=todo.link, **known)

    @staticmethod
    def message(notice: Notice, read_at: datetime | None) -> Item:
        """A message as an item."""
        return Item(type="message", read_at=read_at, **notice.model_dump())


def _none(key: str) -> NotFound:
    return NotFound("item.not_found", zh=f"收件箱中没有“{key}”。", en=f"There is no “{key}” in this inbox.")
