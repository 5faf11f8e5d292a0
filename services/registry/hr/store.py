"""What is asked about HR: employees, departments, mappings, proposals, runs with their rows, quarantined events.

And of the SCIM directory: by type and id, by unique value, by member, and what still waits for HR.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from infra.kernel.events import Aggregate
from infra.storage.collections import Collection, ImmutableCollection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.registry.hr.model.directory import Entry
from services.registry.hr.model.employee_and_department import MIRRORS, OVER, Department, Employee, Kind, Mirror
from services.registry.hr.model.proposal import Atlas, Mapping, Proposal
from services.registry.hr.model.run import HoldDecision, Loss, Row, Run

OPEN = {"$in": ["open", "failed"]}
PAGE = 200
AT_ONCE = 100
OLDEST = (("created_at", 1), ("_id", 1))
"""In the order in which entries came into being, which no later change alters."""
M = TypeVar("M", bound=Mirror)


class Quarantined(Aggregate):
    """An event of HR that could not be taken, with its reason; it stays until it could, or a person dismisses it."""

    routing_key: str
    content: str
    headers: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it
    content_type: str | None = None
    at: datetime
    zh: str
    en: str
    tries: int = 1
    state: str = "quarantined"
    held_by: str | None = None
    """The source, where it is one leaver too many and nothing else is wrong with it; ``about`` says who."""

    about: tuple[str, str] | None = None

    dismissed_by: str | None = None
    reason: str | None = None


def _index(name: str, *fields: str, **more: Any) -> IndexModel:  # noqa: ANN401 - what the database takes
    return IndexModel([(field, ASCENDING) for field in fields], name=name, **more)


class Hr:
    """HR's side of registry."""

    def __init__(self, mongo: Mongo) -> None:
        due = _index("due", "due_at", sparse=True)
        working = [_index("department", "applied.department"), _index("status", "applied.status")]
        asked = [
            _index("person", "suggestion.person", "state"),
            _index("department", "suggestion.department", "state"),
            _index("state", "state", "raised_at"),
        ]
        self.employees = Store(mongo, "hr_employees", Employee, [due, *working])
        self.departments = Store(mongo, "hr_departments", Department, [due])
        self.mappings = Store(mongo, "hr_mappings", Mapping, [_index("department", "department")])
        self.proposals = Store(mongo, "hr_proposals", Proposal, asked)
        self.runs = Store(mongo, "hr_runs", Run, [_index("state", "state")])
        self.rows = ImmutableCollection(mongo, "hr_rows", Row, [_index("run", "run", "_id")])
        self.quarantined = Store(mongo, "hr_arrivals", Quarantined, [_index("held", "held_by", sparse=True)])
        self.holds = Store(mongo, "hr_holds", HoldDecision)
        self.losses = ImmutableCollection(mongo, "hr_losses", Loss, [_index("recent", "source", "at")])

        self.stores: list[Store[Any]] = [self.employees, self.departments, self.mappings, self.proposals]
        self.stores += [self.runs, self.quarantined, self.holds]
        self.others: list[Collection[Any]] = [self.rows, self.losses]

    async def atlas(self) -> Atlas:
        """All departments and mappings: some hundred each, even in a large enterprise."""
        return Atlas(await self.departments.find(limit=0), await self.mappings.find(limit=0))

    async def working_in(self, departments: Iterable[str]) -> list[Employee]:
        """Everybody whose main department is one of these now."""
        return await self.employees.find({"applied.department": {"$in": sorted(departments)}}, limit=0)

    async def open_for(self, **about: object) -> list[Proposal]:
        """The undecided proposals about a person or a department."""
        where = {f"suggestion.{name}": value for name, value in about.items()}
        return await self.proposals.find({**where, "state": OPEN}, limit=0)

    async def last_full(self, source: str) -> Run | None:
        """The last full list of a source that was applied: what the next one is compared with."""
        found = await self.runs.find(
            {"source": source, "kind": "full", "state": "done"}, sort=[("started_at", -1)], limit=1
        )
        return found[0] if found else None

    async def page(self, run: str, after: str) -> list[Row]:
        """The next rows of a run, in the order of their ids; the rows about one subject are on one page."""
        found = await self.rows.find({"run": run, "_id": {"$gt": after}}, limit=PAGE)
        if len(found) < PAGE:
            return found
        return [row for row in found if row.about != found[-1].about] or found

    async def staff(self) -> int:
        """How many people work here, by all that HR has said."""
        return await self.employees.count({"applied.status": {"$nin": list(OVER)}})

    def mirror(self, kind: Kind) -> Store[Any]:
        """Where what a record of this kind is about is mirrored."""
        return self.employees if kind == "employee" else self.departments

    async def known(self, of: type[M], keys: Iterable[str]) -> dict[str, M]:
        """Those of these employees or departments that are known, in one query."""
        found = await self.mirror(of.records.kind).find({"_id": {"$in": list(keys)}}, limit=0)
        return {one.id: one for one in found}

    async def all_known(self, about: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
        """The same for a mixture of both, each by kind and id."""
        wanted = list(about)
        return {
            (kind, key): one
            for kind, of in MIRRORS.items()
            for key, one in (await self.known(of, [key for name, key in wanted if name == kind])).items()
        }


class Entries(Store[Entry]):
    """Every user and group that an identity system keeps here."""

    def __init__(self, mongo: Mongo) -> None:
        texts = {"unique": {"$type": "string"}}  # a deleted resource holds no value, and many hold none
        indexes = [
            _index("unique", "unique", unique=True, partialFilterExpression=texts),
            _index("keys", "kind", "shape.keys"),
            _index("members", "shape.members"),
            _index("refers", "shape.refers"),
            _index("number", "shape.number"),
            _index("waiting", "waiting", "seq"),
            _index("held", "held_by", sparse=True),
        ]
        super().__init__(mongo, "scim", Entry, indexes)

    async def stretch(self, where: dict[str, Any], skip: int, limit: int) -> list[Entry]:
        """Some of the entries by their number in the list, as SCIM pages."""
        return [
            self._read(one) async for one in self._collection.find(where, sort=[("_id", 1)], skip=skip, limit=limit)
        ]

    async def waiting(self) -> list[Entry]:
        """What HR's intake was not yet given, oldest change first."""
        return await self.find({"waiting": True}, sort=(("seq", 1),), limit=AT_ONCE)

    async def saying(self, kind: str, **what: object) -> list[Entry]:
        """Everything alive of a kind whose shape says this (of what has several values: also this), oldest first."""
        shape = {f"shape.{name}": value for name, value in what.items()}
        return await self.find({"kind": kind, "deleted": False, **shape}, sort=OLDEST, limit=0)

    async def alive(self, keys: Sequence[str]) -> list[Entry]:
        """Those of these ids that exist."""
        return await self.find({"_id": {"$in": list(keys)}, "deleted": False}, limit=0)
