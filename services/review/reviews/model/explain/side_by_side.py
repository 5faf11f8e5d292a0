"""What was said about the text, side by side: suggestions by place with what is in their way, opinions with their fate.

What a stay at a step left unanswered when it ended is ``lapsed``. What differs between two texts is shown word by word:
Latin words and numbers are compared whole, Chinese by the character.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal, TypeAlias

from pydantic import JsonValue

from infra.kernel.json_pointer import pointer
from infra.kernel.json_tree import canonical
from infra.kernel.values import Value
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.reviews.model.steps.co_revision import Conflict, Suggestion, answerable, conflicts, standing
from services.review.reviews.model.steps.discussion import Ruling

WORD = re.compile(r"[^\W_\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+(?:[.'’-][^\W_\u2e80-\u9fff]+)*|\s+|.", re.DOTALL)
SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]|[^。！？；!?;\n]+")
MOST = 250_000
"""Pairs that are compared at most; two longer stretches count as one replaced by the other."""
Kind: TypeAlias = Literal["same", "removed", "added"]


class Piece(Value):
    """A stretch of text that stayed, was taken out, or was put in."""

    kind: Kind
    text: str


class Difference(Value):
    """One place that differs; ``path`` is a JSON Pointer from the place of the suggestion on, "" = that place itself.

    ``pieces``: the text word by word, when both are texts; otherwise None, and the values stand side by side.
    """

    path: str
    kind: Literal["changed", "removed", "added"]
    before: JsonValue = None
    after: JsonValue = None
    pieces: tuple[Piece, ...] | None = None


class Stay(Value):
    """At which stay at which step something was said."""

    step: str
    title: str
    title_en: str
    run: int


class Suggested(Value):
    """One suggestion: who proposed what instead of what, when, why, and what the branch said to it.

    ``round`` counts the exchanges of one stay at the step; ``acceptable`` = open, and what it replaces still stands.
    """

    n: int
    stay: Stay
    round: int
    by: str
    at: datetime
    reason: str
    before: JsonValue
    proposal: JsonValue
    differences: tuple[Difference, ...]
    state: Literal["open", "accepted", "declined", "lapsed"]
    answered_by: str | None
    answered_at: datetime | None
    answer: str | None
    acceptable: bool
    conflicts: tuple[Conflict, ...]


class Place(Value):
    """One place of the text: what stands there now (``exists`` = it is still there), and all suggestions about it."""

    path: str
    exists: bool
    now: JsonValue
    suggestions: tuple[Suggested, ...]


class Suggestions(Value):
    """All suggestions of a review, by place; ``version`` is the one to answer with."""

    review: str
    version: int
    revision: int
    open: int
    in_conflict: int
    places: tuple[Place, ...]


class Said(Value):
    """One opinion of the branch discussion, and what became of it."""

    n: int
    stay: Stay
    by: str
    at: datetime
    text: str
    path: str | None
    state: Literal["open", "adopted", "not_adopted", "lapsed"]
    ruling: Ruling | None


class Opinions(Value):
    """All opinions of a review, the open ones first, then in the order in which they were given."""

    review: str
    version: int
    open: int
    adopted: int
    not_adopted: int
    lapsed: int
    opinions: tuple[Said, ...]


def suggestions(review: Review) -> Suggestions:
    """The suggestions of all stays, by place."""
    seen = list(_suggested(review))
    places = []
    for path in dict.fromkeys(path for path, _ in seen):
        now, exists = standing(review, path)
        here = tuple(one for where, one in seen if where == path)
        places.append(Place(path=path, exists=exists, now=now, suggestions=here))
    return Suggestions(
        review=review.id,
        version=review.version,
        revision=review.revision,
        open=sum(one.state == "open" for _, one in seen),
        in_conflict=sum(bool(one.conflicts) for _, one in seen),
        places=tuple(places),
    )


def opinions(review: Review) -> Opinions:
    """The opinions of all stays."""
    seen = sorted(_opinions(review), key=lambda one: (one.state != "open", one.n))
    counts = {state: sum(one.state == state for one in seen) for state in ("open", "adopted", "not_adopted", "lapsed")}
    return Opinions(review=review.id, version=review.version, opinions=tuple(seen), **counts)


def _suggested(review: Review) -> Iterator[tuple[str, Suggested]]:
    waiting = {one.n for one in answerable(review)}
    for run in review.runs:
        for one in getattr(run, "suggestions", ()):
            in_the_way = tuple(conflicts(review, one)) if one.n in waiting else ()
            yield one.path, _seen(review, run, one, in_the_way, waiting=one.n in waiting)


def _seen(
    review: Review, run: AnyStepRun, one: Suggestion, in_the_way: tuple[Conflict, ...], *, waiting: bool
) -> Suggested:
    return Suggested(
        **one.model_dump(exclude={"path", "state"}),
        stay=_stay(review, run),
        differences=tuple(differences(one.before, one.proposal)),
        state="lapsed" if one.state == "open" and not waiting else one.state,
        acceptable=waiting and not any(found.kind in ("changed", "gone") for found in in_the_way),
        conflicts=in_the_way,
    )


def _opinions(review: Review) -> Iterator[Said]:
    for run in review.runs:
        for one in getattr(run, "opinions", ()):
            state = "open" if run.closed_at is None else "lapsed"
            if one.ruling is not None:
                state = "adopted" if one.ruling.adopted else "not_adopted"
            yield Said.model_validate({**dict(one), "stay": _stay(review, run), "state": state})


def _stay(review: Review, run: AnyStepRun) -> Stay:
    step = review.procedure.step(run.step)
    return Stay(**step.heading, run=run.round)


def differences(before: JsonValue, after: JsonValue, path: str = "") -> Iterator[Difference]:
    """Every place in which two values differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _below(before, after, key, pointer(path, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, pointer(path, place))
    elif isinstance(before, str) and isinstance(after, str):
        if before != after:
            pieces = tuple(wording(before, after))
            yield Difference(path=path, kind="changed", before=before, after=after, pieces=pieces)
    elif canonical(before) != canonical(after):
        yield Difference(path=path, kind="changed", before=before, after=after)


def _below(before: dict[str, JsonValue], after: dict[str, JsonValue], key: str, path: str) -> Iterator[Difference]:
    if key not in after:
        yield Difference(path=path, kind="removed", before=before[key])
    elif key not in before:
        yield Difference(path=path, kind="added", after=after[key])
    else:
        yield from differences(before[key], after[key], path)


def wording(before: str, after: str) -> Iterator[Piece]:
    """The way from one text to the other: without what was added it is the one, without what was removed the other."""
    one, other = WORD.findall(before), WORD.findall(after)
    head = _alike(one, other)
    tail = _alike(one[head:][::-1], other[head:][::-1])
    yield from _piece("same", one[:head])
    yield from _middle(one[head : len(one) - tail], other[head : len(other) - tail])
    yield from _piece("same", one[len(one) - tail :])


def _middle(one: Sequence[str], other: Sequence[str]) -> Iterator[Piece]:
    """The stretch in which two texts differ from its first word to its last; long ones sentence by sentence first."""
    if len(one) * len(other) <= MOST:
        yield from _matched(one, other, _replaced)
        return
    sentences, others = SENTENCE.findall("".join(one)), SENTENCE.findall("".join(other))
    if len(sentences) * len(others) > MOST:
        yield from _replaced(one, other)
        return
    yield from _matched(sentences, others, _reworded)


def _matched(
    one: Sequence[str], other: Sequence[str], differing: Callable[[Sequence[str], Sequence[str]], Iterator[Piece]]
) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield from _piece("same", one[a:b]) if tag == "equal" else differing(one[a:b], other[c:d])


def _replaced(one: Sequence[str], other: Sequence[str]) -> Iterator[Piece]:
    yield from _piece("removed", one)
    yield from _piece("added", other)


def _reworded(one: Sequence[str], other: Sequence[str]) -> Iterator[Piece]:
    """Sentences that differ, word by word as long as that is within bounds."""
    words, others = WORD.findall("".join(one)), WORD.findall("".join(other))
    bounded = len(words) * len(others) <= MOST
    yield from _matched(words, others, _replaced) if bounded else _replaced(words, others)


def _piece(kind: Kind, words: Sequence[str]) -> Iterator[Piece]:
    if words:
        yield Piece(kind=kind, text="".join(words))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
