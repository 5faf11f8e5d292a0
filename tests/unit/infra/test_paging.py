"""Pages and their cursors: what is asked for, what is refused, what leads on."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError

from infra.kernel.errors import Invalid
from infra.kernel.paging import Page, Paging

VALUES: list[Any] = [None, 3, 2.5, True, "品牌", datetime(2026, 3, 1, 8, 0, 0, 123000, tzinfo=UTC), "key"]


class Filter(Paging):
    """A list with a filter, in two orders."""

    owner: str | None = None
    sort: Literal["-at", "at"] = Field(default="-at")


def cursor(of: str, values: list[Any]) -> str:
    """What leads on after an item with these values."""
    found = Page.cut([values, []], 2, Paging(limit=1), of, lambda one: one).next
    assert found is not None
    return found


def test_a_cursor_gives_back_the_values_that_it_was_made_of() -> None:
    there = Paging(after=cursor("list", VALUES)).begins_after("list", len(VALUES))
    assert there == VALUES
    assert [type(one) for one in there] == [type(one) for one in VALUES]
    assert Paging().begins_after("list", 7) is None


@pytest.mark.parametrize(
    "forged",
    [
        "", "x", "~~~", "品牌", "bm9uZQ", cursor("another", ["key"]), cursor("list", ["key"])[:-2],
        cursor("list", ["key", "key"]), cursor("list", [None]), cursor("list", [3]), cursor("list", [[["key"]]]),
        cursor("list", [{"at": "x"}]), cursor("list", [{"at": 10**30}]), cursor("list", [{}]), cursor("list", []),
        urlsafe_b64encode(b"\0\0\0\0[").decode(), "AAAA",
    ],
)  # fmt: skip
def test_what_is_no_cursor_of_the_list_is_refused(forged: str) -> None:
    with pytest.raises(Invalid) as refused:
        Paging(after=forged).begins_after("list")
    assert (refused.value.code, refused.value.field) == ("cursor.invalid", "query:/after")


def test_only_what_is_known_is_asked_for() -> None:
    for wrong in ({"skip": 1}, {"limit": 0}, {"limit": 201}, {"sort": "owner"}, {"after": "x" * 2001}):
        with pytest.raises(ValidationError):
            Filter.model_validate(wrong)


def test_filters_are_a_condition_and_the_id_decides_what_the_order_leaves_open() -> None:
    assert Filter(owner="1010", limit=3).where() == {"owner": "1010"}
    assert Filter(owner="1010").where(owner="plan.owner") == {"plan.owner": "1010"}
    assert Filter().where() == {}
    assert Paging().keys() == [("_id", 1)]
    assert Filter().keys() == [("at", -1), ("_id", -1)]
    assert Filter(sort="at").keys() == [("at", 1), ("_id", 1)]


def test_a_known_list_is_walked_to_its_end_also_while_it_grows() -> None:
    items, met, after = list("bdfhj"), list[str](), None
    while True:
        page = Page.among(items, Paging(limit=2, after=after), str)
        met += page.items
        assert page.total == len(items)
        if page.next is None:
            break
        items, after = sorted({*items, "a", "i", "k"}), page.next
    assert met == list("bdfhijk")


def test_a_known_list_without_the_last_item_shown_begins_anew() -> None:
    first = Page.among(["a", "b", "c"], Paging(limit=1), str)
    with pytest.raises(Invalid):
        Page.among(["b", "c"], Paging(after=first.next), str)


def test_the_last_page_leads_nowhere_and_a_page_shows_what_is_made_of_its_items() -> None:
    page = Page.among([1, 2], Paging(limit=2), str).map(lambda one: one * 10)
    assert page.model_dump() == {"items": [10, 20], "total": 2, "next": None}
    assert Page.among([], Paging(), str).model_dump() == {"items": [], "total": 0, "next": None}
