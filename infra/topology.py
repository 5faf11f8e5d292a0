"""The exchanges and queues, as data: every argument is stated, so that all RabbitMQ versions build the same thing.

::

    brand.events (topic) ──> <service>.decisions, <service>.mirrors ──> handlers
         │ nobody hears it                │ failed: published with its attempt number
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
KEPT = 100_000
"""Facts nobody hears are kept for a look; they stay in their owner's journal, so the oldest may go."""
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
    queues: tuple[Queue, ...]

    @property
    def decisions(self) -> Queue:
        """The queue whose facts are worked off in order for each subject."""
        return self.queues[0]

    @property
    def mirrors(self) -> Queue:
        """The queue whose facts are mirrored in batches, in any order."""
        return self.queues[1]

    @property
    def parked(self) -> Queue:
        """The queue on the way to the collection of parked messages."""
        return self.queues[2]

    @property
    def departments(self) -> Queue | None:
        """The queue of what other departments publish, where the service listens to them."""
        return next((queue for queue in self.queues if queue.name == f"{self.service}.departments"), None)

    @property
    def consumed(self) -> tuple[Queue, ...]:
        """Every queue that this service works off."""
        return (*self.queues[:3], *([self.departments] if self.departments else []))


def of(
    service: str,
    decisions: Sequence[str],
    mirrors: Sequence[str],
    delays: Sequence[float],
    departments: Sequence[str] = (),
) -> Topology:
    """The topology of a service that hears these types, with one waiting queue for each delay (in seconds).

    ``departments`` are the routing keys (``*`` and ``#`` allowed) of what it takes from other departments.
    """
    back, parked = f"{service}.return", f"{service}.parked"
    lost = {"x-dead-letter-exchange": parked, **SAFE}
    working = {**lost, "x-delivery-limit": BROKER_DELIVERY_LIMIT}
    names = (f"{service}.decisions", f"{service}.mirrors")
    waits = [retry(service, delay) for delay in delays]
    inbound = f"{service}.departments"
    foreign = (*((DEPARTMENTS, key) for key in departments), (back, inbound))
    return Topology(
        service,
        exchanges=(
            Exchange(UNROUTED, "fanout"),
            Exchange(EVENTS, "topic", {"alternate-exchange": UNROUTED}),
            *([Exchange(DEPARTMENTS, "topic", {"alternate-exchange": UNROUTED})] if departments else []),
            Exchange(back, "direct"),
            Exchange(parked, "fanout"),
            *(Exchange(name, "fanout") for name in waits),
        ),
        queues=(
            Queue(names[0], _heard(names[0], decisions, back), working | ORDERED),
            Queue(names[1], _heard(names[1], mirrors, back), working),
            Queue(parked, ((parked, ""),), {"x-queue-type": "quorum", "x-delivery-limit": NEVER}),
            *([Queue(inbound, foreign, working | ORDERED)] if departments else []),
            Queue(
                UNROUTED,
                ((UNROUTED, ""),),
                {"x-queue-type": "quorum", "x-max-length": KEPT, "x-overflow": "drop-head"},
            ),
            *(
                Queue(name, ((name, ""),), {"x-message-ttl": int(delay * 1000), "x-dead-letter-exchange": back, **SAFE})
                for name, delay in zip(waits, delays, strict=True)
            ),
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


def _heard(queue: str, types: Sequence[str], back: str) -> tuple[tuple[str, str], ...]:
    return (*((EVENTS, name) for name in types), (back, queue))
