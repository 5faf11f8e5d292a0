"""What is asked of the SCIM directory: by type and id, by unique value, by member, and what still waits for HR."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.registry.hr.model.directory import Entry, earliest

AT_ONCE = 100


class Entries(Store[Entry]):
    """Every user and group that an identity system keeps here."""

    def __init__(self, mongo: Mongo) -> None:
        texts = {"unique": {"$type": "string"}}  # a deleted resource holds no value, and many hold none
        super().__init__(
            mongo,
            "scim",
            Entry,
            [
                IndexModel([("unique", ASCENDING)], name="unique", unique=True, partialFilterExpression=texts),
                IndexModel([("kind", ASCENDING), ("shape.keys", ASCENDING)], name="keys"),
                IndexModel([("shape.members", ASCENDING)], name="members"),
                IndexModel([("shape.refers", ASCENDING)], name="refers"),
                IndexModel([("shape.number", ASCENDING)], name="number"),
                IndexModel([("waiting", ASCENDING), ("seq", ASCENDING)], name="waiting"),
                IndexModel([("held_by", ASCENDING)], name="held", sparse=True),
            ],
        )

    async def stretch(self, where: Mapping[str, Any], skip: int, limit: int) -> list[Entry]:
        """Some of the entries by their number in the list, as SCIM pages."""
        return [
            self._read(one) async for one in self._collection.find(where, sort=[("_id", 1)], skip=skip, limit=limit)
        ]

    async def waiting(self) -> list[Entry]:
        """What HR's intake was not yet given, oldest change first."""
        return await self.find({"waiting": True}, sort=(("seq", 1),), limit=AT_ONCE)

    async def groups_with(self, member: str) -> list[Entry]:
        """The groups that have this member, the oldest first."""
        return earliest(await self.find({"kind": "Group", "deleted": False, "shape.members": member}, limit=0))

    async def groups_named(self, name: str) -> list[Entry]:
        """The groups that a user's department may mean, the oldest first."""
        return earliest(await self.find({"kind": "Group", "deleted": False, "shape.names": name}, limit=0))

    async def users_in(self, names: Iterable[str]) -> list[Entry]:
        """The users whose department is one of these names."""
        where = {"kind": "User", "deleted": False, "shape.refers": {"$in": sorted(names)}}
        return await self.find(where, limit=0)

    async def numbered(self, kind: str, number: str) -> list[Entry]:
        """Everything alive that claims this number, the oldest first."""
        return earliest(await self.find({"kind": kind, "deleted": False, "shape.number": number}, limit=0))

    async def alive(self, keys: Sequence[str]) -> list[Entry]:
        """Those of these ids that exist."""
        return await self.find({"_id": {"$in": list(keys)}, "deleted": False}, limit=0)
