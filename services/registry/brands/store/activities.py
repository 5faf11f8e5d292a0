"""The mirror of activities that were held: registry only counts them."""

from datetime import date, datetime

from infra.kernel.dates import end_of
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo


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
