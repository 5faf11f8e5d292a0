"""Facts, the envelope they travel in, and the aggregates whose decisions make them true.

An envelope is a CloudEvent 1.0 in structured JSON, one shape everywhere: the fact in the outbox, the message body and
the parked message are the same JSON. A fact's ``type`` is its wire name ``<service>.<thing>.<past verb>.v<N>``: the
CloudEvents ``type``, the routing key, the contract's file name.

A decision is a plain ``def`` that takes an aggregate and returns ``(after, facts)``. It is pure, without clock, random
or I/O, and may be run again after a write conflict.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, Self, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from infra.kernel import clock
from infra.kernel.errors import Unreadable, first_fault
from infra.kernel.json_tree import canonical
from infra.kernel.values import Value

CONTENT_TYPE = "application/cloudevents+json"


class Fact(Value):
    """Something that happened, named in the past tense; a reader keeps its own narrow copy and ignores the rest."""

    model_config = ConfigDict(defer_build=True)

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
    ``expected_version`` is the one that the caller decided on (None = whatever it is by now).
    """

    id: str
    at: datetime
    correlation: str
    causation: str | None = None
    traceparent: str | None = None
    fingerprint: str | None = None
    expected_version: int | None = None

    @classmethod
    def of(cls, subject: str, *step: object, at: datetime | None = None, causation: str | None = None) -> Self:
        """A cause of our own: a step of what is done about ``subject``, so named that a repetition meets itself."""
        return cls(_name(subject, *step), at or clock.now(), subject, causation)

    def step(self, *names: object, at: datetime | None = None) -> Self:
        """A part of what this cause does: the same cause under an id of its own."""
        part = _name(self.id, *names)
        return replace(self, id=part, at=at or self.at, fingerprint=None, expected_version=None)


class Event(BaseModel, Generic[F]):
    """One fact in its CloudEvents envelope. ``sequence`` is the version of the subject that the fact made true."""

    model_config = ConfigDict(frozen=True, extra="allow", defer_build=True)

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    type: str = Field(min_length=1)
    subject: str | None = None
    time: AwareDatetime = Field(default_factory=lambda: clock.now())  # noqa: PLW0108 - asked late: a test may lead the clock
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


class _AnyFact(Fact):
    """Any data: the envelope is looked at before its content."""


_Envelope = Event[_AnyFact]


def read(body: bytes, known: Mapping[str, tuple[type[Fact], Any]]) -> Event[Any]:
    """The event in a message body; raises ``Unreadable`` with a reason for a person."""
    try:
        envelope = _Envelope.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable(f"not a CloudEvents 1.0 envelope: {first_fault(error)}") from error
    if envelope.type not in known:
        known_here = ", ".join(sorted(known)) or "nothing"
        raise Unreadable(f"no handler for type {envelope.type!r}; consumed here: {known_here}")
    fact, _ = known[envelope.type]
    try:
        return Event[fact].model_validate_json(body)  # type: ignore[valid-type]
    except ValidationError as error:
        raise Unreadable(f"{envelope.type} does not fit what this service reads: {first_fault(error)}") from error


def _name(*parts: object) -> str:
    return "#".join(map(str, parts))


def digest(envelope: dict[str, Any]) -> str:
    """SHA-256 of an envelope's canonical JSON; the next fact of the same aggregate carries it as ``previoushash``."""
    return hashlib.sha256(canonical(envelope)).hexdigest()


class Aggregate(Value):
    """A thing that changes as a whole: one document, one version number.

    ``version`` counts the writes (0 = not yet stored) and is kept by the store, never by a decision.
    """

    model_config = ConfigDict(defer_build=True)

    id: str
    version: int = 0

    def becomes(self, **changes: Any) -> Self:  # noqa: ANN401 - field values of any type
        """Return a changed copy that was validated (pydantic's ``model_copy(update=…)`` accepts invalid values)."""
        return type(self).model_validate({**dict(self), **changes})

    def answer(self) -> dict[str, Any]:
        """Return what a command's caller gets besides id and version; kept with the cause, so keep it small."""
        state = getattr(self, "state", None)
        return {} if state is None else {"state": state}


A = TypeVar("A", bound=Aggregate)
Decision: TypeAlias = tuple[A, Sequence[Fact]]
"""The changed aggregate and the facts that the change makes true."""
