"""A brand's text: what is accepted, what is refused and where, masks, differences, versions."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.errors import Invalid
from services.registry.brands.model.document import Document, Seal, concealed, diff, digest, rejoined, seals
from services.registry.party.model.organisation import Known, Masked, Unknown
from tests.unit.registry.examples import document, text

UNKNOWN = {"state": "unknown"}


def refused(wanted: Document, before: Document | None = None) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as caught:
        text(wanted).checked(before)
    return caught.value.code, caught.value.field


def block(data: Any, kind: str = "served_groups") -> Document:  # noqa: ANN401 - any JSON
    return document(blocks={"served": {"type": kind, "data": data}})


def test_an_almost_empty_text_is_fine() -> None:
    assert text(Document()).checked(None).name == Unknown()


def test_a_code_stays_text_and_strange_spelling_stays_as_it_is() -> None:
    kept = text(document(name={"state": "known", "value": "１０１０ Power "})).checked(None)
    assert kept.name == Known(value="１０１０ Power ")
    with pytest.raises(ValueError, match="string"):
        document(name={"state": "known", "value": 1010})


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        (document(slogan={"state": "known", "value": ""}), "/document/slogan/value"),
        (document(slogan={"state": "known", "value": " \n"}), "/document/slogan/value"),
        (document(slogan={"state": "masked", "shown": ""}), "/document/slogan/shown"),
        (document(aliases=["甲", ""]), "/document/aliases/1"),
        (block({"items": [{"name": ""}]}), "/document/blocks/served/data/items/0/name"),
        (
            document(blocks={"a": {"type": "numeric_code", "title": "", "data": {"digits": "1"}}}),
            "/document/blocks/a/title",
        ),
    ],
)
def test_an_empty_text_is_never_taken_for_unknown(wanted: Document, where: str) -> None:
    assert refused(wanted) == ("value.empty", where)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"a.b": 1}, ""),
        ({"$where": 1}, ""),
        ({"a/b": {"~": float("nan")}}, "/a~1b/~0"),
        ({"n": 2**63}, "/n"),
        ({"s": "\ud800"}, "/s"),
        ({"\ud800": "s"}, ""),
        (json.loads('{"a":' * 30 + "1" + "}" * 30), "/a" * 18),
    ],
)
def test_what_could_not_be_given_back_unchanged_is_refused(data: dict[str, Any], where: str) -> None:
    assert refused(block(data)) == ("document.unfit", "/document/blocks/served/data" + where)


def test_half_a_letter_is_no_text() -> None:
    assert refused(document(name={"state": "known", "value": "\ud800"})) == ("document.unfit", "/document/name/value")


def test_a_text_beyond_all_measure_is_refused() -> None:
    assert refused(document(background={"state": "known", "value": "长" * 70_000}))[0] == "document.too_large"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (block({}, "no_such_type"), ("block.unknown_type", "/document/blocks/served/type")),
        (block({"items": []}), ("block.unfit", "/document/blocks/served/data/items")),
        (block({"items": [{"name": 1}]}), ("block.unfit", "/document/blocks/served/data/items/0/name")),
        (block({"digits": 1010}, "numeric_code"), ("block.unfit", "/document/blocks/served/data/digits")),
        (document(focus={"state": "known", "value": "profit"}), ("focus.unknown", "/document/focus/value")),
    ],
)
def test_blocks_and_the_emphasis_are_checked(wanted: Document, expected: tuple[str, str]) -> None:
    assert refused(wanted) == expected


def test_a_block_that_stays_as_it_was_is_not_checked_again() -> None:
    old = block({"items": "once allowed"})
    kept = text(old.model_copy(update={"aliases": ("新",)})).checked(old)
    assert kept.blocks == old.blocks


def test_a_mask_keeps_what_it_hides_when_the_text_comes_back_without_it() -> None:
    before = document(blocks={"s": {"type": "served_groups", "data": {"n": hidden("餐厅", "**厅")}}})
    stripped = Document.model_validate(concealed(before))
    assert "工程党支部" not in stripped.model_dump_json()
    assert "餐厅" not in stripped.model_dump_json()
    assert rejoined(stripped, seals(before)) == before


def test_who_may_not_see_behind_a_mask_can_neither_move_it_nor_widen_its_audience() -> None:
    before = document()
    elsewhere = Document.model_validate({"slogan": {"state": "masked", "shown": "**党支部", "visible_to": ["viewer"]}})
    assert rejoined(elsewhere, seals(before)).slogan == Masked(shown="**党支部", visible_to=("viewer",))
    wider = Document.model_validate({"background": {"state": "masked", "shown": "**党支部", "visible_to": ["viewer"]}})
    assert rejoined(wider, seals(before)).background == before.background


def test_a_reader_with_the_role_sees_behind_the_mask() -> None:
    seen = concealed(document(), lambda roles: "branch_secretary" in roles)
    assert seen["background"]["value"] == "工程党支部"
    assert "value" not in concealed(document(), lambda roles: "auditor" in roles)["background"]


@pytest.mark.parametrize("value", [1010, None, ["甲"], {"n": 1.5}, True])
@pytest.mark.parametrize("roles", [{}, {"visible_to": None}, {"visible_to": []}, {"visible_to": ["auditor"]}])
def test_whatever_is_behind_a_mask_in_a_block_comes_back(value: object, roles: dict[str, Any]) -> None:
    mask = {"state": "masked", "shown": "**", "value": value, **roles}
    before = document(blocks={"any": {"type": "t", "data": {"m": mask}}})
    stripped = Document.model_validate(concealed(before))
    assert "value" not in stripped.blocks["any"].data["m"]
    kept = tuple(Seal.model_validate(seal.model_dump()) for seal in seals(before))
    assert digest("b", rejoined(stripped, kept)) == digest("b", before)


def hidden(value: str, shown: str) -> dict[str, Any]:
    return {"state": "masked", "shown": shown, "visible_to": ["branch_secretary"], "value": value}


WORDS = st.text("甲aA１/~.", min_size=1, max_size=4)
VALUES = st.one_of(
    st.just(UNKNOWN),
    WORDS.map(lambda value: {"state": "known", "value": value}),
    st.builds(hidden, WORDS, st.sampled_from(["**", "***"])),
)
TREES = st.recursive(
    VALUES | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner), max_leaves=6
)
FEW = settings(max_examples=40, deadline=None)


@FEW
@given(slogan=VALUES, data=st.dictionaries(WORDS, TREES, max_size=3))
def test_concealing_and_rejoining_gives_back_every_text(slogan: dict[str, Any], data: dict[str, Any]) -> None:
    before = document(slogan=slogan, blocks={"any": {"type": "t", "data": data}})
    stripped = concealed(before)
    assert not seals(Document.model_validate(stripped))
    assert rejoined(Document.model_validate(stripped), seals(before)) == before


def test_differences_are_told_field_by_field() -> None:
    before = document(
        blocks={"a": {"type": "t", "data": {"x": 1, "y": [1, 2], "z": 0}}, "gone": {"type": "t", "data": {}}}
    )
    after = document(
        slogan={"state": "known", "value": "口号"},
        blocks={"a": {"type": "t", "data": {"x": True, "y": [1, 3], "w": 4}}, "new": {"type": "t", "data": {}}},
    )
    changes = [
        (change.pointer, change.kind, change.before, change.after) for change in diff(before.as_json(), after.as_json())
    ]
    empty: dict[str, Any] = {"type": "t", "title": None, "data": {}}
    assert changes == [
        ("/slogan", "changed", UNKNOWN, {"state": "known", "value": "口号"}),
        ("/blocks/a/data/x", "changed", 1, True),
        ("/blocks/a/data/y/1", "changed", 2, 3),
        ("/blocks/a/data/w", "added", None, 4),
        ("/blocks/a/data/z", "removed", 0, None),
        ("/blocks/new", "added", None, empty),
        ("/blocks/gone", "removed", empty, None),
    ]


@FEW
@given(data=st.dictionaries(WORDS, TREES, max_size=3))
def test_a_text_does_not_differ_from_itself_and_its_version_follows_from_it(data: dict[str, Any]) -> None:
    one, same = document(blocks={"a": {"type": "t", "data": data}}), document(blocks={"a": {"type": "t", "data": data}})
    assert diff(one.as_json(), same.as_json()) == []
    assert digest("b", one) == digest("b", same) != digest("c", one)
