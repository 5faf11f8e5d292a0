"""Block types are data: the shipped ones fit the seed's brands, people's own are checked and versioned."""

from typing import Any

import pytest

from infra.kernel.errors import Invalid
from services.registry.programme.model.block_type import check_blocks, record
from tests.unit.registry.examples import NOW, TYPES, document, every_block_of_the_examples, shape


@pytest.mark.parametrize(("kind", "data"), tuple(every_block_of_the_examples()))
def test_every_shipped_type_takes_what_the_seed_says(kind: str, data: dict[str, Any]) -> None:
    check_blocks(document(blocks={"b": {"type": kind, "data": data}}), None, TYPES, "/document")


def test_every_shipped_type_has_an_example_and_both_titles() -> None:
    assert set(TYPES) == {kind for kind, _ in every_block_of_the_examples()}
    assert all(one.shape.title != one.shape.title_en for one in TYPES.values())


@pytest.mark.parametrize(
    ("schema", "where"),
    [
        ({"properties": {"a": {"type": "texte"}}}, "/body_schema/properties/a/type"),
        ({"properties": {"a": {"pattern": "("}}}, "/body_schema/properties/a/pattern"),
        ({"properties": {"a": {"$ref": "http://127.0.0.1/x"}}}, "/body_schema/properties/a/$ref"),
        ({"$schema": "http://json-schema.org/draft-04/schema#"}, "/body_schema/$schema"),
        ({"type": "array"}, "/body_schema/type"),
        ({"properties": {"a.b": {}}}, "/body_schema/properties"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(schema: dict[str, Any], where: str) -> None:
    with pytest.raises(Invalid) as caught:
        record(None, "own", shape(**schema), "E011", NOW)
    assert caught.value.field == where


def test_a_pattern_made_to_hang_does_not() -> None:
    own, _ = record(None, "own", shape(properties={"a": {"pattern": "^(a+)+$"}}), "E011", NOW)
    long = document(blocks={"b": {"type": "own", "data": {"a": "a" * 50_000 + "!"}}})
    with pytest.raises(Invalid, match=r"block\.unfit"):
        check_blocks(long, None, {"own": own}, "/document")


def test_each_change_is_a_version_and_the_same_again_is_none() -> None:
    first, published = record(None, "own", shape(), "E011", NOW)
    assert [fact.type for fact in published] == ["registry.block_type.recorded.v1"]
    assert record(first, "own", shape(**{"$schema": "https://json-schema.org/draft/2020-12/schema"}), "E012", NOW) == (
        first,
        [],
    )
    second, _ = record(first, "own", shape(required=["a"]), "E012", NOW)
    assert [(one.number, one.by) for one in second.versions] == [(1, "E011"), (2, "E012")]
    assert second.shape.body_schema["required"] == ["a"]
