"""Where a failed message goes: into delayed retries and, after the last of them, aside, for a person to look at."""

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from infra.kernel.settings import Settings
from infra.kernel.telemetry import PARKED, log
from infra.messaging.parked import ATTEMPT, ORIGIN, REASON, STACK
from infra.messaging.publisher import RECONNECT_SECONDS, Message, Publisher, Unpublished
from infra.messaging.topology import Topology, retry

MOST_STACK = 4000
MOST_REASON = 1000


class RetryPolicy:
    """Publishes failed messages again, confirmed; only then may the caller acknowledge them.

    A crash between the two makes a duplicate, never a loss. Attempts are counted in a header: the broker's own count
    also grows with every closed connection.
    """

    def __init__(self, settings: Settings, topology: Topology, publisher: Publisher) -> None:
        self._service, self._delays = settings.service, settings.retry_delays
        self._topology, self._publisher = topology, publisher

    async def later(self, message: Message, queue: str, error: Exception) -> None:
        """Let a message wait for its next attempt, or put it aside after the last one."""
        counted = message.headers.get(ATTEMPT)
        attempt = counted if isinstance(counted, int) and counted > 0 else 0  # a publisher may have put anything here
        if attempt >= len(self._delays):
            await self.put_aside(message, queue, error)
            return
        delay = self._delays[attempt]
        log.warning("event.retried", queue=queue, attempt=attempt + 1, seconds=delay, error=repr(error))
        more = {ATTEMPT: attempt + 1, REASON: repr(error)[:MOST_REASON]}
        await self._send(message, retry(self._service, delay), queue, more)

    async def put_aside(self, message: Message, queue: str, error: Exception) -> None:
        """Park a message with its reason and stack."""
        log.error("event.parked", queue=queue, error=repr(error), message_id=message.message_id)
        PARKED.labels(queue).inc()
        stack = "".join(traceback.format_exception(error))[-MOST_STACK:]
        more = {ORIGIN: queue, REASON: (str(error) or repr(error))[:MOST_REASON], STACK: stack}
        await self._send(message, self._topology.parked.name, queue, more)

    async def _send(self, message: Message, exchange: str, key: str, more: Mapping[str, Any]) -> None:
        """Publish, however long the broker is away."""
        message = replace(message, headers={**message.headers, **more})
        while True:
            try:
                await self._publisher.publish(exchange, key, message)
            except Unpublished as error:
                log.warning("event.not_moved", exchange=exchange, error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                return
