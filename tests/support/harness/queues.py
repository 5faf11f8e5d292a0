"""What waits in RabbitMQ's queues now: each is asked itself, for the management's figures are up to 5 s old."""

import asyncio
from collections.abc import Callable, Iterable

import aio_pika
from aio_pika.abc import AbstractChannel

from tests.support.harness.environment import Environment


async def ready(channel: AbstractChannel, queues: Iterable[str]) -> int:
    """How many messages are ready in these queues, by their own word; not those in the hands of a reader."""
    answers = [await channel.declare_queue(name, passive=True) for name in queues]
    return sum(one.declaration_result.message_count or 0 for one in answers)


async def waits(environment: Environment, counts: Callable[[str], bool]) -> bool:
    """Whether a queue whose name counts has a message, or does not answer.

    Only the management's figures, which are up to 5 s old, know of messages in the hands of a reader.
    """
    place = f"queues/{environment.name}?disable_stats=true&enable_queue_totals=true"
    found = await asyncio.to_thread(environment.management.call, "GET", place)
    held = {one["name"]: one.get("messages_unacknowledged", 1) for one in found if counts(one["name"])}
    if any(held.values()):
        return True
    async with await aio_pika.connect(environment.amqp_url) as connection:
        return bool(await ready(await connection.channel(), held))
