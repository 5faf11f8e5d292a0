"""A service as one process: HTTP, consumption, relay and deadlines; it starts without waiting and stops by draining."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from types import MappingProxyType
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI

from infra.kernel import telemetry
from infra.kernel.settings import Settings
from infra.kernel.telemetry import log
from infra.messaging import topology
from infra.messaging.consumer import Consumer
from infra.messaging.outbox import Relay
from infra.messaging.parked import Parked
from infra.messaging.publisher import Publisher
from infra.messaging.subscriptions import Handlers
from infra.runtime.jobs import Job
from infra.runtime.schedule import Due, Schedule
from infra.runtime.supervision import _supervised
from infra.storage.collections import Collection
from infra.storage.lease import Lease
from infra.storage.mongo import Mongo, PyMongoError
from infra.storage.store import Store
from infra.web.auth import Tokens
from infra.web.http import make_app

LAST_TURN_SECONDS = 5.0


class Service:
    """Everything a service runs, put together once. Making one connects to nothing."""

    def __init__(  # noqa: PLR0913 - the parts of a service
        self,
        *,
        title: tuple[str, str],
        settings: Settings,
        mongo: Mongo,
        routers: Sequence[APIRouter],
        handlers: Handlers,
        stores: Sequence[Store[Any]],
        others: Sequence[Collection[Any]] = (),
        due: Sequence[Due] = (),
        jobs: Sequence[Job] = (),
        larger: Mapping[str, int] = MappingProxyType({}),
        started: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self.settings, self.mongo, self.handlers, self.stores = settings, mongo, handlers, stores
        consumes = list(handlers.decisions), list(handlers.mirrors), settings.retry_delays, handlers.departments
        self.topology = topology.of(settings.service, *consumes)
        self.publisher = Publisher(settings, self.topology)
        self.parked = Parked(mongo)
        self.consumer = Consumer(settings, self.topology, handlers, self.publisher, self.parked)
        self._lease = Lease(mongo, "relay", settings.lease_seconds)
        self._jobs = [(job, Lease(mongo, f"job.{job.name}", settings.lease_seconds)) for job in jobs]
        self.relay = Relay(mongo, stores, self.publisher, self._lease, settings.poll_seconds)
        self._schedule_lease = Lease(mongo, "schedule", settings.lease_seconds)
        self.schedule = Schedule(due, self._schedule_lease, settings.poll_seconds)
        self._collections = [*stores, *others, self.parked]
        self._started = started
        self._prepared = asyncio.Event()
        self.tokens = Tokens(settings)
        self.app = make_app(title, self.tokens, list(routers), self.missing, PyMongoError, larger)
        self.app.router.lifespan_context = self._lifespan

    async def missing(self) -> tuple[dict[str, str], dict[str, str]]:
        """What keeps this service from working, and what only degrades it (commands are taken, facts wait)."""
        missing, degraded = dict[str, str](), dict[str, str]()
        try:
            async with asyncio.timeout(2):
                await self.mongo.ping()
        except (PyMongoError, TimeoutError) as error:
            missing["mongodb"] = str(error) or "no answer within 2 s"
        if not missing and not self._prepared.is_set():
            missing["preparation"] = "indexes and shipped data are not in place yet"
        trouble, usable = await self.tokens.keys.state()
        if trouble:
            (degraded if usable else missing)["sign-on"] = trouble
        if not self.publisher.connected:
            degraded["rabbitmq.publish"] = "not connected: commands are taken, facts wait"
        if not self.consumer.connected:
            degraded["rabbitmq.consume"] = "not connected: other services' facts wait at the broker"
        return missing, degraded

    def main(self) -> None:
        """``python -m services.<name>`` serves; ``… declare`` only declares exchanges and queues, and ends."""
        telemetry.set_up(self.settings)
        if sys.argv[1:] == ["declare"]:
            asyncio.run(self.declare())
            return
        # uvicorn drains on SIGTERM, then raises it again: that second one shall not turn a clean end into a failure
        signal.signal(signal.SIGTERM, lambda *_: None)
        host, port, last = self.settings.http_host, self.settings.http_port, int(self.settings.drain_seconds)
        uvicorn.run(self.app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=last)

    async def declare(self) -> None:
        """Declare what this service needs at the broker, so that facts wait for it before it first runs."""
        await self.publisher.connect()
        await self.publisher.close()

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        works: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("prepare", self._prepare),
            ("publish", self.publisher.connect),
            ("relay", partial(self._once_prepared, self.relay.run)),
            ("consume", partial(self._once_prepared, self.consumer.run)),
            ("schedule", partial(self._once_prepared, self.schedule.run)),
            ("parked", self.parked.watch),
            *((job.name, partial(self._once_prepared, partial(job.run, lease))) for job, lease in self._jobs),
        ]
        tasks = [asyncio.create_task(_supervised(name, work)) for name, work in works]
        log.info("service.started", port=self.settings.http_port)
        try:
            yield
        finally:
            await self._drain(tasks)

    async def _prepare(self) -> None:
        await asyncio.gather(*(collection.prepare() for collection in self._collections))
        await self.relay.prepare()
        for work in self._started:
            await work()
        self._prepared.set()

    async def _once_prepared(self, work: Callable[[], Awaitable[None]]) -> None:
        await self._prepared.wait()
        await work()

    async def _drain(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Finish what runs, tell what is left if the broker answers, hand the leases over, close."""
        log.info("service.draining")
        # again and again: a client that is just closing its channel swallows a cancellation
        while running := [task for task in tasks if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=1)
        await self.consumer.stop()
        try:
            async with asyncio.timeout(LAST_TURN_SECONDS):
                while self.publisher.connected and await self._lease.hold() and await self.relay.run_once():
                    pass
        except (PyMongoError, TimeoutError) as error:
            log.info("service.last_turn", error=str(error))
        for lease in (self._lease, self._schedule_lease, *(lease for _, lease in self._jobs)):
            await lease.give_back()
        await self.publisher.close()
        await self.mongo.close()
        log.info("service.stopped")
