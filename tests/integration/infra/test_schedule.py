"""Deadlines: each fires once, however many replicas look, and again only when it was set again."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from infra.kernel import clock
from infra.kernel.errors import NotYet
from infra.kernel.events import Decision
from infra.runtime.schedule import Due, Schedule
from infra.storage.lease import Lease
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from tests.integration.infra.test_store import because
from tests.support.harness import tally
from tests.support.harness.environment import Environment


def _as_it_is(counter: tally.Counter) -> Decision[tally.Counter]:
    return counter, []


async def test_two_schedulers_fire_each_deadline_once(databases: Environment) -> None:
    mongo = Mongo(databases.settings("tally"))
    store = Store(mongo, "counters", tally.Counter)
    soon = datetime.now(UTC) - timedelta(seconds=1)
    for n in range(20):
        counter = tally.Counter(id=f"k{n}", due_at=soon if n % 2 else soon + timedelta(hours=1))
        await store.create(partial(_as_it_is, counter), cause=because(f"c{n}"))
    due = Due(store, "due_at", tally.ring)
    looking = [Schedule([due], Lease(mongo, "schedule", 2), 0.05) for _ in range(2)]
    await asyncio.gather(
        *(one.run_once(due, clock.now()) for one in looking)
    )  # both at once, as if one were frozen past its lease
    rings = {counter.id: counter.rings for counter in await store.find(limit=0)}
    assert rings == {f"k{n}": n % 2 for n in range(20)}
    assert [await one.run_once(due, clock.now()) for one in looking] == [0, 0]
    await mongo.close()


async def test_one_that_cannot_be_decided_does_not_hold_up_the_others(databases: Environment) -> None:
    mongo = Mongo(databases.settings("tally"))
    store = Store(mongo, "counters", tally.Counter)
    soon = datetime.now(UTC) - timedelta(seconds=2)
    for n in range(3):
        counter = tally.Counter(id=f"k{n}", due_at=soon + timedelta(milliseconds=n))
        await store.create(partial(_as_it_is, counter), cause=because(f"c{n}"))

    def decide(counter: tally.Counter, now: datetime) -> Decision[tally.Counter]:
        if counter.id == "k0":
            raise NotYet("too.early", zh="未到", en="too early")
        return tally.ring(counter, now)

    due = Due(store, "due_at", decide)
    await Schedule([due], Lease(mongo, "schedule", 2), 0.05).run_once(due, clock.now())
    assert [counter.rings for counter in await store.find()] == [0, 1, 1]
    await mongo.close()
