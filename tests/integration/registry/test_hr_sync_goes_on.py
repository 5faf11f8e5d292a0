"""A sync that dies after any of its writes is gone on with, and ends as one that did not die."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from infra.kernel.events import Cause
from infra.storage.mongo import Mongo
from infra.storage.store import CommandResult
from services.registry.hr.model.employee_and_department import Record
from services.registry.hr.model.run import Limits, Run
from services.registry.hr.store import Hr
from services.registry.hr.use_cases.intake import Intake
from services.registry.hr.use_cases.runs import Runs, Sent
from tests.support.harness.environment import Environment

LIMITS = Limits(percent=100)
MONTHS = (1, 2, 3)
LISTS = (
    {"1001": "DA", "1002": "DA", "1003": "DA", "1004": "DB"},
    {"1003": "DA", "1004": "DB"},
    {"1001": "DA", "1002": "DB", "1003": "DB", "1004": "DB"},
)
"""Who works where: two are missing from the second list; the third has them again, one of them elsewhere."""

TREE = {"DA": None, "DB": "DA", "DC": "DA"}
UNITS = (TREE, {"DA": None, "DB": "DA"}, TREE)


class DiedError(Exception):
    """The process is gone."""


class Mortal(Intake):
    """Writes as often as it may, and then never again."""

    def __init__(self, hr: Hr, lives: int) -> None:
        super().__init__(hr)
        self._left = lives

    async def take(self, record: Record, cause: Cause) -> CommandResult:
        self._live()
        return await super().take(record, cause)

    def _live(self) -> None:
        if not self._left:
            raise DiedError
        self._left -= 1


@pytest.fixture
async def mongo(databases: Environment) -> AsyncIterator[Mongo]:
    """The registry's database."""
    one = Mongo(databases.settings("registry"))
    for shelf in (*Hr(one).stores, *Hr(one).others):
        await shelf.prepare()
    yield one
    await one.close()


def because(name: str) -> Cause:
    """A cause with this id."""
    return Cause(id=name, at=datetime.now(UTC), correlation=name)


async def fed(hr: Hr, key: str, month: int, people: list[Sent], units: list[Sent]) -> None:
    """A full list of some month is received."""
    runs, at = Runs(hr, Intake(hr), LIMITS), datetime(2025, month, 25, tzinfo=UTC)
    run = Run(id=key, source="hr", kind="full", feed="http", day=at.date(), started_at=at, started_by="hr")
    await runs.begin(run, because(f"{key} begin"))
    await runs.add(key, people, units, because(f"{key} rows"))
    await runs.close(key, because(f"{key} close"))


async def worked_off(hr: Hr, lives: int | None = None) -> bool:
    """The list is applied, by a second process where the first one has died after ``lives`` writes; whether it had."""
    died = False
    if lives is not None:
        mortal = Runs(hr, Mortal(hr, lives), LIMITS)
        try:
            while await mortal.run_once():
                pass
        except* DiedError:
            died = True
    runs = Runs(hr, Intake(hr), LIMITS)
    while await runs.run_once():
        pass
    return died


async def lived(mongo: Mongo, lives: int | None) -> tuple[bool, Any]:
    """Three full lists, the last with a death; whether it died, and everything that is known and told then."""
    hr, died = Hr(mongo), False
    for name in ("hr_employees", "hr_departments", "hr_runs", "hr_rows"):
        await mongo.collection(name).delete_many({})
    for place, (people, units, month) in enumerate(zip(LISTS, UNITS, MONTHS, strict=True)):
        since = f"2025-{month:02}-25"
        rows: list[Sent] = [
            {"employee_no": one, "source_id": one, "name": "王五", "main_dept_id": unit, "effective_from": since}
            for one, unit in people.items()
        ]
        tree: list[Sent] = [  # each list has new names
            {"source_id": one, "name": f"{one}{place}", "parent": parent, "effective_from": since}
            for one, parent in units.items()
        ]
        await fed(hr, f"list-{month}", month, rows, tree)
        died = await worked_off(hr, lives if month == MONTHS[-1] else None)
        assert (await hr.runs.get(f"list-{month}")).state == "done"
    return died, await known(mongo)


async def known(mongo: Mongo) -> Any:  # noqa: ANN401 - documents
    """What is known of everybody, and what was told of it."""
    found = {}
    for name in ("hr_employees", "hr_departments"):
        async for one in mongo.collection(name).find():
            published = [fact["data"] for fact in one["outbox"]]
            found[one["_id"]] = one["slices"], one["applied"], one["due_at"], one["version"], published
    return found


async def test_a_full_list_that_brings_people_back_ends_the_same_wherever_it_dies(mongo: Mongo) -> None:
    _, calm = await lived(mongo, None)
    where = {key: (slices, applied["department"]) for key, (slices, applied, *_) in calm.items() if key.isdigit()}
    assert {key: unit for key, (_, unit) in where.items()} == LISTS[-1]
    assert [one["key"] for one in where["1001"][0]][0::2] == ["2025-01-25"], "who is back as before has no new slice"
    for lives in count():
        died, after = await lived(mongo, lives)
        for key, what in calm.items():
            assert after[key] == what, (lives, key)
        if not died:
            break
    assert lives > len(LISTS[-1])
