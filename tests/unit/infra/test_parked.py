"""A parked message keeps what arrived, byte for byte; the same message in the same queue is one entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.messaging.parked import ORIGIN, REASON, ROUTE, STACK, ParkedMessage, early, sent

HEADERS = {ORIGIN: "review.decisions", REASON: "KeyError: a", STACK: "Traceback", "x-attempt": 2, "traceparent": "00"}


@given(st.binary())
def test_the_body_comes_back_as_it_arrived(body: bytes) -> None:
    kept = ParkedMessage.of(body, HEADERS)
    assert kept.content == body
    assert ParkedMessage.model_validate_json(kept.model_dump_json()).content == body


def test_text_stays_readable_for_a_person() -> None:
    assert ParkedMessage.of('{"name":"三心"}'.encode(), HEADERS).body == '{"name":"三心"}'
    assert ParkedMessage.of(b"\xff", HEADERS).encoded


def test_a_redelivery_is_no_second_entry() -> None:
    again = HEADERS | {"x-attempt": 3, REASON: "another reason"}
    assert ParkedMessage.of(b"body", HEADERS).id == ParkedMessage.of(b"body", again).id


MESSAGE = st.tuples(st.sampled_from(["review.decisions", "review.mirrors"]), st.binary(max_size=3))


@given(MESSAGE, MESSAGE)
def test_another_body_or_another_queue_is_another_entry(one: tuple[str, bytes], other: tuple[str, bytes]) -> None:
    ids = [ParkedMessage.of(body, {ORIGIN: queue}).id for queue, body in (one, other)]
    assert (ids[0] == ids[1]) is (one == other)


def test_two_events_of_another_department_with_the_same_data_are_two_entries() -> None:
    one, other = (ParkedMessage.of(b"{}", sent({"ce-id": number}, "safety.x")) for number in "12")
    assert one.id != other.id
    again = sent({"ce-id": "1"}, "safety.x") | {"x-attempt": 3, "traceparent": "00"}
    assert ParkedMessage.of(b"{}", again).id == one.id
    assert ParkedMessage.of(b"{}", sent({"ce-id": "1"}, "safety.y")).id != one.id


def test_what_a_department_puts_under_names_of_ours_does_not_count() -> None:
    forged = {"X-Origin": "review.decisions", REASON: "r", STACK: "s", "x-attempt": 9, ROUTE: "audit.x", "ce-id": "1"}
    assert sent(forged, "safety.x") == {"ce-id": "1", ROUTE: "safety.x"}
    kept = ParkedMessage.of(b"", early(forged, "safety.x", "activities.departments"))
    assert (kept.origin, kept.headers[ROUTE]) == ("activities.departments", "safety.x")


def test_reason_stack_and_origin_are_kept_apart_from_the_headers() -> None:
    kept = ParkedMessage.of(b"", HEADERS, message_id="m", content_type="text/plain")
    assert (kept.origin, kept.reason, kept.stack) == ("review.decisions", "KeyError: a", "Traceback")
    assert kept.headers == {ORIGIN: "review.decisions", "x-attempt": "2", "traceparent": "00"}
    assert (kept.message_id, kept.content_type, kept.redriven_at) == ("m", "text/plain", None)


@pytest.mark.parametrize(
    ("headers", "origin", "reason"),
    [
        ({"x-first-death-queue": "q", "x-first-death-reason": "delivery_limit"}, "q", "delivery_limit"),
        ({}, "unknown", "unknown"),
    ],
    ids=["by the broker", "by nobody we know"],
)
def test_what_the_broker_gave_up_is_described_too(headers: dict[str, str], origin: str, reason: str) -> None:
    kept = ParkedMessage.of(b"body", headers)
    assert (kept.origin, kept.reason) == (origin, reason)
