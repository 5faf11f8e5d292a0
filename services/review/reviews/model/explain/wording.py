"""What differs between two values, place by place, and in texts word by word: what was taken out and what was put in.

Latin words and numbers are compared whole, Chinese by the character.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal, TypeAlias

from pydantic import JsonValue

from infra.kernel.json_pointer import pointer
from infra.kernel.json_tree import canonical
from infra.kernel.values import Value

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
