"""The exchanges and queues, as data: every argument is stated, so that all RabbitMQ versions build the same thing.

::

    brand.events (topic) ──> <service>.decisions, <service>.mirrors ──> handlers
         │ nobody consumes it             │ failed: published with its attempt number
         v                                v
    brand.unrouted            <service>.retry.<n>s (waits) ──> <service>.return ──> the queue it came from
                                          │ last attempt failed
                                          v
                              <service>.parked ──> the collection of parked messages

    departments (topic) ──> <service>.departments ──> the same way
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

EVENTS = "brand.events"
DEPARTMENTS = "departments"
"""Where other departments, HR and OA publish; each may publish its own types and nothing else."""
UNROUTED = "brand.unrouted"
Names = Sequence[str]
MOST_UNROUTED = 100_000
"""Facts nobody consumes are kept for a look; they stay in their owner's journal, so the oldest may go."""
BROKER_DELIVERY_LIMIT = 20
"""The last net only: it counts closed connections, so our own attempts are counted in a header."""
NEVER = 2**31 - 1
"""A delivery limit that is never reached. Unsaid it is 20 from RabbitMQ 4 on, and the message is dropped then."""


@dataclass(frozen=True)
class Exchange:
    """An exchange that is there before anything is published."""

    name: str
    kind: str = "topic"
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Queue:
    """A durable quorum queue and the (exchange, routing key) pairs it is bound to."""

    name: str
    bindings: tuple[tuple[str, str], ...]
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Topology:
    """All that one service needs at the broker."""

    service: str
    exchanges: tuple[Exchange, ...]
    decisions: Queue
    """The queue whose facts are worked off in order for each subject."""
    mirrors: Queue
    """The queue whose facts are mirrored in batches, in any order."""
    parked: Queue
    """The queue on the way to the collection of parked messages."""
    departments: Queue | None
    """The queue of what other departments publish, where the service listens to them."""
    others: tuple[Queue, ...]

    @property
    def consumed(self) -> tuple[Queue, ...]:
        """Every queue that this service works off."""
        return (self.decisions, self.mirrors, self.parked, *filter(None, [self.departments]))

    @property
    def queues(self) -> tuple[Queue, ...]:
        """Every queue that must be there."""
        return (*self.consumed, *self.others)


def of(service: str, decisions: Names, mirrors: Names, delays: Sequence[float], departments: Names = ()) -> Topology:
    """The topology of a service that consumes these types, with one waiting queue for each delay (in seconds).

    ``departments`` are the routing keys (``*`` and ``#`` allowed) of what it takes from other departments.
    """
    back, parked, inbound = f"{service}.return", f"{service}.parked", f"{service}.departments"
    working = {"x-dead-letter-exchange": parked, **SAFE, "x-delivery-limit": BROKER_DELIVERY_LIMIT}
    names = (f"{service}.decisions", f"{service}.mirrors")
    waits = [retry(service, delay) for delay in delays]
    foreign = (*((DEPARTMENTS, key) for key in departments), (back, inbound))
    expiring = [{"x-message-ttl": int(delay * 1000), "x-dead-letter-exchange": back, **SAFE} for delay in delays]
    bounded = {"x-queue-type": "quorum", "x-max-length": MOST_UNROUTED, "x-overflow": "drop-head"}
    return Topology(
        service,
        exchanges=(
            Exchange(UNROUTED, "fanout"),
            Exchange(EVENTS, "topic", {"alternate-exchange": UNROUTED}),
            *([Exchange(DEPARTMENTS, "topic", {"alternate-exchange": UNROUTED})] if departments else []),
            Exchange(back, "direct"),
            *(Exchange(name, "fanout") for name in (parked, *waits)),
        ),
        decisions=Queue(names[0], _bindings(names[0], decisions, back), working | ORDERED),
        mirrors=Queue(names[1], _bindings(names[1], mirrors, back), working),
        parked=Queue(parked, ((parked, ""),), {"x-queue-type": "quorum", "x-delivery-limit": NEVER}),
        departments=Queue(inbound, foreign, working | ORDERED) if departments else None,
        others=(
            Queue(UNROUTED, ((UNROUTED, ""),), bounded),
            *(Queue(name, ((name, ""),), more) for name, more in zip(waits, expiring, strict=True)),
        ),
    )


def retry(service: str, delay: float) -> str:
    """The name of the exchange and queue in which a failed message waits ``delay`` seconds."""
    return f"{service}.retry.{delay:g}s"


ORDERED = {"x-single-active-consumer": True}
SAFE = {
    "x-queue-type": "quorum",
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",  # at-least-once dead-lettering asks for it
}


def _bindings(queue: str, types: Sequence[str], back: str) -> tuple[tuple[str, str], ...]:
    return (*((EVENTS, name) for name in types), (back, queue))
