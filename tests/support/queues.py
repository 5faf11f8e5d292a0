"""What waits in RabbitMQ's queues now: each is asked itself, for the management's figures are up to 5 s old."""

import asyncio
from collections.abc import Callable

import aio_pika

from tests.conftest import Ground


async def waiting(ground: Ground, counts: Callable[[str], bool]) -> int:
    """How many messages are ready in the queues whose names count; not those in the hands of a reader."""
    found = await asyncio.to_thread(ground.management.call, "GET", f"queues/{ground.name}?disable_stats=true")
    async with await aio_pika.connect(ground.amqp_url) as connection:
        channel = await connection.channel()
        queues = [await channel.declare_queue(one["name"], passive=True) for one in found if counts(one["name"])]
        return sum(queue.declaration_result.message_count or 0 for queue in queues)
