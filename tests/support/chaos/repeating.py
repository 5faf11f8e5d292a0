"""A tap between ``brand.events`` and the services: delivers every event several times and in another order."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from infra.messaging.topology import EVENTS
from tests.support.harness.environment import Environment

SHUFFLED = "test.shuffled"
LONGEST_DELAY = 0.4


@asynccontextmanager
async def repeating(
    environment: Environment, copies: int, seed: int, longest: float = LONGEST_DELAY
) -> AsyncIterator[None]:
    """Inside the block every event reaches every reader ``copies`` times, each after a delay of its own."""
    chance = random.Random(seed)
    connection = await aio_pika.connect(environment.amqp_url)
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=1000)
        source, target = await channel.get_exchange(EVENTS), await channel.declare_exchange(SHUFFLED, "topic")
        queue = await channel.declare_queue("test.tap")
        await queue.bind(source, "#")
        await _reroute(environment, source.name, target.name)
        tasks: set[asyncio.Task[None]] = set()

        async def later(message: AbstractIncomingMessage) -> None:
            await asyncio.sleep(chance.uniform(0, longest))
            copy = aio_pika.Message(
                message.body,
                headers=message.headers,
                content_type=message.content_type,
                message_id=message.message_id,
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            await target.publish(copy, message.routing_key or "", mandatory=False)

        async def consumed(message: AbstractIncomingMessage) -> None:
            await message.ack()
            for _ in range(copies):
                task = asyncio.create_task(later(message))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        taking = await queue.consume(consumed)
        yield
        await _reroute(environment, target.name, source.name)
        await queue.cancel(taking)
        while tasks:
            await asyncio.wait(tasks)
        await queue.delete(if_empty=False)


async def _reroute(environment: Environment, source: str, target: str) -> None:
    """Move the services' bindings from one exchange to another, through the management API."""
    call, vhost = environment.management.call, environment.name
    for binding in await asyncio.to_thread(call, "GET", f"exchanges/{vhost}/{source}/bindings/source"):
        name, key = binding["destination"], binding["routing_key"]
        if binding["destination_type"] == "queue" and name != "test.tap":
            place = f"bindings/{vhost}/e"
            await asyncio.to_thread(call, "POST", f"{place}/{target}/q/{name}", {"routing_key": key})
            await asyncio.to_thread(call, "DELETE", f"{place}/{source}/q/{name}/{binding['properties_key']}")
