"""MongoDB as this system uses it: majority and journal on every write, snapshot of nothing, one retry of our own.

The only module that knows the driver; replacing motor by its successor changes this file alone.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date
from functools import partial
from typing import Any, TypeAlias, TypeVar

from bson.codec_options import CodecOptions, TypeEncoder, TypeRegistry
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import ASCENDING, IndexModel, ReturnDocument, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern

from infra.kernel.settings import Settings

__all__ = ["ASCENDING", "DuplicateKeyError", "IndexModel", "Mongo", "PyMongoError", "Unreachable"]

Unreachable = ConnectionFailure

DUPLICATE = 11000
SELECTION_SECONDS = 5.0
"""How long an operation waits for a primary."""
T = TypeVar("T")
Document = dict[str, Any]
Collection: TypeAlias = AsyncIOMotorCollection


class _Dates(TypeEncoder):
    """BSON knows instants but no calendar dates; those are kept as ISO 8601 text, which also sorts right."""

    python_type = date

    def transform_python(self, value: date) -> str:
        return value.isoformat()


class Mongo:
    """One service's client and database. Creating it connects to nothing.

    ``written`` is set whenever this process stored facts that are still to be published.
    """

    def __init__(self, settings: Settings) -> None:
        self.service = settings.service
        self.written = asyncio.Event()
        self._client = AsyncIOMotorClient(
            settings.mongo_url.get_secret_value(),
            appname=f"brandmatrix.{settings.service}",
            retryWrites=True,
            serverSelectionTimeoutMS=int(SELECTION_SECONDS * 1000),
            connectTimeoutMS=3000,
            maxPoolSize=50,
        )
        self.database = self._client.get_database(
            settings.database,
            codec_options=CodecOptions[Document](tz_aware=True, tzinfo=UTC, type_registry=TypeRegistry([_Dates()])),
            write_concern=WriteConcern(w="majority", j=True),
            read_concern=ReadConcern("majority"),
        )

    def collection(self, name: str) -> Collection:
        """A collection of this service's own database, with the concerns above."""
        return self.database.get_collection(name)

    async def ping(self) -> None:
        """Raise a ``PyMongoError`` when no primary answers."""
        await self._client.admin.command("ping")

    async def index(self, name: str, indexes: Sequence[IndexModel]) -> None:
        """Make the indexes that are missing; an index of the same name and another shape raises."""
        if indexes:
            await self.collection(name).create_indexes(list(indexes))

    async def changes(self) -> AsyncIterator[None]:
        """Yield whenever some process wrote facts to be published; only a wake-up, it may miss and repeat."""
        inserted = {"operationType": "insert", "fullDocument.outbox_since": {"$exists": True}}
        updated = {"updateDescription.updatedFields.outbox_since": {"$exists": True}}
        pipeline: list[Document] = [{"$match": {"$or": [inserted, updated]}}, {"$project": {"_id": 1}}]
        async with self.database.watch(pipeline, max_await_time_ms=1000) as stream:
            async for _ in stream:
                yield None

    async def close(self) -> None:
        """Close every connection."""
        self._client.close()


async def once_more(work: Callable[[], Awaitable[T]]) -> T:
    """Run idempotent work, and once again after a step-down or a cut connection.

    ``retryWrites`` covers most of it; a step-down of some seconds lets one ``NotPrimaryError`` through.
    """
    try:
        return await work()
    except DuplicateKeyError:
        raise
    except (ConnectionFailure, OperationFailure) as error:
        if isinstance(error, OperationFailure) and not error.has_error_label("RetryableWriteError"):
            raise
        await asyncio.sleep(0.2)
        return await work()


async def upsert_versions(collection: Collection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write each row unless the stored one has the same or a newer ``version``; the order of rows is of no meaning.

    A duplicate key means either that the stored row is not older, or that two first inserts raced: only a second
    try can tell (taking it for stale lost the newest version).
    """
    left = [dict(row) for row in rows]
    for attempt in range(2):
        try:
            await once_more(partial(collection.bulk_write, [_upsert(row) for row in left], ordered=False))
        except BulkWriteError as error:
            failed = error.details["writeErrors"]
            if any(entry["code"] != DUPLICATE for entry in failed):
                raise
            if attempt:
                return
            left = [left[entry["index"]] for entry in failed]
        else:
            return


def _upsert(row: Document) -> UpdateOne:
    fields = {name: value for name, value in row.items() if name != "_id"}
    return UpdateOne({"_id": row["_id"], "version": {"$lt": row["version"]}}, {"$set": fields}, upsert=True)


async def insert_missing(collection: Collection, rows: Sequence[Document]) -> None:
    """Insert each row whose ``_id`` is not there yet; what is there stays as it is."""
    if not rows:
        return
    work = [UpdateOne({"_id": row["_id"]}, {"$setOnInsert": row}, upsert=True) for row in rows]
    await once_more(lambda: collection.bulk_write(work, ordered=False))


async def remove_published(collection: Collection, published: Mapping[str, Sequence[str]]) -> None:
    """Take published facts (document id → event ids) out of their documents; what was added meanwhile stays."""
    done = {"$set": {"outbox_since": {"$cond": [{"$eq": [{"$size": "$outbox"}, 0]}, "$$REMOVE", "$outbox_since"]}}}
    work = [
        UpdateOne({"_id": key}, [{"$set": {"outbox": _without(list(events))}}, done])
        for key, events in published.items()
    ]
    if work:
        await once_more(partial(collection.bulk_write, work, ordered=False))


def _without(events: list[str]) -> Document:
    return {"$filter": {"input": "$outbox", "cond": {"$not": {"$in": ["$$this.id", events]}}}}


def outbox_index() -> IndexModel:
    """The index by which the relay finds documents with facts not yet published, oldest first."""
    return IndexModel([("outbox_since", ASCENDING)], name="outbox_since", sparse=True)


async def claim(collection: Collection, key: str, holder: str, seconds: float) -> int | None:
    """Take or renew the lease ``key`` for ``holder``; returns its fencing token, or None while another holds it.

    The server's clock decides (``$$NOW``), so differing clocks of replicas do not matter. The token grows by one
    whenever the holder changes.
    """
    mine = {"$eq": ["$holder", holder]}
    free = {"$or": [mine, {"$lt": [{"$ifNull": ["$until", None]}, "$$NOW"]}]}  # null sorts before every date
    new = {"$cond": [{"$and": [free, {"$not": mine}]}, 1, 0]}
    lease = {
        "holder": {"$cond": [free, holder, "$holder"]},
        "until": {"$cond": [free, {"$add": ["$$NOW", int(seconds * 1000)]}, "$until"]},
        "token": {"$add": [{"$ifNull": ["$token", 0]}, new]},
    }
    held = await collection.find_one_and_update(
        {"_id": key}, [{"$set": lease}], upsert=True, return_document=ReturnDocument.AFTER
    )
    return int(held["token"]) if held["holder"] == holder else None


async def release(collection: Collection, key: str, holder: str) -> None:
    """Give the lease back at once, so that another process need not wait for its end."""
    await collection.update_one({"_id": key, "holder": holder}, {"$set": {"until": None, "holder": None}})
