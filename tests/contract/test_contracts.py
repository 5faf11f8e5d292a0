"""What is told and what is read agree: recorded shapes, readers' copies and the generated catalogue."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from infra.contracts import catalogue as contracts
from tests.support.harness import envelopes as wire

ROOT = Path(__file__).parents[2]
PUBLISHED = contracts.catalogue()
Json = dict[str, Any]


def test_every_told_fact_keeps_its_recorded_shape_and_every_reader_fits_it() -> None:
    assert contracts.check(ROOT) == []


def test_exactly_the_told_facts_are_recorded() -> None:
    recorded = {path.stem: path.parent.parent.name for path in ROOT.glob("services/*/contracts/*.json")}
    assert recorded == {entry.type: entry.service for entry in PUBLISHED}


def test_what_is_generated_is_fresh() -> None:
    generated = contracts.generated().items()
    stale = [name for name, text in generated if not (ROOT / name).exists() or (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "run make contracts and review what changed"


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.type)
def test_a_name_says_owner_thing_what_happened_and_version(entry: contracts.PublishedFact) -> None:
    assert re.fullmatch(rf"{entry.service}\.[a-z_]+\.[a-z_]+\.v[1-9]\d*", entry.type)


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.type)
def test_every_example_travels_as_a_cloudevent(entry: contracts.PublishedFact) -> None:
    read = JSONFormat().read(CloudEvent, wire.body(wire.envelopes(entry.example)[0]))
    assert (read.get_type(), read.get_subject()) == (entry.type, entry.example.subject)
    assert read.get_data() == entry.contract["example"]


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: entry.type)
def test_the_catalogue_says_when_by_whom_and_for_whom(entry: contracts.PublishedFact) -> None:
    assert (type(entry.example).__doc__ or "").strip()
    section = (ROOT / "docs" / "events.md").read_text(encoding="utf-8").partition(f"## `{entry.type}`")[2]
    assert f"Published by **{entry.service}**" in section.partition("\n## ")[0]


def test_no_sentence_of_the_catalogue_is_indented_and_so_shown_as_code() -> None:
    page = re.sub(r"```json\n.*?```", "", (ROOT / "docs" / "events.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [line for line in page.splitlines() if line.startswith(" ")] == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contracts as the code of today would record them; who changes one puts it back."""
    place = tmp_path_factory.mktemp("contracts")
    assert len(contracts.write(place)) == len(contracts.generated())
    return place


def lost(contract: Json) -> None:
    contract["schema"]["properties"]["gone"] = {"type": "string"}


def retyped(contract: Json) -> None:
    name = next(name for name, shape in contract["schema"]["properties"].items() if shape.get("type") == "string")
    contract["schema"]["properties"][name]["type"] = "integer"


def optional(contract: Json) -> None:
    contract["schema"]["required"].remove(contract["schema"]["required"][0])


def unpublished(contract: Json) -> None:
    contract["schema"]["properties"].clear()
    contract["schema"]["required"].clear()


def unreadable(contract: Json) -> None:
    contract["example"].clear()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lost, "is gone"),
        (retyped, "is now"),
        (optional, "is now"),
        (unpublished, "wishes for"),
        (unreadable, "cannot read"),
    ],
)
def test_a_contract_that_no_longer_fits_is_caught(copy: Path, change: Callable[[Json], None], fault: str) -> None:
    for entry in (entry for entry in PUBLISHED if entry.readers):
        path = copy / contracts._path(entry)
        text = path.read_text(encoding="utf-8")
        contract = json.loads(text)
        change(contract)
        path.write_text(json.dumps(contract), encoding="utf-8")
        faults = list(contracts.faults(copy, entry))
        assert any(one.startswith(entry.type) and fault in one for one in faults), faults
        path.write_text(text, encoding="utf-8")
    assert contracts.check(copy) == []


def test_a_fact_that_was_never_recorded_is_caught(tmp_path: Path) -> None:
    found = [fault.partition(";")[0] for fault in contracts.check(tmp_path)]
    assert found == [f"{entry.type}: not recorded" for entry in PUBLISHED]


def test_what_is_fresh_is_not_written_again(copy: Path) -> None:
    assert contracts.write(copy) == []
    old = copy / contracts._path(PUBLISHED[0])
    old.write_text("{}", encoding="utf-8")
    assert contracts.write(copy) == [old]
