"""Publishers that are not ours: plain aio-pika in both modes, and raw pika; each is told when the broker refuses."""

import asyncio
import json
from typing import Any, Protocol

import aio_pika
import pika  # type: ignore[import-untyped]

EXCHANGE = "departments"
STRUCTURED = "application/cloudevents+json"
Json = dict[str, Any]


class Publisher(Protocol):
    """One department's way of speaking; returns when the broker has confirmed."""

    async def event(self, event: Json) -> None:
        """Send an event."""

    async def raw(self, key: str, body: bytes, content_type: str | None = STRUCTURED) -> None:
        """Send whatever this is."""


class Structured:
    """aio-pika, the whole event in the body."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def event(self, event: Json) -> None:
        """Send it as structured JSON."""
        await self.raw(event["type"], json.dumps(event, ensure_ascii=False).encode())

    async def raw(self, key: str, body: bytes, content_type: str | None = STRUCTURED, **headers: str) -> None:
        """Send these bytes, confirmed."""
        async with await aio_pika.connect(self._url) as connection:
            channel = await connection.channel(publisher_confirms=True)
            exchange = await channel.get_exchange(EXCHANGE, ensure=False)
            message = aio_pika.Message(body, content_type=content_type, headers=dict(headers))
            await asyncio.wait_for(exchange.publish(message, key), 20)


class Binary(Structured):
    """aio-pika, attributes in ``ce-`` headers, the data in the body."""

    async def event(self, event: Json) -> None:
        """Send it in binary mode."""
        headers = {f"ce-{name}": value for name, value in event.items() if name not in {"data", "datacontenttype"}}
        body = json.dumps(event["data"], ensure_ascii=False).encode()
        await self.raw(event["type"], body, event.get("datacontenttype", "application/json"), **headers)


class Pika:
    """Another library altogether, blocking, in a thread of its own."""

    def __init__(self, url: str) -> None:
        self._parameters = pika.URLParameters(url)

    async def event(self, event: Json) -> None:
        """Send it as structured JSON with every non-ASCII character escaped, as many libraries do."""
        await self.raw(event["type"], json.dumps(event).encode())

    async def raw(self, key: str, body: bytes, content_type: str | None = STRUCTURED) -> None:
        """Send these bytes, confirmed."""
        await asyncio.to_thread(self._publish, key, body, content_type)

    def _publish(self, key: str, body: bytes, content_type: str | None) -> None:
        with pika.BlockingConnection(self._parameters) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            properties = pika.BasicProperties(content_type=content_type, delivery_mode=2)
            channel.basic_publish(EXCHANGE, key, body, properties)
