"""What this service asks of its database: whose inbox holds what, what is unread, and its mirrors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.kernel.dates import above
from infra.kernel.errors import NotYet
from infra.kernel.paging import Page, Paging
from infra.storage.collections import Collection, ImmutableCollection, Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from services.notify.inbox.model.audience import Held, Organisation, Person, keys_of
from services.notify.inbox.model.notice import Notice, Receipt, receipt_id
from services.notify.inbox.model.todo import Todo

NEWEST = -1
OPEN = {"state": "open"}
UNREAD = {"$expr": {"$lt": ["$read_at", "$since"]}}
"""``OwnTodo.seen_at`` is None, as a query: no ``read_at`` at all sorts before every moment."""
Where = dict[str, Any]


class OrganisationRow(Mirrored, Organisation):
    """An organisation as mirrored."""


class PersonRow(Mirrored, Person):
    """A person as mirrored."""


class TodoRow(Mirrored, Todo):
    """A to-do as review stated it."""


class OwnTodo(TodoRow):
    """A to-do with what notify adds beside the mirrored fields."""

    read_at: datetime | None = None

    @property
    def seen_at(self) -> datetime | None:
        """When it was read; a to-do that was opened again since under the same id is a new duty, not read yet."""
        return None if self.read_at is None or self.read_at < self.since else self.read_at


class Mirrors:
    """What the registry said about organisations and people."""

    def __init__(self, mongo: Mongo) -> None:
        self.organisations = Projection(mongo, "organisations", OrganisationRow)
        self.people = Projection(mongo, "people", PersonRow)

    async def organisation(self, key: str) -> Organisation:
        """An organisation; raises ``NotYet`` while it has not arrived here."""
        return _arrived(key, {row.id: row for row in await self.organisations.find({"_id": key}, limit=1)})

    async def above(self, key: str) -> list[str]:
        """The organisation and all above it; raises ``NotYet`` while one of them has not arrived here."""
        known = await self._known()  # read once: what arrives meanwhile must not make a part look like the whole
        return [_arrived(one, known).id for one in above(key, known)]

    async def keys(self, key: str, scopes: Sequence[str]) -> list[Held]:
        """Every key under which messages reach this person."""
        person = next(iter(await self.people.find({"_id": key}, limit=1)), None)
        return keys_of(key, person, await self._known(), scopes)

    async def _known(self) -> Mapping[str, Organisation]:
        """All organisations: some hundred in a large enterprise."""
        return {row.id: row for row in await self.organisations.find(limit=0)}


def _arrived(organisation: str, known: Mapping[str, Organisation]) -> Organisation:
    if organisation not in known:
        zh, en = f"党组织“{organisation}”的资料尚未到达。", f"The organisation “{organisation}” is not known here yet."
        raise NotYet("organisation.not_yet", zh=zh, en=en)
    return known[organisation]


class Todos:
    """To-dos: mirrored rows, with ``read_at`` beside them."""

    def __init__(self, mongo: Mongo) -> None:
        keys = [("person", ASCENDING), ("state", ASCENDING), ("since", NEWEST), ("_id", NEWEST)]
        listed = IndexModel([keys[0], *keys[2:]], name="listed")
        self.mirror = Projection[TodoRow](mongo, "todos", TodoRow, [IndexModel(keys, name="mine"), listed])
        self._own = Projection[OwnTodo](mongo, "todos", OwnTodo)

    async def page(self, person: str, ask: Paging) -> Page[OwnTodo]:
        """A page of the to-dos of one person."""
        return await self._own.page({"person": person} | ask.where(), ask)

    async def open_of(self, person: str, limit: int, after: Sequence[Any] | None) -> list[OwnTodo]:
        """The open to-dos of one person, newest first, beyond a moment and an id."""
        where = {"person": person, "state": "open"}
        return await self._own.find(where, sort=(("since", NEWEST), ("_id", NEWEST)), limit=limit, after=after)

    async def count(self, person: str, where: Where) -> int:
        """How many of the to-dos of this person are such."""
        return await self._own.count({"person": person, **where})

    async def read(self, person: str, at: datetime, key: str | None = None) -> int:
        """Mark one (or every open) to-do of this person as read; the first time stays. Returns how many it marked."""
        which = {"state": "open"} if key is None else {"_id": key}
        marked = 0
        for todo in await self._own.find({**which, "person": person, **UNREAD}, limit=0):
            # review's clock may be ahead of ours, and what is opened again meanwhile is not what was read
            same = {"_id": todo.id, "since": todo.since}
            marked += await self._own.mark(same | UNREAD, read_at=max(at, todo.since))
        return marked

    async def counts(self, now: datetime) -> dict[str, int]:
        """How many to-dos are in which state, and how many open ones are past their time."""
        states = {state: await self._own.count({"state": state}) for state in ("open", "done", "withdrawn")}
        return states | {"overdue": await self._own.count({"state": "open", "due": {"$lt": now}})}


class Notices:
    """Messages, each one document for all whom it reaches, and the receipts of those who read them."""

    def __init__(self, mongo: Mongo) -> None:
        reach = IndexModel([("to", ASCENDING), ("at", NEWEST), ("_id", NEWEST)], name="reach")
        self.messages = ImmutableCollection(mongo, "notices", Notice, [reach])
        self.receipts = ImmutableCollection(
            mongo, "receipts", Receipt, [IndexModel([("person", ASCENDING)], name="person")]
        )

    async def of(self, held: Sequence[Held], limit: int, after: Sequence[Any] | None = None) -> list[Notice]:
        """The messages that reach who holds these keys, newest first, beyond a moment and an id (limit 0 = all)."""
        sort = (("at", NEWEST), ("_id", NEWEST))
        return await self.messages.find(_reaching(held), sort=sort, limit=limit, after=after)

    async def count(self, held: Sequence[Held]) -> int:
        """How many messages reach who holds these keys."""
        return await self.messages.count(_reaching(held))

    async def one(self, held: Sequence[Held], key: str) -> Notice | None:
        """One message, if it reaches who holds these keys."""
        found = await self.messages.find({"$and": [{"_id": key}, _reaching(held)]}, limit=1)
        return found[0] if found else None

    async def read_at(self, person: str, notices: Sequence[Notice]) -> dict[str, datetime]:
        """Which of these messages this person has read, and when."""
        keys = [receipt_id(person, one.id) for one in notices]
        return {one.notice: one.read_at for one in await self.receipts.find({"_id": {"$in": keys}}, limit=0)}

    async def unread(self, held: Sequence[Held], person: str) -> int:
        """How many messages reach who holds these keys and were not read by this person."""
        read = [one.notice for one in await self.receipts.find({"person": person}, limit=0)]
        return await self.messages.count({"$and": [_reaching(held), {"_id": {"$nin": read}}]})

    async def read(self, person: str, notices: Sequence[str], at: datetime) -> None:
        """Keep that this person read these; the first time stays."""
        read = {"person": person, "read_at": at}
        await self.receipts.save([Receipt(id=receipt_id(person, key), notice=key, **read) for key in notices])

    async def counts(self) -> dict[str, int]:
        """How many messages were sent, how many read marks there are."""
        return {"sent": await self.messages.count(), "read": await self.receipts.count()}


def collections(mirrors: Mirrors, todos: Todos, notices: Notices) -> list[Collection[Any]]:
    """Every collection of this service, to be prepared."""
    return [mirrors.organisations, mirrors.people, todos.mirror, notices.messages, notices.receipts]


def _reaching(held: Sequence[Held]) -> Where:
    """Those addressed to one of these keys on a day on which it is held."""
    stretches: dict[tuple[Any, Any], list[str]] = {}
    for one in held:
        stretches.setdefault((one.since, one.until), []).append(one.key)
    return {"$or": [{"to": {"$in": keys}, **_days(*stretch)} for stretch, keys in stretches.items()]}


def _days(since: Any, until: Any) -> Where:  # noqa: ANN401 - a date or None
    days = {name: day.isoformat() for name, day in (("$gte", since), ("$lte", until)) if day is not None}
    return {"day": days} if days else {}
