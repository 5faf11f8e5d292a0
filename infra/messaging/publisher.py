"""The connection to RabbitMQ that publishes: persistent, mandatory, confirmed, under a timeout; and the declarations.

The settings that FastStream leaves open lose messages, so each of them is said here.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aio_pika import connect
from aio_pika.abc import AbstractChannel, AbstractRobustConnection
from aio_pika.exceptions import AMQPError
from faststream.rabbit import Channel, ExchangeType, RabbitBroker, RabbitExchange
from pamqp.commands import Basic
from yarl import URL

from infra.kernel.settings import Settings
from infra.kernel.telemetry import log
from infra.messaging.topology import Topology

__all__ = [
    "BROKER_ERRORS",
    "DEPTHS_SECONDS",
    "Message",
    "Publisher",
    "Unpublished",
    "broker",
    "connect",
    "declare",
    "served",
]

BROKER_ERRORS = (AMQPError, ConnectionError, TimeoutError, RuntimeError, OSError)
RECONNECT_SECONDS = 1.0
DEPTHS_SECONDS = 5.0


class Unpublished(Exception):  # noqa: N818 - read as a sentence
    """The broker did not confirm this message; it may or may not have arrived."""


@dataclass(frozen=True)
class Message:
    """A message: what is in it, and what stands on it."""

    body: bytes
    headers: Mapping[str, Any]
    message_id: str | None
    content_type: str | None


def broker(settings: Settings, purpose: str) -> RabbitBroker:
    """A broker object for one purpose; it connects to nothing yet."""
    query = {"heartbeat": "10", "name": f"{settings.service}.{purpose}"}
    url = URL(settings.amqp_url.get_secret_value()).update_query(query)
    return RabbitBroker(
        str(url),
        reconnect_interval=RECONNECT_SECONDS,
        default_channel=Channel(publisher_confirms=True, on_return_raises=True),
        app_id=f"brandmatrix/{settings.service}",
        graceful_timeout=settings.drain_seconds,
        logger=None,
        apply_types=False,
    )


class Publisher:
    """The connection that publishes. ``connect`` keeps trying; ``publish`` fails at once while there is none."""

    def __init__(self, settings: Settings, topology: Topology) -> None:
        self._topology, self._timeout = topology, settings.publish_timeout
        self._broker = broker(settings, "publish")
        self._exchanges: dict[str, RabbitExchange] = {}
        self._connection: AbstractRobustConnection | None = None

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        return self._connection is not None and self._connection.connected.is_set()

    async def connect(self) -> None:
        """Connect and declare, trying until it works; afterwards lost connections come back by themselves."""
        while not self._connection:
            try:
                connection = await self._broker.connect()
                # on the default channel: one first seen by a consumer's channel would be published on it, unconfirmed
                for one in self._topology.exchanges:
                    kind, more = ExchangeType(one.kind), one.arguments or None
                    self._exchanges[one.name] = RabbitExchange(one.name, type=kind, durable=True, arguments=more)
                    await self._broker.declare_exchange(self._exchanges[one.name])
                # queues too: what is published first must not find no place
                await declare(await connection.channel(), self._topology)
                self._connection = connection
            except BROKER_ERRORS as error:
                log.warning("broker.unreachable", purpose="publish", error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    async def publish(self, exchange: str, key: str, message: Message) -> None:
        """Publish one persistent message and wait for the broker's confirm; raises ``Unpublished`` otherwise."""
        if not self.connected:
            raise Unpublished("not connected")
        try:
            async with asyncio.timeout(self._timeout):
                confirm = await self._broker.publish(
                    message.body,
                    exchange=self._exchanges[exchange],
                    routing_key=key,
                    persist=True,
                    mandatory=True,
                    message_id=message.message_id,
                    content_type=message.content_type,
                    headers=dict(message.headers),
                )
        except BROKER_ERRORS as error:
            raise Unpublished(f"{type(error).__name__}: {error}") from error
        if not isinstance(confirm, Basic.Ack):
            raise Unpublished(f"the broker answered {confirm!r}")

    async def close(self) -> None:
        """Close the connection."""
        self._connection = None
        await self._broker.stop()


async def declare(channel: AbstractChannel, topology: Topology) -> None:
    """Declare everything of a topology; the same again changes nothing.

    While the channel stays open, a reconnect declares it anew.
    """
    for exchange in topology.exchanges:
        await channel.declare_exchange(
            exchange.name, ExchangeType(exchange.kind).value, durable=True, arguments=exchange.arguments or None
        )
    for queue in topology.queues:
        declared = await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
        for name, key in queue.bindings:
            await declared.bind(name, routing_key=key)


async def served(connection: AbstractRobustConnection, topology: Topology) -> bool:
    """Whether each working queue is there with a consumer; one that the client made again gets its bindings back.

    When the broker cancels its consumer, the client declares the queue again by itself, but without bindings: it would
    be consumed and receive nothing.
    """
    try:
        async with asyncio.timeout(DEPTHS_SECONDS):
            channel = await connection.channel()
            try:
                # first only looked at: what is made while it is being deleted may have no reader for ever
                looked = [await channel.declare_queue(queue.name, passive=True) for queue in topology.consumed]
                await declare(channel, topology)
            finally:
                await channel.close()
    except BROKER_ERRORS as error:
        log.info("consumer.watch", error=repr(error))
        return False
    return all(queue.declaration_result.consumer_count for queue in looked)
