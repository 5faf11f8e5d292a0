"""The envelope is a valid CloudEvents 1.0 event in both directions (the official SDK is the judge), chained by hash."""

import json
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from infra.kernel.events import Event, Fact, digest
from infra.storage.store import Document
from tests.support.harness import envelopes as wire
from tests.support.harness.tally import Counted

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


def published(counter: str = "a", total: int = 3, **cause: str | None) -> Document:
    """A fact in the envelope in which it is stored and told."""
    return wire.envelopes(
        Counted(counter=counter, total=total), version=3, chain="0" * 64, cause=wire.because(**cause)
    )[0]


def read(envelope: Document) -> Event[Counted]:
    """The event that a reader makes of it."""
    return Event[Counted].model_validate_json(wire.body(envelope))


def test_the_official_sdk_reads_what_we_tell() -> None:
    sent = published()
    event = JSONFormat().read(CloudEvent, wire.body(sent))
    assert (event.get_id(), event.get_source(), event.get_type()) == (sent["id"], "brandmatrix/tally", Counted.type)
    assert (event.get_subject(), event.get_specversion(), event.get_datacontenttype()) == (
        "a",
        "1.0",
        "application/json",
    )
    assert event.get_data() == {"counter": "a", "total": 3, "step": 1}
    time = event.get_time()
    assert time is not None
    assert abs((datetime.now(UTC) - time).total_seconds()) < 60
    assert {name: event.get_extension(name) for name in EXTENSIONS} == EXTENSIONS


EXTENSIONS = {
    "correlationid": "c1",
    "causationid": "e0",
    "traceparent": wire.TRACE,
    "sequence": 3,
    "previoushash": "0" * 64,
}


def test_we_read_what_the_official_sdk_writes() -> None:
    now = datetime(2026, 3, 2, 1, 0, 0, 123000, tzinfo=UTC)
    attributes = {"id": "7", "source": "//hr.example/1", "type": Counted.type, "time": now, "tenant": "x"}
    body = JSONFormat().write(CloudEvent(attributes, {"counter": "a", "total": 1, "unknown": [1]}))
    event = Event[Counted].model_validate_json(body)
    assert (event.id, event.source, event.time) == ("7", "//hr.example/1", now)
    assert event.data == Counted(counter="a", total=1)
    assert event.model_dump()["tenant"] == "x", "an extension of another system is kept"


@given(counter=TEXT, total=st.integers(), correlation=TEXT)
def test_what_is_told_is_what_is_read_and_valid_whatever_it_says(counter: str, total: int, correlation: str) -> None:
    sent = published(counter, total, correlation=correlation)
    event = read(sent)
    assert (event.data, event.subject) == (Counted(counter=counter, total=total), counter)
    assert (event.correlationid, event.sequence, event.id) == (correlation, 3, sent["id"])
    assert JSONFormat().read(CloudEvent, wire.body(sent)).get_data() == sent["data"]


@pytest.mark.parametrize(
    "broken",
    [
        {"id": ""},
        {"id": None},
        {"source": ""},
        {"type": ""},
        {"specversion": "0.3"},
        {"time": "yesterday"},
        {"time": "2026-03-02T01:00:00"},
        {"data": None},
    ],
    ids=str,
)
def test_what_is_no_cloudevent_is_refused(broken: Document) -> None:
    with pytest.raises(ValidationError):
        read(published() | broken)


def test_absent_attributes_are_left_out_and_null_in_the_data_is_told() -> None:
    sent = wire.envelopes(Remark(thing="a", remark=None), cause=wire.because(causation=None, traceparent=None))[0]
    assert not {"causationid", "traceparent", "previoushash"} & sent.keys()
    assert sent["data"] == {"thing": "a", "remark": None}


class Remark(Fact):
    """A fact with something that may be unknown."""

    type: ClassVar[str] = "tally.thing.remarked.v1"
    about: ClassVar[str] = "thing"
    thing: str
    remark: str | None


def test_a_cause_is_what_cloudevents_calls_unique_and_keeps_the_correlation() -> None:
    sent = published() | {"id": "e1"}
    cause = read(sent).cause
    assert (cause.id, cause.correlation, cause.causation) == ("brandmatrix/tally#e1", "c1", "e1")
    assert (cause.traceparent, cause.at) == (wire.TRACE, read(sent).time)
    assert read(sent | {"source": "brandmatrix/other"}).cause.id != cause.id
    assert read(sent | {"correlationid": None}).cause.correlation == "e1", "an event without one starts its own"


def test_the_subject_of_a_fact_is_the_thing_it_is_about() -> None:
    assert Counted(counter="a", total=1).subject == "a"


LEAVES: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
ENVELOPES = st.dictionaries(st.text(max_size=3), LEAVES | st.dictionaries(st.text(max_size=3), LEAVES, max_size=2))
few = settings(max_examples=40)


@few
@given(ENVELOPES)
def test_the_hash_of_an_envelope_does_not_depend_on_the_order_of_its_names(envelope: dict[str, Any]) -> None:
    assert digest(dict(reversed(envelope.items()))) == digest(envelope)
    assert digest(json.loads(json.dumps(envelope))) == digest(envelope), "nor on a stay in a database"


@few
@given(ENVELOPES, ENVELOPES)
def test_different_envelopes_have_different_hashes(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (digest(one) == digest(other)) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


@given(st.integers(0, 4))
def test_a_fact_changed_afterwards_breaks_the_chain_at_its_successor(changed: int) -> None:
    chain = wire.envelopes(*(Counted(counter="a", total=total) for total in range(5)))
    assert [chain[n]["previoushash"] for n in range(1, 5)] == [digest(chain[n - 1]) for n in range(1, 5)]
    chain[changed]["data"] = {"total": 99}
    broken = [n for n in range(1, 5) if chain[n]["previoushash"] != digest(chain[n - 1])]
    assert broken == ([changed + 1] if changed < 4 else [])
