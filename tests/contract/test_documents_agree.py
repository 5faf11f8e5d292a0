"""Whatever text review accepts, registry takes back: else the fact that carries it could never be heard."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from infra.kernel.errors import Invalid
from services.registry.brands.model.document import MOST_BYTES, Document, storable
from services.review.reviews.model.document import CORE, FOCUS, MOST_ALIASES, changed

PROGRAMME = Path(__file__).parents[2] / "services" / "registry" / "data" / "programme.json"
SCHEMAS = {"free": "{}"}
BLOCK: JsonValue = {"type": "free", "title": None, "data": {"items": ["尽心", {"deep": [1]}], "text": "x"}}
BLOCKS: dict[str, JsonValue] = {"story": BLOCK, "words": BLOCK}
TEXT: dict[str, JsonValue] = Document.model_validate({"aliases": ["三心"], "blocks": BLOCKS}).as_json()
PATHS = [
    *(f"/{name}" for name in CORE),
    *("/name/state", "/aliases", "/aliases/0", "/blocks", "/blocks/story", "/blocks/story/type", "/blocks/story/title"),
    *("/blocks/story/data", "/blocks/story/data/items", "/blocks/story/data/items/1/deep", "/blocks/story/data/text"),
]
NAMES = st.sampled_from(["state", "value", "shown", "type", "title", "data", "$where", "a.b", "", " ", "\0", "名"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.sampled_from([2**63, -(2**63), 2**63 - 1, 1 - 2**63, 0, 1.5, float("nan"), float("inf")])
    | st.sampled_from(["known", "unknown", "masked", "free", "", " ", "\x1f", "\u3000", "\ud800", "三心", *FOCUS])
    | st.text(max_size=5)
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=25) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=4),
    max_leaves=30,
)
VALUES = st.fixed_dictionaries({"state": st.just("known"), "value": LEAVES}) | st.just({"state": "unknown"})
NEW_BLOCKS = st.fixed_dictionaries(
    {"type": st.just("free"), "data": st.dictionaries(NAMES, ANYTHING, max_size=3)}, optional={"title": LEAVES}
)
PROPOSALS = ANYTHING | VALUES | NEW_BLOCKS | st.lists(st.text(max_size=3), min_size=15, max_size=25)


def taken_back(document: dict[str, JsonValue]) -> None:
    """Registry reads the text from the fact, as JSON, and could have stored it itself."""
    again = Document.model_validate(json.loads(json.dumps(document)))
    storable(again, "/document")


@given(path=st.sampled_from(PATHS), proposal=PROPOSALS)
def test_what_review_accepts_registry_takes_back(path: str, proposal: Any) -> None:  # noqa: ANN401 - any JSON
    try:
        after = changed(TEXT, path, proposal, SCHEMAS)
    except Invalid:
        return
    taken_back(after)


@pytest.mark.parametrize(
    ("path", "proposal"),
    [
        ("/aliases", [str(n) for n in range(MOST_ALIASES + 1)]),
        ("/blocks/story/data/text", -(2**63) - 1),
        ("/blocks/story/data", {"a.b": 1}),
        ("/blocks/story/data", {"$ref": 1}),
        ("/focus", {"state": "known", "value": "made_up"}),
    ],
)
def test_what_registry_would_not_take_review_refuses(path: str, proposal: Any) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(Invalid):
        changed(TEXT, path, proposal, SCHEMAS)


def test_what_is_as_large_as_may_be_fits_on_both_sides() -> None:
    most: list[JsonValue] = [str(n) for n in range(MOST_ALIASES)]
    taken_back(changed(TEXT, "/aliases", most, SCHEMAS))
    largest = 0
    for missing in range(600, 1500):
        block: dict[str, JsonValue] = {"type": "free", "data": {"text": "x" * (MOST_BYTES - missing)}}
        try:
            after = changed(TEXT, "/blocks/story", block, SCHEMAS)
        except Invalid:
            continue
        largest = max(largest, MOST_BYTES - missing)
        taken_back(after)
        break
    assert largest > 0


def test_the_focuses_are_those_of_the_programme_that_is_shipped() -> None:
    shipped = json.loads(PROGRAMME.read_text(encoding="utf-8"))["focuses"]
    assert tuple(focus["id"] for focus in shipped) == FOCUS
    for focus in FOCUS:
        taken_back(changed(TEXT, "/focus", {"state": "known", "value": focus}, SCHEMAS))
