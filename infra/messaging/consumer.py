"""What arrives from RabbitMQ: manual acks, delayed retries, parked messages, and nothing ever dropped.

It consumes on a connection of its own: on a shared one a memory alarm of the broker, which blocks publishers, would
stop the acknowledgements as well. A failed message leaves for a delayed retry at once, so it delays nobody. Mirrors are
written in batches of whatever queued up while the last batch was written.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from aio_pika.abc import AbstractRobustConnection
from faststream.middlewares import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue
from opentelemetry.trace import SpanKind

from infra.kernel import clock
from infra.kernel.cloudevents import ordering_key
from infra.kernel.errors import Refused, Unreadable
from infra.kernel.events import Event, read
from infra.kernel.settings import Settings
from infra.kernel.telemetry import DELAY, HANDLED, bound, current_traceparent, log, span
from infra.messaging.parked import ROUTE, Parked, ParkedMessage, early, sent
from infra.messaging.publisher import BROKER_ERRORS, RECONNECT_SECONDS, Message, Publisher, broker, declare, served
from infra.messaging.retries import RetryPolicy
from infra.messaging.subscriptions import Delivery, Handlers
from infra.messaging.topology import DEPARTMENTS, Topology
from infra.storage.lease import KeyedLocks
from infra.storage.mongo import PyMongoError, Unreachable

Write = Callable[[str, Sequence[Event[Any]]], Awaitable[None]]


class Batcher:
    """Gathers events of one type while the last batch of that type is written; there is no timer to wait for."""

    def __init__(self, write: Write, most: int = 256) -> None:
        self._write, self._most = write, most
        self._waiting: defaultdict[str, list[tuple[Event[Any], asyncio.Future[None]]]] = defaultdict(list)
        self._writers: dict[str, asyncio.Task[None]] = {}

    async def add(self, event: Event[Any]) -> None:
        """Return when this event's batch is written; raise what its own write raised."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[event.type].append((event, written))
        if event.type not in self._writers:
            self._writers[event.type] = asyncio.create_task(self._drain(event.type))
        await written

    async def _drain(self, name: str) -> None:
        try:
            while self._waiting[name]:
                batch, self._waiting[name] = self._waiting[name][: self._most], self._waiting[name][self._most :]
                await self._settle(name, batch)
        finally:
            del self._writers[name]

    async def _settle(self, name: str, batch: list[tuple[Event[Any], asyncio.Future[None]]]) -> None:
        """Write a batch; when it fails, write its events one by one, so that the bad one harms no other."""
        try:
            await self._write(name, [event for event, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to whoever added the event
            if len(batch) > 1:
                for one in batch:
                    await self._settle(name, [one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
        else:
            for _, written in batch:
                if not written.done():
                    written.set_result(None)


WATCH_SECONDS = 5.0
MIRRORS_AT_ONCE = 256
Work = Callable[[], Awaitable[None]]
Take = Callable[[RabbitMessage], Awaitable[None]]


class Consumer:
    """The connection that consumes. ``run`` until cancelled, then ``stop`` to drain."""

    def __init__(
        self, settings: Settings, topology: Topology, handlers: Handlers, publisher: Publisher, parked: Parked
    ) -> None:
        self._settings, self._topology, self._handlers = settings, topology, handlers
        self._parked = parked
        self._retries = RetryPolicy(settings, topology, publisher)
        self._locks, self._batches = KeyedLocks(), Batcher(self._write)
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
            link = self._connection if self.connected else None
            silent = 0 if link is None or await served(link, self._topology) else silent + 1
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
            some = self._settings.prefetch
            plan = (some, self._decide), (MIRRORS_AT_ONCE, self._mirror), (16, self._park), (some, self._listen)
            for queue, (prefetch, take) in zip(self._topology.consumed, plan, strict=False):
                quorum = RabbitQueue(queue.name, QueueType.QUORUM, durable=True, arguments=cast(Any, queue.arguments))
                channel, policy = Channel(prefetch_count=prefetch), AckPolicy.MANUAL
                subscriber = fresh.subscriber(
                    quorum, channel=channel, ack_policy=policy, no_reply=True, decoder=_as_it_is
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
            event = read(message.body, self._handlers.decisions)
        except Unreadable as error:
            await self._retries.put_aside(_outgoing(message), queue, error)
            await self._ack(message)
            return
        _, function = self._handlers.decisions[event.type]

        async def work() -> None:
            with span(f"decide {event.type}", event.traceparent, SpanKind.CONSUMER):
                await function(event.model_copy(update={"traceparent": current_traceparent()}))

        async with self._locks.of(event.subject or event.id):
            await self._attempt(message, queue, event, work)

    async def _listen(self, message: RabbitMessage) -> None:
        """Take what another department sent; only our own return exchange is believed about an earlier routing key."""
        assert self._topology.departments and self._handlers.listen  # noqa: S101 PT018 - there is a queue of it
        raw, function = message.raw_message, self._handlers.listen
        first = raw.exchange == DEPARTMENTS
        key = raw.routing_key or "" if first else str(message.headers.get(ROUTE, ""))
        headers = sent(message.headers, key) if first else message.headers
        outgoing = Message(raw.body, headers, raw.message_id, raw.content_type)
        come = clock.now()
        delivery = Delivery(raw.body, outgoing.headers, raw.content_type, key, raw.message_id, come)

        async def work() -> None:
            with span("listen", None, SpanKind.CONSUMER):
                await function(delivery)

        async with self._locks.of(ordering_key(raw.body, outgoing.headers, raw.content_type)):
            await self._attempt(message, self._topology.departments.name, None, work, outgoing)

    async def _mirror(self, message: RabbitMessage) -> None:
        queue = self._topology.mirrors.name
        try:
            event = read(message.body, self._handlers.mirrors)
        except Unreadable as error:
            await self._retries.put_aside(_outgoing(message), queue, error)
            await self._ack(message)
            return
        await self._attempt(message, queue, event, lambda: self._batches.add(event))

    async def _write(self, name: str, events: Sequence[Event[Any]]) -> None:
        _, function = self._handlers.mirrors[name]
        await function(events)

    async def _attempt(
        self, message: RabbitMessage, queue: str, event: Event[Any] | None, work: Work, outgoing: Message | None = None
    ) -> None:
        """``event`` is None for what other departments send: their words do not become labels of our metrics."""
        named = {"correlation": event.correlationid, "event": event.id, "type": event.type} if event else {}
        with bound(**named):
            try:
                await self._with_patience(work)
            except Refused as refusal:
                outcome = "refused"
                log.info("event.nothing_to_do", why=str(refusal))
            except Exception as error:  # noqa: BLE001 - every failure of a handler goes to the retry policy, none is lost
                outcome = "failed"
                await self._retries.later(outgoing or _outgoing(message), queue, error)
            else:
                outcome = "done"
                if event:
                    DELAY.observe(max((clock.now() - event.time).total_seconds(), 0))
            HANDLED.labels(event.type if event else DEPARTMENTS, outcome).inc()
            await self._ack(message)

    @staticmethod
    async def _with_patience(work: Work, ailment: type[PyMongoError] = Unreachable) -> None:
        """Wait out a database that does not answer: it is nobody's message's fault, so it costs no attempt."""
        while True:
            try:
                return await work()
            except ailment as error:
                log.warning("database.unreachable", error=str(error)[:200])
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _park(self, message: RabbitMessage) -> None:
        """Write a parked message to the collection; it decodes nothing, so it can refuse nothing."""
        raw, headers, inbound = message.raw_message, message.headers, self._topology.departments
        ours = {*(queue.name for queue in self._topology.consumed), *self._handlers.decisions, *self._handlers.mirrors}
        if inbound and raw.routing_key not in ours:  # the broker put it aside before we saw it: it expired, perhaps
            headers = early(headers, raw.routing_key or "", inbound.name)
        parked = ParkedMessage.of(raw.body, headers, message_id=raw.message_id, content_type=raw.content_type)
        await self._with_patience(lambda: self._parked.save([parked]), PyMongoError)
        await self._ack(message)

    @staticmethod
    async def _ack(message: RabbitMessage) -> None:
        try:
            await message.raw_message.ack()
        except BROKER_ERRORS as error:  # the connection it came by is gone: it comes again and is recognised
            log.info("event.ack_lost", error=repr(error))


def _outgoing(message: RabbitMessage) -> Message:
    raw = message.raw_message
    return Message(raw.body, message.headers, raw.message_id, raw.content_type)


async def _as_it_is(message: RabbitMessage) -> RabbitMessage:
    """Decode nothing here. Async on purpose: FastStream runs a plain function in a thread, which breaks the order."""
    return message
