"""Facts and the envelope they travel in: CloudEvents 1.0, structured JSON, one shape everywhere.

The pending fact, the message body, the parked message and the log line are the same JSON. A fact's ``type`` is its
wire name ``<service>.<thing>.<past verb>.v<N>``: the CloudEvents ``type``, the routing key, the contract's file name.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

CONTENT_TYPE = "application/cloudevents+json"


class Fact(BaseModel):
    """Something that happened, named in the past tense; a reader keeps its own narrow copy and ignores the rest."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    type: ClassVar[str]
    about: ClassVar[str]
    """The name of the field that holds the id of the thing this is about (CloudEvents ``subject``)."""

    @property
    def subject(self) -> str:
        """The id of the thing this fact is about."""
        return str(getattr(self, self.about))


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Cause:
    """Why a write happens: the command or event behind it, for idempotency, correlation and causation.

    ``id`` recognises a repetition, ``fingerprint`` a repetition with other content (None = not compared).
    """

    id: str
    at: datetime
    correlation: str
    causation: str | None = None
    traceparent: str | None = None
    fingerprint: str | None = None


class Event(BaseModel, Generic[F]):
    """One fact in its CloudEvents envelope. ``sequence`` is the version of the subject that the fact made true."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    type: str = Field(min_length=1)
    subject: str | None = None
    time: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))
    datacontenttype: str = "application/json"
    data: F
    correlationid: str | None = None
    causationid: str | None = None
    traceparent: str | None = None
    sequence: int = 0
    previoushash: str | None = None

    @property
    def cause(self) -> Cause:
        """This event as the cause of what its reader writes; (source, id) is what CloudEvents calls unique."""
        return Cause(
            id=f"{self.source}#{self.id}",
            at=self.time,
            correlation=self.correlationid or self.id,
            causation=self.id,
            traceparent=self.traceparent,
        )


def digest(envelope: dict[str, Any]) -> str:
    """SHA-256 of an envelope's canonical JSON; the next fact of the same aggregate carries it as ``previoushash``."""
    canonical = json.dumps(envelope, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
