"""Other departments' events: both modes read alike; what cannot be kept or recognised again is refused."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings import rabbitmq
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from infra.kernel.cloudevents import LARGEST, Foreign, ordering_key, read
from infra.kernel.errors import Unreadable
from infra.kernel.events import CONTENT_TYPE

ATTRIBUTES: dict[str, Any] = {
    "id": "e-1",
    "source": "/safety/system",
    "type": "safety.incident.recorded",
    "subject": "gate-3",
    "time": datetime(2026, 5, 1, 8, 30, tzinfo=UTC),
    "datacontenttype": "application/json",
    "shift": "night",
}
DATA = {"department": "营运操作部", "injured": 0}
SENT = {**ATTRIBUTES, "specversion": "1.0", "time": "2026-05-01T08:30:00Z", "data": DATA}


def body(**changes: object) -> bytes:
    """A structured event; a value of None leaves the attribute out."""
    return json.dumps({name: value for name, value in (SENT | changes).items() if value is not None}).encode()


@pytest.mark.parametrize("make", [rabbitmq.to_binary_event, rabbitmq.to_structured_event])
def test_what_the_official_library_sends_in_either_mode_is_the_same_event(make: Callable[[CloudEvent], Any]) -> None:
    message = make(CloudEvent(dict(ATTRIBUTES), dict(DATA)))
    event = read(message.body, message.headers, message.content_type)
    assert (event.id, event.source, event.type, event.subject) == ("e-1", "/safety/system", SENT["type"], "gate-3")
    assert (event.time, event.data, event.extensions) == (ATTRIBUTES["time"], DATA, {"shift": "night"})


def test_the_envelope_of_a_binary_event_reads_as_the_same_event() -> None:
    message = rabbitmq.to_binary_event(CloudEvent(dict(ATTRIBUTES), dict(DATA)))
    event = read(message.body, message.headers, message.content_type)
    assert read(json.dumps(event.envelope()).encode(), {}, CONTENT_TYPE) == event


@pytest.mark.parametrize("prefix", ["ce-", "ce_", "cloudEvents:", "cloudEvents_", "CE-"])
def test_every_documented_prefix_is_read(prefix: str) -> None:
    named = {f"{prefix}{name}": value for name, value in SENT.items() if name not in {"data", "datacontenttype"}}
    assert read(json.dumps(DATA).encode(), named, "application/json").data == DATA


@pytest.mark.parametrize("content_type", [CONTENT_TYPE, f"{CONTENT_TYPE}; charset=utf-8", None, "application/json"])
def test_a_structured_event_needs_no_exact_content_type(content_type: str | None) -> None:
    assert read(body(), {}, content_type).id == "e-1"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (body(id=None), "id"),
        (body(id=""), "id"),
        (body(source=None), "source"),
        (body(type=None), "type"),
        (body(specversion="0.3"), "specversion"),
        (body(time="yesterday"), "time"),
        (body(time="2026-05-01T08:30:00"), "time"),
        (body(time=1_777_624_200), "time"),
        (body(time="9999-12-31T23:59:59-23:00"), "time"),
        (body(time="0001-01-01T00:00:00+14:00"), "time"),
        (body(shift={"a": 1}), "extensions"),
        (body(data_base64="AAEC"), "data_base64"),
        (b"[]", "object"),
        (b'"text"', "object"),
        (b"\xff\xfe", "UTF-8"),
        (b"{", "JSON"),
        (b"", "JSON"),
        (b'{"data": NaN}', "NaN"),
        (b"[" * 100_000, "JSON"),
        (body(data={"big": 2**63}), "64 bits"),
        (body(data={"half": "\ud800"}), "character"),
        (body(data={"nu\0ll": 1}), "character"),
        (body(data=0).replace(b'"data": 0', b'"data": 1e999'), "number"),
        (body(data="x" * LARGEST), "larger"),
        (body(data=json.loads("[" * 45 + "]" * 45)), "levels"),
    ],
)
def test_what_is_no_event_is_refused_with_its_reason(sent: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(sent, {}, CONTENT_TYPE)


@given(
    st.binary() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_no_bytes_make_it_fail_in_another_way(sent: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(read(sent, {"ce-id": 7, "ce-time": datetime.now(UTC)}, None), Foreign)


def test_one_subject_of_one_source_keeps_its_order_and_the_unreadable_waits_for_nobody() -> None:
    assert (
        ordering_key(body(), {}, None)
        == ordering_key(body(id="e-2"), {}, None)
        != ordering_key(body(source="/other"), {}, None)
    )
    assert ordering_key(b"{", {}, None) != ordering_key(b"{", {}, None)
