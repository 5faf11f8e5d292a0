"""What this service asks of its database: lists of activities, and its mirrors of what the registry owns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from infra.kernel.dates import covers, end_of, start_of
from infra.kernel.errors import Invalid, NotFound
from infra.kernel.working_days import Calendar, Year, calendar_of
from infra.storage.collections import Collection, Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.activities.plans.model.activity import Activity
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Brand, Organisation, Person, RosterEntry, Tree, roster

NEWEST = -1


class OrganisationRow(Mirrored, Organisation):
    """An organisation as mirrored."""


class PersonRow(Mirrored, Person):
    """A person as mirrored."""


class BrandRow(Mirrored, Brand):
    """A brand as mirrored."""


class MappingRow(Mirrored):
    """That an HR department belongs to a Party organisation, from a day to a day, both included."""

    department: str
    organisation: str
    since: date
    until: date | None = None


class CalendarRow(Mirrored, Year):
    """The calendar of a year as mirrored."""


@dataclass(frozen=True)
class Period:
    """Days in China, both of them included; None = open on that side."""

    first: date | None = None
    last: date | None = None

    def where(self, field: str) -> dict[str, Any]:
        """The condition that a moment lies in this period."""
        bounds: dict[str, datetime] = {}
        if self.first is not None:
            bounds["$gte"] = start_of(self.first)
        if self.last is not None:
            bounds["$lt"] = end_of(self.last)
        return {field: bounds} if bounds else {}


class Activities(Store[Activity]):
    """The activities, listed publicly by organisation, brand, kind, state and day."""

    def __init__(self, mongo: Mongo) -> None:
        start = [("plan.starts_at", NEWEST), ("_id", NEWEST)]
        indexes = [
            IndexModel([*start], name="start"),
            IndexModel([("organisation", ASCENDING), *start], name="organisation"),
            IndexModel([("plan.brand", ASCENDING), *start], name="brand"),
            IndexModel([("record.present", ASCENDING), ("record.started_at", ASCENDING)], name="present", sparse=True),
        ]
        super().__init__(mongo, "activities", Activity, indexes)

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
        self.brands = Projection(mongo, "brands", BrandRow, [IndexModel([("owner", ASCENDING)], name="owner")])
        mapped = IndexModel([("department", ASCENDING)], name="department")
        self.mappings = Projection(mongo, "mappings", MappingRow, [mapped])
        self.calendars = Projection(mongo, "calendars", CalendarRow)
        self.collections: list[Collection[Any]] = [
            self.organisations, self.people, self.brands, self.mappings, self.calendars,
        ]  # fmt: skip

    async def tree(self) -> Tree:
        """The whole Party tree: some hundred organisations in a large enterprise."""
        return Tree(await self.organisations.find(limit=0))

    async def calendar(self) -> Calendar:
        """The calendar of all years that are known here; before any has come only weekends are free."""
        return calendar_of(await self.calendars.find(limit=0))

    async def person(self, key: str) -> Person | None:
        """A person, or None when not known here."""
        return next(iter(await self.people.find({"_id": key}, limit=1)), None)

    async def brand(self, key: str) -> Brand | None:
        """A brand, or None when not known here."""
        return next(iter(await self.brands.find({"_id": key}, limit=1)), None)

    async def brands_of(self, organisation: str) -> list[BrandRow]:
        """The brands that belong to exactly this organisation."""
        return await self.brands.find({"owner": organisation}, limit=0)

    async def organisations_of(self, department: str, day: date) -> list[str]:
        """The Party organisations that an HR department belongs to on that day."""
        rows = await self.mappings.find({"department": department}, limit=0)
        return sorted({row.organisation for row in rows if covers(row.since, row.until, day)})

    async def roster(self, organisations: Sequence[str], day: date) -> tuple[RosterEntry, ...]:
        """The members of these organisations who are expected on that day."""
        people = await self.people.find({"memberships.organisation": {"$in": list(organisations)}}, limit=0)
        return roster(people, organisations, day)


class Kinds(Store[Kind]):
    """The kinds of activities."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "kinds", Kind)

    async def named(self, key: str, field: str = "/kind") -> Kind:
        """The kind that a plan or a map names; raises ``Invalid`` when there is none."""
        try:
            return await self.get(key)
        except NotFound as error:
            zh, en = f"没有活动类型“{key}”。", f"There is no kind of activity “{key}”."
            raise Invalid("kind.unknown", zh=zh, en=en, field=field) from error
