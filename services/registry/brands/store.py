"""What is asked of brands and of the activities that count for them; a version is stored before anything names it."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypeAlias

from pydantic import BaseModel

from infra.kernel.dates import end_of
from infra.kernel.errors import Refused
from infra.kernel.events import Cause, Decision
from infra.storage.collections import ImmutableCollection, Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import CommandResult, Store
from services.registry.brands.model.brand import Brand
from services.registry.brands.model.document import Document

NOT_IN_OUTLINE = dict.fromkeys(("document.blocks", "history", "seals", "outbox", "causes"), 0)


class PlaceTaken(Refused):
    """Another brand took the place between reading and writing."""

    def __init__(self) -> None:
        super().__init__("brand.place_taken", zh="刚被占用，请重试。", en="Just taken; try again.", field="/owner")


Begin: TypeAlias = Callable[[Collection[str], Brand | None], Decision[Brand]]


class Version(BaseModel):
    """A text as it was, under the digest of its content: immutable, and put here before anything refers to it."""

    id: str
    brand: str
    document: Document


class Brands(Store[Brand]):
    """Brands, each with every version of its text stored beside it.

    Two unique indexes guard what one document alone cannot know: two writers, each deciding on its own brand, cannot
    both take the same plaque number or the same place of an organisation. The database refuses the second write,
    whatever both of them had read before. The index on numbers is partial: brands without a plaque have none to share.
    """

    def __init__(self, mongo: Mongo) -> None:
        numbered = {"plaques.number": {"$exists": True}}
        numbers = [("plaques.number", ASCENDING)]
        indexes = [
            IndexModel([("place", ASCENDING)], name="place", unique=True),
            IndexModel(numbers, name="plaque_number", unique=True, partialFilterExpression=numbered),
            IndexModel([("owner", ASCENDING)], name="owner"),
            IndexModel([("name_keys", ASCENDING)], name="name_keys"),
        ]
        super().__init__(mongo, "brands", Brand, indexes)
        self.versions = ImmutableCollection(
            mongo, "versions", Version, [IndexModel([("brand", ASCENDING)], name="brand")]
        )

    async def put(self, key: str, decide: Callable[[Brand | None], Decision[Brand]], *, cause: Cause) -> CommandResult:
        """As every store, but each version that a decision refers to is stored first."""
        return await self._versions_first(partial(super().put, key), decide, cause)

    async def update(self, key: str, decide: Callable[[Brand], Decision[Brand]], *, cause: Cause) -> CommandResult:
        """As every store, but each version that a decision refers to is stored first."""
        return await self._versions_first(partial(super().update, key), decide, cause)

    async def _versions_first(
        self, write: Callable[..., Awaitable[CommandResult]], decide: Callable[..., Decision[Brand]], cause: Cause
    ) -> CommandResult:
        stored: set[str] = set()
        while True:
            try:
                return await write(_guarded(decide, stored), cause=cause)
            except _NotStored as missing:
                await self.versions.save([missing.version])
                stored.add(missing.version.id)

    async def begin(self, key: str, owner: str, decide: Begin, *, cause: Cause) -> CommandResult:
        """Put a new brand into a free place of its owner; ``decide`` gets the places that are taken."""
        while True:
            taken = await self.places(owner, key)
            try:
                return await self.put(key, partial(decide, taken), cause=cause)
            except PlaceTaken:  # another brand of the owner came first: look again which places are free
                continue

    def _taken(self, error: Exception) -> Refused:
        pattern = (getattr(error, "details", None) or {}).get("keyPattern", {})
        if "place" in pattern:
            return PlaceTaken()
        zh, en = "该牌匾编号已被使用。", "Another plaque has this number."
        return Refused("plaque.number_taken", zh, en, field="/number")

    async def places(self, owner: str, but: str) -> set[str]:
        """The places that an organisation's brands have, without the one of brand ``but``."""
        return {brand.place for brand in await self._outlines({"owner": owner, "_id": {"$ne": but}})}

    async def all(self) -> list[Brand]:
        """Every brand in outline, by id."""
        return await self._outlines({})

    async def awarded(self) -> list[Brand]:
        """Every brand with a plaque, in outline."""
        return await self._outlines({"plaques.number": {"$exists": True}})

    async def _outlines(self, where: Mapping[str, Any]) -> list[Brand]:
        """Brands without their blocks and history, which only grow: to be counted and listed, not changed."""
        cursor = self._collection.find(where, NOT_IN_OUTLINE, sort=[("_id", ASCENDING)])
        return [self._read(document) async for document in cursor]

    async def alike(self, brand: Brand) -> list[Brand]:
        """Other brands that share a folded name."""
        return await self.find({"name_keys": {"$in": list(brand.name_keys)}, "_id": {"$ne": brand.id}})


class _NotStored(Exception):  # noqa: N818 - never seen outside: it asks for the version to be kept first
    def __init__(self, version: Version) -> None:
        super().__init__(version.id)
        self.version = version


def _guarded(decide: Callable[..., Decision[Brand]], stored: set[str]) -> Callable[..., Decision[Brand]]:
    """The decision, stopped before its write as long as a version that it begins to refer to is not on the shelf."""

    def guarded(*before: Brand | None) -> Decision[Brand]:
        after, facts = decide(*before)
        for digest, document in after.fresh.items():
            if digest not in stored:
                raise _NotStored(Version(id=digest, brand=after.id, document=document))
        return after, facts

    return guarded


class ActivityRow(Mirrored):
    """An activity that was held, as far as the matrix counts it."""

    organisation: str
    brand: str | None
    held_at: datetime


class Activities(Projection[ActivityRow]):
    """Which activities took place; activities owns them, registry only counts."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "activities", ActivityRow, [IndexModel([("held_at", ASCENDING)], name="held_at")])

    async def counted(self, field: str, on: date) -> dict[str, int]:
        """How many activities each organisation or brand (``field``) had until the end of a day in China."""
        cursor = self._collection.aggregate(
            [
                {"$match": {"held_at": {"$lt": end_of(on)}, field: {"$ne": None}}},
                {"$group": {"_id": f"${field}", "n": {"$sum": 1}}},
            ]
        )
        return {row["_id"]: row["n"] async for row in cursor}
