"""CloudEvents 1.0 as other departments send them over RabbitMQ: structured JSON, or binary with ``ce-`` headers.

The binding follows the RabbitMQ protocol binding of CloudEvents; ``cloudEvents:`` and ``cloudEvents_``, the prefixes
of the AMQP 1.0 binding, are read as well. Data are JSON: rules look into them. Nothing is invented: an event without an
id is unreadable, for it could not be recognised when it comes again.
"""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AwareDatetime, BeforeValidator, Field, JsonValue, ValidationError

from infra.kernel.errors import Unreadable, first_fault
from infra.kernel.json_tree import unstorable
from infra.kernel.values import Closed

PREFIXES = ("ce-", "ce_", "cloudevents:", "cloudevents_")
DEEPEST = 40
LARGEST = 500_000
"""Bytes of a body that are read at all: reading stops everything else in the process, a tenth of a second at most."""
Attribute = str | int | bool | None


def _written(value: object) -> object:
    """A moment is written out; a number would be read as the seconds of an epoch that nobody meant."""
    if not isinstance(value, str | datetime):
        raise ValueError("a moment is text, such as 2026-06-26T09:00:00+08:00")  # noqa: TRY004 - for pydantic
    return value


EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)  # beyond: no zone can be changed
Time = Annotated[AwareDatetime, BeforeValidator(_written), Field(ge=EARLIEST, lt=LATEST)]


class Foreign(Closed):
    """One event of another department as it was sent; ``extensions`` are attributes beyond the standard's own."""

    specversion: Literal["1.0"]
    id: str = Field(min_length=1, max_length=300)
    source: str = Field(min_length=1, max_length=300)
    type: str = Field(min_length=1, max_length=200)
    subject: str | None = Field(default=None, min_length=1, max_length=300)
    time: Time | None = None
    datacontenttype: str | None = None
    dataschema: str | None = None
    extensions: dict[str, Attribute] = {}  # noqa: RUF012 - pydantic copies it
    data: JsonValue = None

    def envelope(self) -> dict[str, JsonValue]:
        """The event as structured JSON, whatever mode it came in."""
        own = self.model_dump(mode="json", exclude={"extensions"}, exclude_none=True)
        return {**own, **self.extensions}


def read(body: bytes, headers: Mapping[str, Any], content_type: str | None) -> Foreign:
    """Read an event in either mode; raises ``Unreadable`` with a reason for its sender."""
    if len(body) > LARGEST:
        raise Unreadable(f"larger than {LARGEST} bytes")
    attributes: dict[str, Any] = {}
    for name, value in headers.items():
        prefix = next((one for one in PREFIXES if name.lower().startswith(one)), None)
        if prefix:
            attributes[name[len(prefix) :].lower()] = value.isoformat() if isinstance(value, datetime) else value
    if not attributes or (content_type or "").lower().startswith("application/cloudevents"):
        return structured(_json(body))
    data = {"data": _json(body)} if body else {}
    return structured({**attributes, **({"datacontenttype": content_type} if content_type else {}), **data})


def ordering_key(body: bytes, headers: Mapping[str, Any], content_type: str | None) -> str:
    """What keeps its order: the subject of one source; what is unreadable or without a subject waits for nobody."""
    try:
        event = read(body, headers, content_type)
    except Unreadable:
        return uuid.uuid4().hex
    return f"{event.source}#{event.subject or event.id}"


def structured(envelope: JsonValue) -> Foreign:
    """The event in a JSON envelope; raises ``Unreadable``."""
    if not isinstance(envelope, dict):
        raise Unreadable("a CloudEvent is a JSON object, one in each message")
    named = {name: value for name, value in envelope.items() if name in Foreign.model_fields and name != "extensions"}
    others = {name: value for name, value in envelope.items() if name not in named}
    if "data_base64" in others:
        raise Unreadable("data_base64: data must be JSON here")
    try:
        event = Foreign.model_validate({**named, "extensions": others})
    except ValidationError as error:
        raise Unreadable(f"not a CloudEvents 1.0 event: {first_fault(error)}") from error
    for fault in unstorable(event.envelope(), deepest=DEEPEST):
        raise Unreadable(f"{fault.field or 'the event'}: {fault.en}")
    return event


def _json(body: bytes) -> JsonValue:
    try:
        return json.loads(body, parse_constant=_no_number)  # type: ignore[no-any-return]
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the body is no JSON in UTF-8: {error}") from error


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
