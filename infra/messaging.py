"""What arrives from RabbitMQ: manual acks, delayed retries, parked messages, and nothing ever dropped.

It consumes on a connection of its own: on a shared one a memory alarm of the broker, which blocks publishers, would
stop the acknowledgements as well. A failed message leaves for the retry ladder at once, so it delays nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from aio_pika.abc import AbstractRobustConnection
from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue
from opentelemetry.trace import SpanKind

from infra.aggregate import Refused
from infra.events import Event
from infra.handlers import Handlers, Unreadable
from infra.ladder import Ladder, Letter
from infra.lanes import Batches, Lanes
from infra.mongo import PyMongoError, Unreachable
from infra.parked import Parked, ParkedMessage
from infra.publisher import BROKER_ERRORS, RECONNECT_SECONDS, Publisher, broker, declare
from infra.settings import Settings
from infra.telemetry import DELAY, HANDLED, bound, current_traceparent, log, span
from infra.topology import Queue, Topology

WATCH_SECONDS = 5.0
MIRRORS_AT_ONCE = 256
Take = Callable[[RabbitMessage], Awaitable[None]]


class Consumer:
    """The connection that consumes. ``run`` until cancelled, then ``stop`` to drain."""

    def __init__(
        self, settings: Settings, topology: Topology, handlers: Handlers, publisher: Publisher, parked: Parked
    ) -> None:
        self._settings, self._topology, self._handlers = settings, topology, handlers
        self._parked = parked
        self._ladder = Ladder(settings, topology, publisher)
        self._lanes, self._batches = Lanes(), Batches(self._write)
        self._broker: RabbitBroker | None = None
        self._connection: AbstractRobustConnection | None = None
        self._open: RabbitBroker | None = None  # whose messages are taken; nobody's from the moment of a stop on
        self._busy = 0
        self._idle = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        return self._connection is not None and self._connection.connected.is_set()

    async def run(self) -> None:
        """Consume; come back after every kind of loss, including a queue that was deleted under our feet."""
        silent = 0
        while True:
            if self._broker is None:
                await self._start()
            await asyncio.sleep(WATCH_SECONDS)
            silent = 0 if not self.connected or await self._served() else silent + 1
            if silent > 1:
                log.error("consumer.gone", remedy="starting anew")
                await self.stop()
                silent = 0

    async def stop(self) -> None:
        """Take nothing more, finish what runs (at most the drain time), give the rest back to the broker in order.

        The connection closes before the consumer is cancelled: a cancelled consumer keeps its prefetched messages
        while the next one is given later ones, which would turn their order round. Cancel ``run`` first.
        """
        self._open = None
        await self._within_drain_time(self._until_idle())
        if self._connection is not None:
            await self._within_drain_time(self._connection.close())
        if self._broker is not None:
            await self._within_drain_time(self._broker.stop())
        self._broker = self._connection = None

    async def _until_idle(self) -> None:
        if self._busy:
            await self._idle.wait()

    async def _within_drain_time(self, work: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(self._settings.drain_seconds):
                await work
        except BROKER_ERRORS as error:
            log.info("consumer.stop", error=repr(error))

    def _taking(self, source: RabbitBroker, work: Take) -> Take:
        async def take(message: RabbitMessage) -> None:
            if source is not self._open:
                return  # not acknowledged: it goes back when the connection closes
            self._busy += 1
            self._idle.clear()
            try:
                await work(message)
            finally:
                self._busy -= 1
                if not self._busy:
                    self._idle.set()

        return take

    async def _start(self) -> None:
        fresh = broker(self._settings, "consume")
        try:
            connection = await fresh.connect()
            await declare(await connection.channel(), self._topology)
            plan: tuple[tuple[Queue, int, Take], ...] = (
                (self._topology.decisions, self._settings.prefetch, self._decide),
                (self._topology.mirrors, MIRRORS_AT_ONCE, self._mirror),
                (self._topology.parked, 16, self._park),
            )
            for queue, prefetch, take in plan:
                subscriber = fresh.subscriber(
                    RabbitQueue(queue.name, QueueType.QUORUM, durable=True, arguments=cast(Any, queue.arguments)),
                    channel=Channel(prefetch_count=prefetch),
                    ack_policy=AckPolicy.MANUAL,
                    no_reply=True,
                    decoder=_as_it_is,
                )
                subscriber(self._taking(fresh, take))
                subscriber.running = True  # else a message that comes before start() returns is left unacked for ever
            self._open = fresh
            await fresh.start()
            self._broker, self._connection = fresh, connection
            log.info("consumer.started")
        except BROKER_ERRORS as error:
            log.warning("broker.unreachable", purpose="consume", error=str(error))
            await fresh.stop()

    async def _decide(self, message: RabbitMessage) -> None:
        queue = self._topology.decisions.name
        try:
            event = self._handlers.read(message.body, self._handlers.decisions)
        except Unreadable as error:
            await self._ladder.put_aside(_letter(message), queue, error)
            await self._ack(message)
            return
        _, function = self._handlers.decisions[event.type]

        async def work() -> None:
            with span(f"decide {event.type}", event.traceparent, SpanKind.CONSUMER):
                await function(event.model_copy(update={"traceparent": current_traceparent()}))

        async with self._lanes.of(event.subject or event.id):
            await self._attempt(message, queue, event, work)

    async def _mirror(self, message: RabbitMessage) -> None:
        queue = self._topology.mirrors.name
        try:
            event = self._handlers.read(message.body, self._handlers.mirrors)
        except Unreadable as error:
            await self._ladder.put_aside(_letter(message), queue, error)
            await self._ack(message)
            return
        await self._attempt(message, queue, event, lambda: self._batches.add(event))

    async def _write(self, name: str, events: Sequence[Event[Any]]) -> None:
        _, function = self._handlers.mirrors[name]
        await function(events)

    async def _attempt(
        self, message: RabbitMessage, queue: str, event: Event[Any], work: Callable[[], Awaitable[None]]
    ) -> None:
        with bound(correlation=event.correlationid, event=event.id, type=event.type):
            try:
                await self._with_patience(work)
            except Refused as refusal:
                outcome = "refused"
                log.info("event.nothing_to_do", why=str(refusal))
            except Exception as error:  # noqa: BLE001 - every failure of a handler goes to the ladder, none is lost
                outcome = "failed"
                await self._ladder.later(_letter(message), queue, error)
            else:
                outcome = "done"
                DELAY.observe(max((datetime.now(UTC) - event.time).total_seconds(), 0))
            HANDLED.labels(event.type, outcome).inc()
            await self._ack(message)

    @staticmethod
    async def _with_patience(work: Callable[[], Awaitable[None]]) -> None:
        """Wait out a database that does not answer: it is nobody's message's fault, so it costs no attempt."""
        while True:
            try:
                return await work()
            except Unreachable as error:
                log.warning("database.unreachable", error=str(error)[:200])
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _park(self, message: RabbitMessage) -> None:
        """Write a parked message to the collection; it decodes nothing, so it can refuse nothing."""
        raw = message.raw_message
        parked = ParkedMessage.of(raw.body, message.headers, message_id=raw.message_id, content_type=raw.content_type)
        while True:
            try:
                await self._parked.keep([parked])
            except PyMongoError as error:
                log.warning("parked.not_kept", error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                break
        await self._ack(message)

    @staticmethod
    async def _ack(message: RabbitMessage) -> None:
        try:
            await message.raw_message.ack()
        except BROKER_ERRORS as error:  # the connection it came by is gone: it comes again and is recognised
            log.info("event.ack_lost", error=repr(error))

    async def _served(self) -> bool:
        """Whether each of our queues has a consumer; a queue that was deleted comes back here with its bindings.

        The client declares it again by itself when the broker cancels its consumer, but without them: it would
        be consumed and hear nothing.
        """
        assert self._connection is not None  # noqa: S101 - asked only while connected
        try:
            async with asyncio.timeout(WATCH_SECONDS):
                channel = await self._connection.channel()
                try:
                    consumers = await declare(channel, self._topology)
                finally:
                    await channel.close()
        except BROKER_ERRORS as error:
            log.info("consumer.watch", error=repr(error))
            return False
        return all(consumers[queue.name] for queue in self._topology.queues[:3])


def _letter(message: RabbitMessage) -> Letter:
    raw = message.raw_message
    return Letter(raw.body, message.headers, raw.message_id, raw.content_type)


async def _as_it_is(message: RabbitMessage) -> RabbitMessage:
    """Decode nothing here. Async on purpose: FastStream runs a plain function in a thread, which breaks the order."""
    return message
