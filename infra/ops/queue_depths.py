"""How many messages wait in queues, for whoever looks after them (``brandmatrix doctor``); no service asks."""

import asyncio
from collections.abc import Sequence

from infra.kernel.settings import Settings
from infra.messaging.publisher import BROKER_ERRORS, DEPTHS_SECONDS, connect


async def depths(settings: Settings, queues: Sequence[str]) -> dict[str, tuple[int, int] | None]:
    """Ready messages and consumers of each queue, None where it does not answer; raises one of ``BROKER_ERRORS``.

    It asks by AMQP, so it needs no management plugin. A quorum queue without a leader does not answer in time.
    """
    found: dict[str, tuple[int, int] | None] = {}
    async with asyncio.timeout(DEPTHS_SECONDS):
        connection = await connect(settings.amqp_url.get_secret_value())
    async with connection:
        for name in queues:
            try:
                async with asyncio.timeout(settings.publish_timeout):
                    channel = await connection.channel()
                    result = (await channel.declare_queue(name, passive=True)).declaration_result
                    found[name] = (result.message_count or 0, result.consumer_count or 0)
                    await channel.close()
            except BROKER_ERRORS:
                found[name] = None
    return found
