"""What a hostile or broken publisher may send: it ends parked as it came, harms no other message, and stops nothing."""

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import HeadersType

from infra.ops.queue_depths import depths
from tests.integration.infra.test_messaging import ConsumerSide, are
from tests.support.harness import envelopes as wire
from tests.support.harness import tally
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually

pytestmark = [pytest.mark.security, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
async def echo(shared: Environment) -> AsyncIterator[ConsumerSide]:
    """Echo, consuming."""
    async with ConsumerSide(shared).running() as running:
        yield running


@pytest.fixture
async def listener(echo: ConsumerSide) -> AsyncIterator[ConsumerSide]:
    """Echo, which has heard nothing; what a test leaves waiting would be found by the next one."""
    if echo.task.done():
        await echo.start()
    yield echo
    echo.echo.failing.clear()
    for name in await echo.mongo.database.list_collection_names():
        await echo.mongo.collection(name).delete_many({})


def fact(counter: str, total: int = 1, **changed: object) -> bytes:
    envelope = wire.envelopes(tally.Counted(counter=counter, total=total))[0]
    return json.dumps(envelope | changed).encode()


async def publish(environment: Environment, *messages: tuple[bytes, HeadersType]) -> None:
    """Publish as someone who may send anything."""
    async with await aio_pika.connect(environment.amqp_url) as connection:
        exchange = await (await connection.channel()).get_exchange("brand.events")
        for body, headers in messages:
            await exchange.publish(aio_pika.Message(body, headers=headers), tally.Counted.type)


async def settled(environment: Environment, listener: ConsumerSide) -> bool:
    """Whether nothing waits at the broker; what is taken and not acknowledged shows after the consumer stopped."""
    queues = [queue.name for queue in listener.topology.queues[:3]]
    return {found and found[0] for found in (await depths(environment.settings("echo"), queues)).values()} == {0}


Message = tuple[bytes, HeadersType]
HOSTILE: dict[str, tuple[Message, int]] = {
    "an attempt that is no number": ((fact("bad"), {"x-attempt": "many"}), 0),
    "an attempt below zero": ((fact("bad"), {"x-attempt": -7}), 0),
    "an attempt beyond all": ((fact("bad"), {"x-attempt": 2**40}), 0),
    "an attempt that is a table": ((fact("bad"), {"x-attempt": {"a": [1, {"b": None}]}}), 0),
    "an origin of another's queue": ((fact("bad"), {"x-origin": "registry.decisions"}), 0),
    "headers of many kinds": ((fact("bad"), {"x-reason": ["a", 1], "x-stack": {"a": 1.5}, "traceparent": 5}), 0),
    "a trace that is none": ((fact("bad", traceparent="../../etc/passwd"), {}), 0),
    "a subject as long as a book": ((fact("bad", subject="s" * 100_000), {}), 0),
    "a correlation that is markup": ((fact("bad", correlationid="<script>\n\r\x00"), {}), 0),
    "a moment before all calendars": ((fact("bad", time="0001-01-01T00:00:00+14:00"), {}), 0),
    "a moment after all calendars": ((fact("bad", time="9999-12-31T23:59:59-14:00"), {}), 0),
    "a moment without a place on earth": ((fact("bad", time="2026-03-02T01:00:00"), {}), 2),
    "a sequence that no database holds": ((fact("bad", sequence=2**70), {}), 1),
    "deep data": ((b'{"specversion":"1.0","data":' + b"[" * 100_000, {}), 2),
}
"""What is sent, and how many of its two copies (for decisions and for mirrors) no handler can do anything with."""


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_message_is_done_or_parked_and_stops_nothing(
    shared: Environment, listener: ConsumerSide, name: str
) -> None:
    message, unfit = HOSTILE[name]
    await publish(shared, message, (fact("good"), {}))
    await eventually(are((1,), partial(listener.totals, "good")))
    await eventually(are((1,) if unfit < 2 else (), partial(listener.totals, "bad")))
    await eventually(partial(parked, listener, unfit))
    await listener.stop()
    await eventually(partial(settled, shared, listener))


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_message_that_fails_is_parked_as_it_came(
    shared: Environment, listener: ConsumerSide, name: str
) -> None:
    listener.echo.failing["bad"] = KeyError("a bug")  # so that each one goes the whole way up the ladder
    message, _ = HOSTILE[name]
    await publish(shared, message, (fact("good"), {}))
    await eventually(are((1,), partial(listener.totals, "good")))
    await eventually(partial(parked, listener, 2))
    assert {one.content for one in await listener.parked.open()} == {message[0]}
    await listener.stop()
    await eventually(partial(settled, shared, listener))


async def parked(listener: ConsumerSide, number: int) -> bool:
    return len(await listener.parked.open()) == number


async def test_the_same_event_a_thousand_times_has_one_effect(shared: Environment, listener: ConsumerSide) -> None:
    await publish(shared, *[(fact("a", id="e1"), {})] * 1000)
    await publish(shared, (fact("a", 2, id="e2"), {}))
    await eventually(are((1, 2), partial(listener.totals, "a")))


async def test_names_that_mean_something_to_the_database_are_only_names(
    shared: Environment, listener: ConsumerSide
) -> None:
    names = ["$where", "a.b", "$$NOW", "\u0000", '{"$gt": ""}', "__proto__", "💥", "../a"]
    known = [name for name in names if "\0" not in name]
    await publish(shared, *((fact(name), {}) for name in names))
    for name in known:
        await eventually(are((1,), partial(listener.totals, name)))
    stored: list[dict[str, Any]] = [dict(one) async for one in listener.mongo.collection("consumed").find()]
    assert sorted(one["_id"] for one in stored if "\0" not in one["_id"]) == sorted(known)
