"""Collections that are not aggregates: Projection mirrors another's data, ImmutableCollection what never changes."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from infra.kernel.errors import NotFound
from infra.kernel.paging import Page, Paging, Sort
from infra.kernel.values import Value
from infra.storage.mongo import IndexModel, Mongo, insert_missing, once_more, upsert_versions

B = TypeVar("B", bound=BaseModel)
Document = Mapping[str, Any]
BY_ID: Sort = (("_id", 1),)


class Collection(Generic[B]):
    """Reading, the same for all three kinds of collections."""

    def __init__(self, mongo: Mongo, collection: str, model: type[B], indexes: Sequence[IndexModel] = ()) -> None:
        self.mongo, self.name, self.model, self.indexes = mongo, collection, model, list(indexes)
        self._collection = mongo.collection(collection)

    async def prepare(self) -> None:
        """Make the indexes that are missing."""
        await self.mongo.index(self.name, self.indexes)

    async def get(self, key: str) -> B:
        """The thing with this id; raises ``NotFound``."""
        return self._read(await self._document(key))

    async def find(
        self, where: Document | None = None, *, sort: Sort = BY_ID, limit: int = 100, after: Sequence[Any] | None = None
    ) -> list[B]:
        """The things that match, at most ``limit`` (0 = all); ``after``: those beyond these values of ``sort``."""
        return [self._read(one) for one in await self._documents(where or {}, sort, limit, after)]

    async def page(self, where: Mapping[str, Any], ask: Paging) -> Page[B]:
        """The page of what matches that is asked for; raises ``Invalid`` for a cursor that is not of this list."""
        keys = ask.keys()
        of = f"{self.name}{keys}"
        found = await self._documents(where, keys, ask.limit + 1, ask.begins_after(of, len(keys)))
        page = Page.cut(found, await self.count(where), ask, of, lambda one: [_at(one, name) for name, _ in keys])
        return page.map(self._read)

    async def _documents(self, where: Document, sort: Sort, limit: int, after: Sequence[Any] | None) -> list[Document]:
        where = {"$and": [where, _beyond(sort, after)]} if after else where
        return [one async for one in self._collection.find(where, sort=list(sort), limit=limit)]

    async def count(self, where: Mapping[str, Any] | None = None) -> int:
        """How many match."""
        return int(await self._collection.count_documents(where or {}))

    def _read(self, document: Document) -> B:
        return self.model.model_validate({**document, "id": document["_id"]})

    async def _document(self, key: str) -> Document:
        document: Document | None = await once_more(lambda: self._collection.find_one({"_id": key}))
        if document is None:
            zh, en = f"没有编号为“{key}”的记录。", f"There is no {self.model.__name__} “{key}”."
            raise NotFound(f"{self.model.__name__.lower()}.not_found", zh=zh, en=en)
        return document


def _at(node: Any, path: str) -> Any:  # noqa: ANN401 - what is stored
    """What stands in a document under a name with dots; None where nothing does."""
    name, _, rest = path.partition(".")
    found = node.get(name) if isinstance(node, Mapping) else None
    return _at(found, rest) if rest else found


def _beyond(sort: Sort, values: Sequence[Any]) -> Document:
    """What is sorted behind these values; what is null or missing is sorted before everything else."""
    either: list[Document] = []
    same: Document = {}
    for (name, direction), value in zip(sort, values, strict=True):
        if direction > 0:
            either.append({**same, name: {"$ne": None} if value is None else {"$gt": value}})
        elif value is not None:
            either.append({**same, "$or": [{name: {"$lt": value}}, {name: None}]})
        same = {**same, name: value}
    return {"$or": either}


class Mirrored(Value):
    """What this service keeps of another's thing; ``version`` is the sequence of the fact it came from."""

    model_config = ConfigDict(defer_build=True)

    id: str
    version: int


M = TypeVar("M", bound=Mirrored)


class Projection(Collection[M]):
    """A mirror: rows arrive in any order and any number of times, and the newest version stays."""

    async def save(self, rows: Sequence[M]) -> None:
        """Write the rows in one batch; an older version never replaces a newer one; own fields stay."""
        if rows:
            await upsert_versions(self._collection, [{"_id": row.id, **row.model_dump(exclude={"id"})} for row in rows])

    async def mark(self, where: Mapping[str, Any], **fields: Any) -> int:  # noqa: ANN401 - field values of any type
        """Set this service's own fields beside the mirrored ones; returns how many rows changed."""
        done = await once_more(lambda: self._collection.update_many(where, {"$set": fields}))
        return int(done.modified_count)


class ImmutableCollection(Collection[B]):
    """Immutable things, put here before they are referred to, under an id that follows from their content."""

    async def save(self, things: Sequence[B]) -> None:
        """Store things; what is there already stays as it is."""
        rows = [thing.model_dump() for thing in things]
        await insert_missing(self._collection, [{"_id": row.pop("id"), **row} for row in rows])
