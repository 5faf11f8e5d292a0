"""What the shape costs: commands and events beside the bare driver and the bare broker, all in one run (make bench).

Servers are noisy: read the ratios, not the absolute figures.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from functools import partial

import aio_pika
import pytest
from rich.console import Console
from rich.table import Table

from infra.kernel.events import Decision, Event
from infra.storage.mongo import Mongo
from tests.integration.infra.test_messaging import ConsumerSide, OutboxSide
from tests.integration.infra.test_store import because
from tests.support.harness import tally
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually

pytestmark = [pytest.mark.bench, pytest.mark.timeout(400)]

TIMES, AT_ONCE, DOCUMENTS, BYTES = 2000, 32, 200, 1000
RATE, SECONDS = 100, 5


async def rate(work: Callable[[int], Awaitable[object]]) -> float:
    """How many a second, ``AT_ONCE`` side by side."""
    numbers = iter(range(TIMES))

    async def worker() -> None:
        for number in numbers:
            await work(number)

    begun = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return TIMES / (time.perf_counter() - begun)


async def bare_writes(environment: Environment) -> float:
    """The driver alone: one update with majority and journal."""
    mongo = Mongo(environment.settings("bare"))
    collection = mongo.collection("bare")
    await collection.insert_many([{"_id": number, "n": 0} for number in range(DOCUMENTS)])
    found = await rate(lambda number: collection.update_one({"_id": number % DOCUMENTS}, {"$inc": {"n": 1}}))
    await mongo.close()
    return found


async def bare_messages(environment: Environment) -> float:
    """The broker alone: publish with confirm to a quorum queue, consume and acknowledge."""
    body, done, taken = b"x" * BYTES, asyncio.Event(), 0
    async with await aio_pika.connect(environment.amqp_url) as connection:
        channel, reading = await connection.channel(), await connection.channel()
        await reading.set_qos(prefetch_count=256)
        await channel.declare_queue("bare", durable=True, arguments={"x-queue-type": "quorum"})

        async def take(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            nonlocal taken
            await message.ack()
            taken += 1
            if taken == TIMES:
                done.set()

        await (await reading.get_queue("bare")).consume(take)
        message = partial(aio_pika.Message, body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        begun = time.perf_counter()
        await rate(lambda _: channel.default_exchange.publish(message(), "bare"))
        await done.wait()
        return TIMES / (time.perf_counter() - begun)


def _zero(key: str) -> Decision[tally.Counter]:
    return tally.Counter(id=key), []


async def _counters(teller: OutboxSide) -> None:
    for number in range(DOCUMENTS):
        await teller.store.create(partial(_zero, str(number)), cause=because(f"new.{number}"))


def _count(teller: OutboxSide, prefix: str) -> Callable[[int], Awaitable[object]]:
    return lambda number: teller.store.update(str(number % DOCUMENTS), tally.count, cause=because(f"{prefix}.{number}"))


async def commands(environment: Environment) -> float:
    """One decision, one document, one write; nothing relays meanwhile."""
    teller = OutboxSide(environment, "quiet")
    await teller.store.prepare()
    await _counters(teller)
    found = await rate(_count(teller, "c"))
    await teller.mongo.close()
    return found


async def pipeline(teller: OutboxSide, listener: ConsumerSide) -> float:
    """From the first command until every event was decided on and mirrored by its reader, in the same process."""
    await _counters(teller)
    begun = time.perf_counter()
    await rate(_count(teller, "p"))

    async def all_consumed() -> bool:
        consumed = await listener.echo.store.find(limit=0)
        return sum(len(one.totals) for one in consumed) == TIMES

    await eventually(all_consumed, within=120)
    return TIMES / (time.perf_counter() - begun)


async def latencies(teller: OutboxSide, listener: ConsumerSide) -> tuple[list[float], list[float]]:
    """Seconds from asking to the answer, and to the reader's effect, at ``RATE`` commands a second."""
    asked: dict[tuple[str, int], float] = {}
    answered, effects = [], []
    decide = listener.echo.handlers.decisions[tally.Counted.type][1]

    async def timed(event: Event[tally.Counted]) -> None:
        await decide(event)
        if (event.data.counter, event.sequence) in asked:
            effects.append(time.perf_counter() - asked[event.data.counter, event.sequence])

    listener.echo.handlers.decisions[tally.Counted.type] = (tally.Counted, timed)

    async def one(number: int) -> None:
        begun = time.perf_counter()
        key = str(number % DOCUMENTS)
        version = (await teller.store.get(key)).version + 1
        asked[key, version] = begun
        await teller.store.update(key, tally.count, cause=because(f"l.{number}"))
        answered.append(time.perf_counter() - begun)

    tasks = []
    start = time.perf_counter()
    for number in range(RATE * SECONDS):
        await asyncio.sleep(max(0, start + number / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    await eventually(lambda: len(effects) >= RATE * SECONDS)
    return answered, effects


def _p(values: list[float]) -> str:
    hundred = statistics.quantiles(values, n=100)
    return f"p50 {hundred[49] * 1000:.1f} ms, p99 {hundred[98] * 1000:.1f} ms"


async def test_the_shape_beside_the_bare_servers(environment: Environment) -> None:
    writes, messages, decided = (
        await bare_writes(environment),
        await bare_messages(environment),
        await commands(environment),
    )
    async with ConsumerSide(environment).running() as listener, OutboxSide(environment).running() as teller:
        events = await pipeline(teller, listener)
        answered, effects = await latencies(teller, listener)
    table = Table(
        "measured", "figure", "beside the bare servers", title=f"{TIMES} times, {AT_ONCE} at once, one process"
    )
    table.add_row("bare driver: update, majority + journal", f"{writes:.0f}/s", "1")
    table.add_row("command: decide, one write with fact and cause", f"{decided:.0f}/s", f"{decided / writes:.2f}")
    table.add_row("bare broker: publish, confirm, consume, ack", f"{messages:.0f}/s", "1")
    table.add_row("command → relay → broker → decided and mirrored", f"{events:.0f}/s", f"{events / messages:.2f}")
    table.add_row(f"answer at {RATE} commands/s", _p(answered), "")
    table.add_row(f"effect at the reader at {RATE} commands/s", _p(effects), "")
    Console(width=120).print(table)
    assert decided > writes / 10, "a command costs more than ten bare writes"
    assert statistics.median(effects) < 1, "an event takes longer than a second to its reader"
