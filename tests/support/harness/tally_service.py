"""``tally`` and ``echo`` as whole services: HTTP, store, relay, handlers.

Run by ``python -m tests.support.harness.tally_service``.

``tally`` takes commands over HTTP and tells ``Counted``; ``echo`` hears it, keeps the totals in the order in which they
came, and tells ``Noted``. Which of the two a process is says BRANDMATRIX_TEST_SERVICE.
"""

import os
from functools import partial
from typing import ClassVar

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.events import Decision, Event, Fact
from infra.kernel.settings import Settings
from infra.messaging import consumer, publisher
from infra.messaging.subscriptions import Handlers
from infra.runtime import service
from infra.runtime.service import Service
from infra.storage import mongo
from infra.storage.mongo import Mongo
from infra.storage.store import CommandResult, Store
from infra.web import auth
from infra.web.http import Asked, Body, Reader
from tests.support.harness import tally

FETCH_SECONDS = 3.0
"""How long this service waits for its issuer."""


class Noted(Fact):
    """Echo heard of a counter."""

    type: ClassVar[str] = "echo.counter.noted.v1"
    about: ClassVar[str] = "counter"
    counter: str
    total: int


class Step(Body):
    """How far to count."""

    by: int = Field(default=1, ge=1, le=100)


def routes(counters: Store[tally.Counter]) -> APIRouter:
    """Create a counter, count, look, and one route with a bug."""
    router = APIRouter(tags=["tally"])

    @router.post("/counters", summary="Create")
    async def create(step: Step, asked: Asked) -> CommandResult:
        return await counters.create(partial(tally.new, asked.key, step.by), cause=asked.cause)

    @router.post("/counters/{key}/steps", summary="Count")
    async def count(key: str, step: Step, asked: Asked) -> CommandResult:
        return await counters.put(key, partial(_count, key, step.by), cause=asked.cause)

    @router.get("/counters/{key}", summary="Look")
    async def look(key: str, _: Reader) -> tally.Counter:
        return await counters.get(key)

    @router.post("/bugs", summary="Fail")
    async def fail(_: Asked) -> None:
        raise KeyError("a secret detail")

    return router


def _count(key: str, by: int, before: tally.Counter | None) -> Decision[tally.Counter]:
    return tally.count(before or tally.Counter(id=key), by)


def subscribe(consumed: Store[tally.CountedSoFar]) -> Handlers:
    """Keep what was heard of each counter, and say so."""
    handlers = Handlers()

    @handlers.on(tally.Counted)
    async def note(event: Event[tally.Counted]) -> None:
        await consumed.put(event.data.counter, partial(_note, event.data), cause=event.cause)

    return handlers


def _note(counted: tally.Counted, before: tally.CountedSoFar | None) -> Decision[tally.CountedSoFar]:
    consumed = before or tally.CountedSoFar(id=counted.counter)
    return consumed.becomes(totals=(*consumed.totals, counted.total)), [
        Noted(counter=counted.counter, total=counted.total)
    ]


def build(settings: Settings) -> Service:
    """The service that the settings name."""
    database = Mongo(settings)
    if settings.service == "tally":
        counters = Store(database, "counters", tally.Counter)
        routers, handlers, stores = [routes(counters)], Handlers(), [counters]
        return Service(
            title=("计数", "Tally"),
            settings=settings,
            mongo=database,
            routers=routers,
            handlers=handlers,
            stores=stores,
        )
    consumed = Store(database, "consumed", tally.CountedSoFar)
    return Service(
        title=("回声", "Echo"),
        settings=settings,
        mongo=database,
        routers=[],
        handlers=subscribe(consumed),
        stores=[consumed],
    )


def hurry() -> None:
    """Look again sooner after a loss than the product does: what tests wait for is the same, only sooner there."""
    for module in (publisher, consumer):
        setattr(module, "RECONNECT_SECONDS", 0.2)  # noqa: B010 - the consumer has it from the publisher
    service.RESTART_SECONDS = 0.2
    consumer.WATCH_SECONDS = 0.5
    mongo.SELECTION_SECONDS = 1.0
    auth.FETCH_SECONDS = FETCH_SECONDS


if __name__ == "__main__":
    hurry()
    build(Settings.of(os.environ["BRANDMATRIX_TEST_SERVICE"])).main()
