"""Services that are played by the test: facts are published as their owners would."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import aio_pika
import httpx
from aio_pika.abc import AbstractChannel, AbstractConnection

from infra.kernel.events import CONTENT_TYPE
from infra.messaging import topology
from infra.messaging.publisher import Message, Publisher, Unpublished
from tests.support.harness.environment import Environment
from tests.support.harness.queues import ready

TRIES = 5


class FactPublisher:
    """Speaks as any service on a test's own environment."""

    def __init__(self, environment: Environment) -> None:
        other = environment.settings("others")
        self._publisher = Publisher(other, topology.of("others", [], [], ()))  # publishes, and waits for nothing
        self._url, self._looking = environment.amqp_url, asyncio.Lock()
        self._connection: AbstractConnection | None = None
        self._channel: AbstractChannel | None = None

    async def connect(self) -> None:
        """Connect."""
        await self._publisher.connect()

    async def close(self) -> None:
        """Close the connection."""
        await self._publisher.close()
        if self._connection is not None:
            await self._connection.close()

    async def waiting(self, queues: Iterable[str]) -> int:
        """How many messages are ready in these queues now."""
        async with self._looking:
            if self._connection is None or self._channel is None:
                self._connection = await aio_pika.connect(self._url)
                self._channel = await self._connection.channel()
            return await ready(self._channel, queues)

    async def tell(self, kind: str, subject: str, sequence: int, data: Mapping[str, Any], **more: Any) -> None:  # noqa: ANN401
        """Publish a fact as its owner would; ``id`` and ``time`` may be given to repeat or to date it."""
        envelope = {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": f"brandmatrix/{kind.partition('.')[0]}",
            "type": kind,
            "subject": subject,
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/json",
            "sequence": sequence,
            "data": data,
            **more,
        }
        body = httpx.Request("POST", "http://x", json=envelope).content
        outgoing = Message(body, {}, envelope["id"], CONTENT_TYPE)
        for left in reversed(range(TRIES)):  # as every relay does: what is not confirmed is told again
            try:
                await self._publisher.publish(topology.EVENTS, kind, outgoing)
            except Unpublished:
                if not left:
                    raise
                await asyncio.sleep(0.5)
            else:
                return
