"""Parked messages: what could not be worked off, kept with its reason and stack until a person decides.

Nothing here is ever dropped: a redriven message keeps its entry, marked with the time.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from infra.collection import Shelf
from infra.mongo import Mongo
from infra.publisher import Publisher, Unpublished

ATTEMPT, REASON, STACK, ORIGIN = "x-attempt", "x-reason", "x-stack", "x-origin"


class ParkedMessage(BaseModel):
    """One message as it arrived. ``body`` is text where it is UTF-8, else base64 with ``encoded`` set."""

    id: str
    at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    origin: str
    reason: str
    stack: str = ""
    body: str
    encoded: bool = False
    message_id: str | None = None
    content_type: str | None = None
    headers: dict[str, Any] = Field(default_factory=dict)
    redriven_at: datetime | None = None

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
        return cls.model_validate(
            {
                "id": hashlib.sha256(origin.encode() + b"\0" + body).hexdigest()[:24],
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


class Parked(Shelf[ParkedMessage]):
    """The parked messages of one service."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "parked", ParkedMessage)

    async def keep(self, things: Sequence[ParkedMessage]) -> None:
        """Add messages; one that was redriven and failed again is open again, with its newest reason."""
        for thing in things:
            row = thing.model_dump(exclude={"id"})
            await self._collection.update_one({"_id": thing.id}, {"$set": row}, upsert=True)

    async def open(self, limit: int = 100) -> list[ParkedMessage]:
        """Those that nobody has redriven yet, oldest first."""
        return await self.find({"redriven_at": None}, sort=[("at", 1)], limit=limit)

    async def redrive(self, message: ParkedMessage, publisher: Publisher, service: str) -> None:
        """Send it to the queue it came from with its attempts counted anew; raises ``Unpublished``.

        It is marked first: a message that fails again at once is then open again, never hidden by a late mark.
        """
        await self._mark(message, datetime.now(UTC))
        try:
            await publisher.publish(
                f"{service}.return",
                message.origin,
                message.content,
                message_id=message.message_id,
                content_type=message.content_type,
                headers={name: value for name, value in message.headers.items() if not name.startswith("x-")},
            )
        except Unpublished:
            await self._mark(message, None)
            raise

    async def _mark(self, message: ParkedMessage, at: datetime | None) -> None:
        await self._collection.update_one({"_id": message.id}, {"$set": {"redriven_at": at}})
