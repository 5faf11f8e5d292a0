"""What differs between two texts, and between two values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from services.review.reviews.model.explain.side_by_side import MOST, Difference, differences, wording

MARKS = {"same": " ", "removed": "-", "added": "+"}


def marked(before: str, after: str) -> list[str]:
    return [f"{MARKS[piece.kind]}{piece.text}" for piece in wording(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("尽心、细心、暖心", "尽心、精心、暖心", [" 尽心、", "-细", "+精", " 心、暖心"]),
        ("服务一线", "用心服务一线员工", ["+用心", " 服务一线", "+员工"]),
        ("POWER影响力", "Power影响力", ["-POWER", "+Power", " 影响力"]),
        ("共10名党员", "共12名党员", [" 共", "-10", "+12", " 名党员"]),
        ("提升12.5%", "提升12.8%", [" 提升", "-12.5", "+12.8", " %"]),
        ("well-kept brand", "well-known brand", ["-well-kept", "+well-known", "  brand"]),
        ("第一段\n第二段", "第一段\n\n第二段", [" 第一段", "-\n", "+\n\n", " 第二段"]),
        ("旧", "新", ["-旧", "+新"]),
        ("同", "同", [" 同"]),
    ],
)
def test_chinese_is_compared_by_the_character_and_latin_words_whole(before: str, after: str, pieces: list[str]) -> None:
    assert marked(before, after) == pieces


TEXT = st.text("尽心细暖、。aB1. \n_é", max_size=40) | st.text(max_size=20)


@settings(deadline=None)
@given(before=TEXT, after=TEXT)
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    pieces = list(wording(before, after))
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert all(piece.text for piece in pieces)


def test_two_long_stretches_count_as_one_replaced_by_the_other() -> None:
    long = int(MOST**0.5) + 1
    before, after = "头" + "甲乙" * long + "尾", "头" + "丙丁" * long + "尾"
    assert [piece.kind for piece in wording(before, after)] == ["same", "removed", "added", "same"]


def test_a_long_text_is_compared_sentence_by_sentence_first() -> None:
    sentences = [f"第{n}条措施由支部落实到人并按月检查。" for n in range(100)]
    before = "".join(sentences)
    sentences[1], sentences[98] = sentences[1].replace("按月", "按季"), sentences[98].replace("支部", "党小组")
    assert len(before) ** 2 > MOST
    changed = [piece for piece in wording(before, "".join(sentences)) if piece.kind != "same"]
    assert [(piece.kind, piece.text) for piece in changed] == [
        ("removed", "月"),
        ("added", "季"),
        ("removed", "支部"),
        ("added", "党小组"),
    ]
    assert "".join(piece.text for piece in wording(before, "".join(sentences)) if piece.kind != "added") == before


def test_values_are_compared_place_by_place() -> None:
    before: dict[str, JsonValue] = {
        "state": "known",
        "value": "旧口号",
        "a/b": 1,
        "list": ["一", "二"],
        "gone": None,
        "kept": True,
    }
    after: dict[str, JsonValue] = {
        "state": "known",
        "value": "新口号",
        "a/b": 1.5,
        "list": ["一", "两"],
        "new": {},
        "kept": True,
    }
    found = {one.path: one for one in differences(before, after)}
    assert set(found) == {"/value", "/a~1b", "/list/1", "/gone", "/new"}
    assert [(piece.kind, piece.text) for piece in found["/value"].pieces or ()] == [
        ("removed", "旧"),
        ("added", "新"),
        ("same", "口号"),
    ]
    assert found["/gone"] == Difference(path="/gone", kind="removed", before=None)
    assert (found["/new"].kind, found["/new"].after) == ("added", {})
    assert found["/a~1b"].pieces is None


@pytest.mark.parametrize(
    ("before", "after"),
    [(["一"], ["一", "二"]), ({"state": "unknown"}, "text"), (1, True), (None, "有")],
)
def test_what_is_of_another_shape_stands_side_by_side(before: JsonValue, after: JsonValue) -> None:
    (one,) = differences(before, after)
    assert (one.path, one.before, one.after, one.pieces) == ("", before, after, None)


def test_equal_values_differ_nowhere() -> None:
    value: dict[str, JsonValue] = {"state": "known", "value": ["一", {"二": None}]}
    assert list(differences(value, dict(value))) == []
