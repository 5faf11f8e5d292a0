"""Parked messages: what could not be worked off, kept with its reason and stack until a person decides.

Nothing here is ever dropped: one that was redriven or dismissed keeps its entry, marked with the time
(``infra.ops.redrive``).
"""

import asyncio
import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from infra.kernel import clock
from infra.kernel.cloudevents import PREFIXES
from infra.kernel.telemetry import PARKED_OPEN
from infra.storage.collections import ImmutableCollection
from infra.storage.mongo import Mongo

ATTEMPT, REASON, STACK, ORIGIN = "x-attempt", "x-reason", "x-stack", "x-origin"
ROUTE = "brandmatrix-routing-key"
"""Where a retried or parked message of another department keeps the routing key that it came with."""
OPEN = {"redriven_at": None, "dismissed_at": None}
"""Which parked messages wait for a person."""
COUNT_SECONDS = 5.0


def sent(headers: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The headers of a message as another department sent it under this routing key.

    What it put there under names of ours does not count: it could send itself to another queue, or speak for another.
    """
    return {name: value for name, value in headers.items() if not name.lower().startswith("x-")} | {ROUTE: key}


def early(headers: Mapping[str, Any], key: str, queue: str) -> dict[str, Any]:
    """The headers of one that the broker put aside from the queue before anybody saw it, with the broker's reason."""
    reason = str(headers.get("x-first-death-reason") or "put aside by the broker")[:100]
    return {**sent(headers, key), ORIGIN: queue, REASON: reason}


class ParkedMessage(BaseModel):
    """One message as it arrived. ``body`` is text where it is UTF-8, else base64 with ``encoded`` set."""

    id: str
    at: datetime = Field(default_factory=clock.now)
    origin: str
    reason: str
    stack: str = ""
    body: str
    encoded: bool = False
    message_id: str | None = None
    content_type: str | None = None
    headers: dict[str, Any] = Field(default_factory=dict)
    redriven_at: datetime | None = None
    dismissed_at: datetime | None = None
    dismissed_because: str = ""

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, Any], **fields: str | None) -> Self:
        """Describe a message; its id follows from queue and content, so that a redelivery is no second entry.

        What our own consumer put aside names its queue and reason; what the broker dead-lettered has the broker's.
        """
        origin = str(headers.get(ORIGIN) or headers.get("x-first-death-queue") or "unknown")
        try:
            text, encoded = body.decode(), False
        except UnicodeDecodeError:
            text, encoded = base64.b64encode(body).decode(), True
        ours = (*PREFIXES, ROUTE)
        own = sorted((name, str(value)) for name, value in headers.items() if name.lower().startswith(ours))
        whole = [origin.encode(), body, *([repr(own).encode()] if own else [])]  # in binary mode they are the event
        return cls.model_validate(
            {
                "id": hashlib.sha256(b"\0".join(whole)).hexdigest()[:24],
                "origin": origin,
                "reason": str(headers.get(REASON) or headers.get("x-first-death-reason") or "unknown"),
                "stack": str(headers.get(STACK, "")),
                "body": text,
                "encoded": encoded,
                "headers": {name: str(value) for name, value in headers.items() if name not in {REASON, STACK}},
                **fields,
            }
        )

    @property
    def content(self) -> bytes:
        """The body as it arrived."""
        return base64.b64decode(self.body) if self.encoded else self.body.encode()


class Parked(ImmutableCollection[ParkedMessage]):
    """The parked messages of one service."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "parked", ParkedMessage)

    async def save(self, things: Sequence[ParkedMessage]) -> None:
        """Add messages; one that was redriven or dismissed and comes again is open again, with its newest reason."""
        for thing in things:
            row = thing.model_dump(exclude={"id"})
            await self._collection.update_one({"_id": thing.id}, {"$set": row}, upsert=True)

    async def watch(self) -> None:
        """Count those that wait for a person, for the metrics: the operator's commands are processes of their own."""
        while True:
            PARKED_OPEN.set(await self.count(OPEN))
            await asyncio.sleep(COUNT_SECONDS)
