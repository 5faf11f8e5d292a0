"""The envelope is a valid CloudEvents 1.0 event in both directions (the official SDK is the judge), chained by hash."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from infra.events import Event, digest
from tests.support.tally import Counted

NOW = datetime(2026, 3, 2, 1, 0, 0, 123000, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


def event(**more: Any) -> Event[Counted]:  # noqa: ANN401 - attribute values of any type
    """An event with every attribute that ours ever carry."""
    attributes: dict[str, Any] = {
        "id": "e1",
        "source": "brandmatrix/tally",
        "type": Counted.type,
        "subject": "a",
        "time": NOW,
        "data": Counted(counter="a", total=3),
        "correlationid": "c1",
        "causationid": "e0",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "sequence": 3,
        "previoushash": "0" * 64,
    }
    return Event[Counted].model_validate(attributes | more)


def test_the_official_sdk_reads_what_we_tell() -> None:
    read = JSONFormat().read(CloudEvent, event().body())
    assert (read.get_id(), read.get_source(), read.get_type()) == ("e1", "brandmatrix/tally", Counted.type)
    assert (read.get_subject(), read.get_time(), read.get_specversion()) == ("a", NOW, "1.0")
    assert read.get_data() == {"counter": "a", "total": 3, "step": 1}
    assert {name: read.get_extension(name) for name in ("correlationid", "causationid", "sequence")} == {
        "correlationid": "c1",
        "causationid": "e0",
        "sequence": 3,
    }


def test_we_read_what_the_official_sdk_writes() -> None:
    attributes = {"id": "7", "source": "//hr.example/1", "type": Counted.type, "time": NOW, "tenant": "x"}
    body = JSONFormat().write(CloudEvent(attributes, {"counter": "a", "total": 1, "unknown": [1]}))
    read = Event[Counted].model_validate_json(body)
    assert (read.id, read.source, read.time, read.data) == ("7", "//hr.example/1", NOW, Counted(counter="a", total=1))
    assert read.model_dump()["tenant"] == "x", "an extension of another system is kept"


@given(identity=TEXT, subject=TEXT, counter=TEXT, total=st.integers(), extension=TEXT)
def test_reading_what_was_told_gives_the_same_event(
    identity: str, subject: str, counter: str, total: int, extension: str
) -> None:
    told = event(id=identity, subject=subject, data=Counted(counter=counter, total=total), tenant=extension)
    assert Event[Counted].model_validate_json(told.body()) == told
    assert JSONFormat().read(CloudEvent, told.body()).get_id() == identity


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
def test_what_is_no_cloudevent_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Event[Counted].model_validate_json(json.dumps({**json.loads(event().body()), **broken}))


def test_absent_attributes_are_left_out_not_told_as_null() -> None:
    assert b"null" not in event(causationid=None, traceparent=None, previoushash=None).body()


def test_a_cause_is_what_cloudevents_calls_unique_and_keeps_the_correlation() -> None:
    cause = event().cause
    assert (cause.id, cause.correlation, cause.causation) == ("brandmatrix/tally#e1", "c1", "e1")
    assert event(source="brandmatrix/other").cause.id != cause.id
    assert event(correlationid=None).cause.correlation == "e1", "an event without one starts its own"


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
    chain: list[dict[str, Any]] = []
    for total in range(5):
        link = {"previoushash": digest(chain[-1])} if chain else {}
        chain.append({"data": {"total": total}, **link})
    chain[changed]["data"] = {"total": 99}
    broken = [n for n in range(1, 5) if chain[n]["previoushash"] != digest(chain[n - 1])]
    assert broken == ([changed + 1] if changed < 4 else [])
