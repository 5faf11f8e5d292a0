"""The directory and HR's records are two: whatever dies between them, nothing is lost and nothing taken twice."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from scim2_models import ResourceType

from infra.kernel.events import Cause, Decision
from infra.storage.mongo import Mongo
from infra.storage.store import CommandResult
from services.registry.hr.feeds.files import Columns
from services.registry.hr.feeds.scim.feeding import ENTERPRISE, Feed
from services.registry.hr.feeds.scim.protocol import provider
from services.registry.hr.feeds.scim.storage import Directory
from services.registry.hr.model.directory import Entry
from services.registry.hr.store import Entries, Hr
from services.registry.hr.use_cases.intake import Intake
from tests.support.harness.environment import Environment


class _DiedError(Exception):
    """The process ended here."""


class _Mortal(Entries):
    """A store of the directory that dies right before it marks something as taken, as often as it is told."""

    deaths = 0

    async def update(self, key: str, decide: Callable[[Entry], Decision[Entry]], *, cause: Cause) -> CommandResult:
        if self.deaths and cause.id.endswith("#took"):
            self.deaths -= 1
            raise _DiedError
        return await super().update(key, decide, cause=cause)


class Bench:
    """The directory, the feed and HR's records on one database, each step by hand."""

    def __init__(self, databases: Environment) -> None:
        self.mongo = Mongo(databases.settings("registry"))
        self.entries, self.hr, self._provider = _Mortal(self.mongo), Hr(self.mongo), provider()
        self.directory = Directory(self.entries, self._provider)
        self.feed = Feed(self.entries, self.hr, Intake(self.hr), Columns.shipped())

    def type(self, name: str) -> ResourceType:
        return next(one for one in self._provider.resource_types if one.name == name)

    def resource(self, kind: str, **content: Any) -> Any:  # noqa: ANN401
        with self._provider:
            model: Any = self._provider.model_for(self.type(kind))
            return model.model_validate(content)

    async def all_taken(self) -> None:
        while await self.feed.run_once():
            pass


@pytest.fixture
async def bench(databases: Environment) -> AsyncIterator[Bench]:
    """An empty bench."""
    one = Bench(databases)
    for collection in (one.entries, *one.hr.stores, *one.hr.others):
        await collection.prepare()
    yield one
    await one.mongo.close()


async def test_a_process_that_dies_before_the_intake_leaves_the_change_waiting(bench: Bench) -> None:
    user = bench.resource("User", userName="a", **{ENTERPRISE: {"employeeNumber": "1"}})
    made = await bench.directory.create(bench.type("User"), user)
    assert await bench.hr.employees.find() == []  # the process that answered 201 is gone
    await bench.all_taken()
    assert [one.id for one in await bench.hr.employees.find()] == ["1"]

    await bench.directory.delete(bench.type("User"), made.id or "")
    await bench.all_taken()
    assert [one.applied and one.applied.status for one in await bench.hr.employees.find()] == ["left"]


async def test_a_process_that_dies_after_the_intake_takes_the_change_once(bench: Bench) -> None:
    user = bench.resource("User", userName="a", **{ENTERPRISE: {"employeeNumber": "1"}})
    made = await bench.directory.create(bench.type("User"), user)
    group = bench.resource("Group", displayName="工程部", externalId="D10", members=[{"value": made.id}])
    await bench.directory.create(bench.type("Group"), group)
    bench.entries.deaths = 5
    for _ in range(5):
        with pytest.raises(_DiedError):
            await bench.feed.run_once()
    await bench.all_taken()
    employee, department = (await bench.hr.employees.find())[0], (await bench.hr.departments.find())[0]
    assert (employee.applied and employee.applied.department, len(employee.slices)) == ("D10", 1)
    assert (department.id, department.version) == ("D10", 1)
    assert await bench.entries.waiting() == []


async def test_a_change_that_comes_while_one_is_taken_is_taken_next(bench: Bench) -> None:
    user = bench.resource("User", userName="a", title="一", **{ENTERPRISE: {"employeeNumber": "1"}})
    made: Any = await bench.directory.create(bench.type("User"), user)
    bench.entries.deaths = 1
    with pytest.raises(_DiedError):
        await bench.feed.run_once()
    stale = (await bench.entries.waiting())[0]
    made.title = "二"
    await bench.directory.update(bench.type("User"), made)
    await bench.feed._take(stale)  # another replica, which read before that change
    assert [one.id for one in await bench.entries.waiting()] == [made.id]
    await bench.all_taken()
    assert [one.position for one in (await bench.hr.employees.find())[0].slices] == ["二"]
