"""From a write to its effect elsewhere, on the real broker: confirms, order, retries, parked messages, two relays."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest

from infra.kernel.errors import NotYet
from infra.messaging import topology
from infra.messaging.consumer import Consumer
from infra.messaging.outbox import Relay
from infra.messaging.publisher import Message, Publisher, Unpublished
from infra.ops.redrive import Keeper
from infra.storage.lease import Lease
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from tests.integration.infra.test_store import because
from tests.support.harness import tally
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually


class OutboxSide:
    """The telling side: a store and its relay."""

    def __init__(self, environment: Environment, database: str = "tally") -> None:
        settings = environment.settings("tally", mongo_database=f"{environment.name}-{database}")
        self.mongo = Mongo(settings)
        self.store = Store(self.mongo, "counters", tally.Counter)
        self.publisher = Publisher(settings, topology.of("tally", [], [], settings.retry_delays))
        self.lease = Lease(self.mongo, "relay", settings.lease_seconds)
        self.relay = Relay(self.mongo, [self.store], self.publisher, self.lease, 0.2)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["OutboxSide"]:
        """Connected and relaying inside the block."""
        await self.store.prepare()
        await self.publisher.connect()
        task = asyncio.create_task(self.relay.run())
        yield self
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await self.publisher.close()
        await self.mongo.close()


class ConsumerSide:
    """The hearing side: echo's handlers behind a real consumer."""

    def __init__(self, environment: Environment, **own: str) -> None:
        settings = environment.settings("echo", **own)
        self.mongo = Mongo(settings)
        self.echo = tally.Echo(self.mongo)
        handlers = self.echo.handlers
        self.topology = topology.of("echo", list(handlers.decisions), list(handlers.mirrors), settings.retry_delays)
        self.publisher = Publisher(settings, self.topology)
        self.parked = Keeper(self.mongo)
        self.consumer = Consumer(settings, self.topology, handlers, self.publisher, self.parked)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ConsumerSide"]:
        """Consuming inside the block."""
        await self.publisher.connect()
        await self.start()
        yield self
        await self.stop()
        await self.publisher.close()
        await self.mongo.close()

    async def start(self) -> None:
        """Consume."""
        self.task = asyncio.create_task(self.consumer.run())
        await eventually(lambda: self.consumer.connected)

    async def stop(self) -> None:
        """Stop consuming, as a service does."""
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        await self.consumer.stop()

    async def totals(self, counter: str) -> tuple[int, ...]:
        """What was heard of a counter, in the order in which it was heard."""
        found = await self.echo.store.find({"_id": counter})
        return found[0].totals if found else ()


@pytest.fixture
async def listener(environment: Environment) -> AsyncIterator[ConsumerSide]:
    """Echo, consuming."""
    async with ConsumerSide(environment).running() as running:
        yield running


@pytest.fixture
async def teller(environment: Environment, listener: ConsumerSide) -> AsyncIterator[OutboxSide]:
    """Tally, telling; after echo, whose queues are there to hear."""
    async with OutboxSide(environment).running() as running:
        yield running


async def count(store: Store[tally.Counter], counter: str, steps: int) -> None:
    """Create a counter and take these many steps."""
    await store.create(partial(tally.new, counter), cause=because(f"{counter}.0"))
    for step in range(1, steps):
        await store.update(counter, tally.count, cause=because(f"{counter}.{step}"))


def are(expected: tuple[int, ...], ask: Callable[[], Awaitable[tuple[int, ...]]]) -> Callable[[], Awaitable[bool]]:
    """Whether what is asked for is what is expected."""

    async def same() -> bool:
        return await ask() == expected

    return same


async def test_facts_of_one_subject_arrive_in_order_and_the_document_is_clean(
    teller: OutboxSide, listener: ConsumerSide
) -> None:
    await asyncio.gather(*(count(teller.store, f"k{n}", 20) for n in range(5)))
    for n in range(5):
        await eventually(are(tuple(range(1, 21)), partial(listener.totals, f"k{n}")))
    await eventually(partial(_published, teller))
    assert await teller.mongo.collection("journal").count_documents({}) == 100

    async def mirrored() -> bool:
        return sorted((row.id, row.total) for row in await listener.echo.mirror.find()) == [
            (f"k{n}", 20) for n in range(5)
        ]

    await eventually(mirrored)  # mirrors are written on their own, not with the decisions


async def _published(teller: OutboxSide) -> bool:
    return await teller.store.count({"outbox_since": {"$exists": True}}) == 0


async def test_two_relays_tell_each_fact_and_only_one_works(
    environment: Environment, teller: OutboxSide, listener: ConsumerSide
) -> None:
    async with OutboxSide(environment).running() as second:
        await count(teller.store, "a", 10)
        await count(second.store, "b", 10)
        await eventually(are(tuple(range(1, 11)), partial(listener.totals, "a")))
        await eventually(are(tuple(range(1, 11)), partial(listener.totals, "b")))
        assert not (teller.lease.held and second.lease.held)
        await eventually(lambda: teller.lease.held != second.lease.held)  # a short lease may lapse for a moment


async def test_when_the_working_relay_is_gone_another_goes_on(environment: Environment, listener: ConsumerSide) -> None:
    first = OutboxSide(environment)
    async with first.running():
        await count(first.store, "a", 3)
        await eventually(are((1, 2, 3), partial(listener.totals, "a")))
        async with OutboxSide(environment).running() as second:
            assert not second.lease.held
            first.relay._lease.hold = _never  # type: ignore[method-assign]  # it hangs: its lease runs out
            await count(second.store, "b", 3)
            await eventually(are((1, 2, 3), partial(listener.totals, "b")))
            await eventually(lambda: second.lease.held)  # a short lease may lapse for a moment
            assert (second.lease.token or 0) > (first.lease.token or 0)


async def _never() -> bool:
    return False


async def test_a_fact_that_came_too_early_is_tried_again(environment: Environment) -> None:
    patient = ConsumerSide(
        environment, retry_delays="0.2,0.4,0.8,1.6,3.2,6.4,12.8"
    )  # "a" is not parked before "b" is heard
    async with patient.running() as listener, OutboxSide(environment).running() as teller:
        listener.echo.failing["a"] = NotYet("not.yet", zh="未到", en="not yet")
        await count(teller.store, "a", 1)
        await count(teller.store, "b", 1)
        await eventually(are((1,), partial(listener.totals, "b")))
        del listener.echo.failing["a"]
        await eventually(are((1,), partial(listener.totals, "a")))
        assert await listener.parked.count() == 0


async def test_a_handler_bug_parks_its_message_with_reason_and_stack_and_delays_nobody(
    teller: OutboxSide, listener: ConsumerSide
) -> None:
    listener.echo.failing["bad"] = KeyError("a bug")
    await count(teller.store, "bad", 1)
    await count(teller.store, "good", 1)
    await eventually(are((1,), partial(listener.totals, "good")))
    await eventually(partial(_parked, listener, 2))
    for message in await listener.parked.open():
        assert "a bug" in message.reason
        assert "KeyError" in message.stack
        assert '"counter":"bad"' in message.body
    del listener.echo.failing["bad"]
    for message in await listener.parked.open():
        await listener.parked.redrive(message, listener.publisher, "echo")
    await eventually(are((1,), partial(listener.totals, "bad")))
    assert await listener.parked.open() == []
    assert await listener.parked.count() == 2, "a redriven message keeps its entry"


async def test_a_dismissed_message_keeps_its_entry_and_is_open_again_when_it_comes_again(
    listener: ConsumerSide,
) -> None:
    again = Message(b"junk", {}, "m", "application/json")
    await listener.publisher.publish("brand.events", tally.Counted.type, again)
    await eventually(partial(_parked, listener, 2))
    for message in await listener.parked.open():
        assert await listener.parked.dismiss(message.id, "a trial of the safety department")
    assert not await listener.parked.dismiss("nobody", "-")
    assert await listener.parked.open() == []
    assert {one.dismissed_because for one in await listener.parked.find()} == {"a trial of the safety department"}
    await listener.publisher.publish("brand.events", tally.Counted.type, again)
    await eventually(partial(_parked, listener, 2))
    assert await listener.parked.count() == 2, "the same message is no second entry"


async def _parked(listener: ConsumerSide, number: int) -> bool:
    return len(await listener.parked.open()) == number


POISON = [b"", b"\xff\xfe not text", b"not json", b"[]", b'{"specversion":"1.0"}']


@pytest.mark.parametrize("body", POISON, ids=["empty", "bytes", "text", "list", "no-type"])
async def test_an_unreadable_message_is_parked_as_it_came(listener: ConsumerSide, body: bytes) -> None:
    await listener.publisher.publish("brand.events", tally.Counted.type, Message(body, {}, "m", "application/json"))
    await eventually(partial(_parked, listener, 2))  # one copy for each of the two queues
    assert {message.content for message in await listener.parked.open()} == {body}


async def test_a_fact_nobody_hears_is_caught_and_not_lost(listener: ConsumerSide) -> None:
    await listener.publisher.publish(
        "brand.events", "tally.nobody.listens.v1", Message(b"{}", {}, "m", "application/json")
    )
    channel = await listener.consumer._connection.channel()  # type: ignore[union-attr]
    queue = await channel.declare_queue(topology.UNROUTED, passive=True)
    assert queue.declaration_result.message_count == 1


async def test_a_message_without_a_place_to_go_is_not_taken_for_success(listener: ConsumerSide) -> None:
    with pytest.raises(Unpublished):
        await listener.publisher.publish("echo.return", "no.such.queue", Message(b"{}", {}, "m", "application/json"))


async def test_stopping_finishes_what_runs_and_gives_the_rest_back_in_order(environment: Environment) -> None:
    listener = ConsumerSide(environment)
    async with listener.running(), OutboxSide(environment).running() as teller:
        await count(teller.store, "a", 50)
        await listener.stop()
        consumed = await listener.totals("a")
        assert consumed == tuple(range(1, len(consumed) + 1))
        await eventually(partial(_published, teller))
        async with ConsumerSide(environment).running() as again:
            await eventually(are(tuple(range(1, 51)), partial(again.totals, "a")))
            assert await again.parked.count() == 0


async def test_a_burst_that_waited_at_the_broker_is_heard_in_order(environment: Environment) -> None:
    listener = ConsumerSide(environment)
    await listener.publisher.connect()
    async with OutboxSide(environment).running() as teller:
        await asyncio.gather(*(count(teller.store, f"k{n}", 40) for n in range(5)))
        await eventually(partial(_published, teller))
    async with listener.running():
        for n in range(5):
            await eventually(are(tuple(range(1, 41)), partial(listener.totals, f"k{n}")))
