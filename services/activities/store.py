"""What this service asks of its database: lists of activities, and its mirror of the Party tree, people and brands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from infra.aggregate import NotFound
from infra.collection import Collection, Mirrored, Projection
from infra.mongo import ASCENDING, IndexModel, Mongo
from infra.store import Store
from services.activities.model.activity import Activity
from services.activities.model.kind import Kind
from services.activities.model.roster import CHINA, Brand, Organisation, Person, RosterEntry, Tree, roster

NEWEST = -1


class OrganisationRow(Mirrored, Organisation):
    """An organisation as mirrored."""


class PersonRow(Mirrored, Person):
    """A person as mirrored."""


class BrandRow(Mirrored, Brand):
    """A brand as mirrored."""


@dataclass(frozen=True)
class Period:
    """Days in China, both of them included; None = open on that side."""

    first: date | None = None
    last: date | None = None

    def where(self, field: str) -> dict[str, Any]:
        """The condition that a moment lies in this period."""
        bounds: dict[str, datetime] = {}
        if self.first is not None:
            bounds["$gte"] = datetime.combine(self.first, time(), CHINA)
        if self.last is not None:
            bounds["$lt"] = datetime.combine(self.last + timedelta(days=1), time(), CHINA)
        return {field: bounds} if bounds else {}


class Activities(Store[Activity]):
    """The activities, listed publicly by organisation, brand, kind, state and day."""

    def __init__(self, mongo: Mongo) -> None:
        start = ("plan.starts_at", NEWEST)
        indexes = [
            IndexModel([start, ("_id", ASCENDING)], name="start"),
            IndexModel([("organisation", ASCENDING), start], name="organisation"),
            IndexModel([("plan.brand", ASCENDING), start], name="brand"),
            IndexModel([("record.present", ASCENDING), ("record.started_at", ASCENDING)], name="present", sparse=True),
        ]
        super().__init__(mongo, "activities", Activity, indexes)

    async def listed(
        self, wanted: dict[str, str | None], period: Period, *, limit: int, skip: int
    ) -> tuple[list[Activity], int]:
        """A page of activities, those that start last first, and how many there are."""
        where = {name: value for name, value in wanted.items() if value is not None} | period.where("plan.starts_at")
        sort = (("plan.starts_at", NEWEST), ("_id", ASCENDING))
        return await self.find(where, sort=sort, limit=limit, skip=skip), await self.count(where)

    async def held_with(self, people: Iterable[str], period: Period) -> list[Activity]:
        """Everything held in the period at which any of these people was present."""
        where = {"state": "held", "record.present": {"$in": list(people)}}
        return await self.find(where | period.where("record.started_at"), limit=0)


class Mirrors:
    """What the registry said about organisations, people and brands."""

    def __init__(self, mongo: Mongo) -> None:
        member = IndexModel([("memberships.organisation", ASCENDING)], name="member")
        self.organisations = Projection(mongo, "organisations", OrganisationRow)
        self.people = Projection(mongo, "people", PersonRow, [member])
        self.brands = Projection(mongo, "brands", BrandRow)

    @property
    def collections(self) -> list[Collection[Any]]:
        """All of them, to be prepared."""
        return [self.organisations, self.people, self.brands]

    async def tree(self) -> Tree:
        """The whole Party tree: some hundred organisations in a large enterprise."""
        return Tree(await self.organisations.find(limit=0))

    async def person(self, key: str) -> Person | None:
        """A person, or None when not known here."""
        try:
            return await self.people.get(key)
        except NotFound:
            return None

    async def brand(self, key: str) -> Brand | None:
        """A brand, or None when not known here."""
        try:
            return await self.brands.get(key)
        except NotFound:
            return None

    async def roster(self, organisations: Sequence[str], day: date) -> tuple[RosterEntry, ...]:
        """The members of these organisations who are expected on that day."""
        people = await self.people.find({"memberships.organisation": {"$in": list(organisations)}}, limit=0)
        return roster(people, organisations, day)


def kinds(mongo: Mongo) -> Store[Kind]:
    """The kinds of activities."""
    return Store(mongo, "kinds", Kind)
