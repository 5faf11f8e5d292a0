"""A voice for services that are played by the test: it publishes facts as their owners would."""

import asyncio
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from infra.kernel.events import CONTENT_TYPE
from infra.messaging import topology
from infra.messaging.publisher import Message, Publisher, Unpublished
from tests.conftest import Ground

TRIES = 5


class Voice:
    """Speaks as any service on a test's own ground."""

    def __init__(self, ground: Ground) -> None:
        other = ground.settings("others")
        self._publisher = Publisher(other, topology.of("others", [], [], other.retry_delays))

    async def connect(self) -> None:
        """Connect."""
        await self._publisher.connect()

    async def close(self) -> None:
        """Close the connection."""
        await self._publisher.close()

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
