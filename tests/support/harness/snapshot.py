"""What one service has stored at a moment, and the way back to it: cheaper than a service on a fresh database."""

import asyncio
from typing import Any

from pymongo import WriteConcern

from infra.storage.mongo import Mongo

LEFT_ALONE = {"leases"}
"""What the running process believes to be stored."""
AT_ONCE = WriteConcern(w=1, j=False)
Document = dict[str, Any]


class Snapshot:
    """Every document of every collection."""

    def __init__(self, mongo: Mongo, stored: dict[str, list[Document]]) -> None:
        self._mongo, self._stored = mongo, stored

    @classmethod
    async def of(cls, mongo: Mongo) -> "Snapshot":
        """Read everything."""
        names = await _names(mongo)
        found = await asyncio.gather(*(mongo.collection(name).find().to_list(None) for name in names))
        return cls(mongo, {name: [dict(one) for one in rows] for name, rows in zip(names, found, strict=True)})

    async def restore(self) -> None:
        """Everything as it was; the indexes stay."""
        await asyncio.gather(*(self._restore(name) for name in await _names(self._mongo)))
        await self._mongo.collection("leases").delete_many({"_id": None})  # returns when all of this is for everybody

    async def _restore(self, name: str) -> None:
        collection = self._mongo.collection(name).with_options(write_concern=AT_ONCE)
        await collection.delete_many({})
        if documents := self._stored.get(name):
            await collection.insert_many(documents)


async def _names(mongo: Mongo) -> list[str]:
    return [name for name in await mongo.database.list_collection_names() if name not in LEFT_ALONE]
