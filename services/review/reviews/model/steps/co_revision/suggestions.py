"""Suggestions, and what stands in their way: one on the same place, one inside the other, or a place that has changed.

While a co-revision runs only accepted suggestions change the text, so whatever changed a place is one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import JsonValue

from infra.kernel.errors import Invalid
from infra.kernel.json_pointer import tokens
from infra.kernel.values import Value
from services.review.events.value_objects import Kept
from services.review.reviews.model.document import look, same

if TYPE_CHECKING:
    from services.review.reviews.model.review import Review

Relation: TypeAlias = Literal["same", "inside", "around"]
WORDS: dict[Relation, tuple[str, str]] = {
    "same": ("针对同一位置", "is about the same place"),
    "inside": ("针对此位置之内", "is about a place inside this one"),
    "around": ("针对包含此位置的上级位置", "is about a place around this one"),
}


class Suggestion(Kept):
    """A proposed change of one place and what the branch made of it; ``round`` counts the exchanges of a run."""

    n: int
    round: int
    by: str
    at: datetime
    path: str
    before: JsonValue
    proposal: JsonValue
    reason: str
    state: Literal["open", "accepted", "declined"] = "open"
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str | None = None


class Conflict(Value):
    """Why a suggestion may not be acceptable: ``changed`` and ``gone`` = what it replaces no longer stands there.

    ``suggestion``: the one that changed it, or the open one that is about the ``same`` place, a place ``inside`` it or
    ``around`` it. ``excludes``: when that one is accepted, this one can only be declined.
    """

    kind: Literal["changed", "gone", "same", "inside", "around"]
    suggestion: int | None
    excludes: bool
    zh: str
    en: str


def relation(path: str, other: str) -> Relation | None:
    """Where ``other`` is, seen from ``path``; None = elsewhere."""
    here, there = tokens(path), tokens(other)
    if here == there:
        return "same"
    if there[: len(here)] == here:
        return "inside"
    return "around" if here[: len(there)] == there else None


def changed_by(review: Review, suggestion: Suggestion) -> Suggestion | None:
    """The accepted suggestion that last changed the place of this one since it was made."""
    since = [
        one
        for one in review.suggestions
        if one.state == "accepted"
        and one.answered_at is not None
        and one.answered_at >= suggestion.at
        and one.n != suggestion.n
        and relation(suggestion.path, one.path)
    ]
    return max(since, key=lambda one: (one.answered_at, one.n), default=None)


def answerable(review: Review) -> tuple[Suggestion, ...]:
    """The suggestions that wait for an answer; those of an earlier run of the step wait no more."""
    found = review.suggestions_in(review.live) if review.live else ()
    return tuple(one for one in found if one.state == "open")


def conflicts(review: Review, suggestion: Suggestion) -> Iterator[Conflict]:
    """What stands in the way of an open suggestion."""
    yield from _moved(review, suggestion)
    for other in answerable(review):
        where = relation(suggestion.path, other.path) if other.n != suggestion.n else None
        if where is not None:
            excludes = _excluded(suggestion, other, where)
            then, then_en = ("；采纳该条后本条只能不采纳", "; once it is accepted this one can only be declined")
            zh, en = WORDS[where]
            yield Conflict(
                kind=where,
                suggestion=other.n,
                excludes=excludes,
                zh=f"第 {other.n} 条建议{zh}{then if excludes else ''}。",
                en=f"Suggestion {other.n} {en}{then_en if excludes else ''}.",
            )


def _moved(review: Review, suggestion: Suggestion) -> Iterator[Conflict]:
    """What stood there when it was suggested stands there no more."""
    now, there = standing(review, suggestion.path)
    if there and same(now, suggestion.before):
        return
    other = changed_by(review, suggestion)
    by, by_en = (f"，因采纳第 {other.n} 条建议", f", by suggestion {other.n}") if other else ("", "")
    yield Conflict(
        kind="changed" if there else "gone",
        suggestion=other.n if other else None,
        excludes=True,
        zh=f"该位置{'内容已变化' if there else '已不存在'}{by}，本条只能不采纳。",
        en=f"The place {'has changed' if there else 'is gone'}{by_en}; this one can only be declined.",
    )


def standing(review: Review, path: str) -> tuple[JsonValue, bool]:
    """What stands at a place of the text now, and whether there is such a place."""
    try:
        return look(review.document, path), True
    except Invalid:
        return None, False


def _excluded(suggestion: Suggestion, other: Suggestion, where: Relation) -> bool:
    """Whether ``other``, once accepted, leaves something else at the place than ``suggestion`` is to replace."""
    if where != "around":
        return True  # it changes this very place, or a part of it
    depth = len(tokens(other.path))
    rest = "/".join(["", *suggestion.path.split("/")[depth + 1 :]])
    try:
        return not same(look({"": other.proposal}, f"/{rest}"), suggestion.before)
    except Invalid:
        return True
