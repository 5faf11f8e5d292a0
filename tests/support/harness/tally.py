"""Two tiny services on the library: ``tally`` counts and tells, ``echo`` hears; they test the library itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from infra.kernel.errors import Refused
from infra.kernel.events import Aggregate, Decision, Event, Fact
from infra.messaging.subscriptions import Handlers
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import Mongo
from infra.storage.store import Store


class Counted(Fact):
    """A counter went up."""

    type: ClassVar[str] = "tally.counter.counted.v1"
    about: ClassVar[str] = "counter"
    counter: str
    total: int
    step: int = 1


class Counter(Aggregate):
    """Counts to its limit."""

    total: int = 0
    limit: int = 10_000
    due_at: datetime | None = None
    rings: int = 0


def count(counter: Counter, by: int = 1) -> Decision[Counter]:
    """Go up; refused past the limit."""
    if counter.total + by > counter.limit:
        raise Refused("counter.full", zh="已满。", en="The counter is full.", field="/by")
    after = counter.becomes(total=counter.total + by)
    return after, [Counted(counter=counter.id, total=after.total, step=by)]


def new(key: str, by: int = 1) -> Decision[Counter]:
    """A counter that starts with its first step."""
    return count(Counter(id=key), by)


def ring(counter: Counter, now: datetime) -> Decision[Counter]:
    """The deadline has come: ring once and clear it."""
    return counter.becomes(rings=counter.rings + 1, due_at=None), [
        Counted(counter=counter.id, total=counter.total, step=0)
    ]


class CountedSoFar(Aggregate):
    """What echo made of one counter: every step it heard, in the order in which it heard them."""

    totals: tuple[int, ...] = ()


class Seen(Mirrored):
    """Echo's mirror of a counter."""

    total: int


class Echo:
    """The reading side, with a switch that makes its handlers fail for chosen counters."""

    def __init__(self, mongo: Mongo) -> None:
        self.store = Store(mongo, "consumed", CountedSoFar)
        self.mirror = Projection(mongo, "seen", Seen)
        self.failing: dict[str, Exception] = {}
        self.handlers = Handlers()

        @self.handlers.on(Counted)
        async def subscribe(event: Event[Counted]) -> None:
            self._fail(event.data.counter)

            def decide(before: CountedSoFar | None) -> Decision[CountedSoFar]:
                consumed = before or CountedSoFar(id=event.data.counter)
                return consumed.becomes(totals=(*consumed.totals, event.data.total)), []

            await self.store.put(event.data.counter, decide, cause=event.cause)

        @self.handlers.project(Counted)
        async def see(events: Sequence[Event[Counted]]) -> None:
            for event in events:
                self._fail(event.data.counter)
            await self.mirror.save(
                [Seen(id=event.data.counter, version=event.sequence, total=event.data.total) for event in events]
            )

    def _fail(self, counter: str) -> None:
        if counter in self.failing:
            raise self.failing[counter]
