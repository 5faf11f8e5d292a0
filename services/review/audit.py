"""What only review knows about its documents, for ``brandmatrix audit verify``.

A review's history is sealed entry by entry; replayed, it gives the review as it is stored, and the facts that it told.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from infra.kernel.errors import Problem
from services.review.reviews.model.decision import apply, first
from services.review.reviews.model.review import Review

Row = Mapping[str, Any]
Fault = tuple[int | None, str | None, str, str]
WORDS = {"title", "title_en"}
"""What a to-do is called follows the wording of the product and may differ after an upgrade; the hash chain has it."""


def faults(document: Row, filed: Sequence[Row]) -> Iterator[Fault]:
    """What a review's history, its state and its filed facts do not have in common."""
    try:
        review = Review.model_validate({**document, "id": document["_id"]})
    except ValidationError as error:
        yield None, None, f"记录无法读取：{error}", f"the document cannot be read: {error}"
        return
    yield from _seals(review, filed)
    known = {fact["_id"] for fact in filed}  # what was just filed may still wait in the document
    facts = [*filed, *(fact for fact in document.get("outbox", ()) if fact["id"] not in known)]
    again, published = first(review), list[tuple[int, dict[str, Any]]]()
    for entry in review.history:
        try:
            again, made = apply(again, entry.command, entry.by, entry.at, review.holders[entry.holders])
        except (Problem, LookupError, ValueError) as error:
            yield entry.n, None, f"第 {entry.n} 步不可能发生：{error}", f"move {entry.n} cannot have happened: {error}"
            return
        published += [(entry.n, {"type": fact.type, "data": fact.model_dump(mode="json")}) for fact in made]
    differing = [name for name, value in again if name != "version" and not _alike(name, value, getattr(review, name))]
    if differing:
        names = ", ".join(differing)
        yield review.version, None, f"与历史重放不符：{names}", f"not what its history gives when replayed: {names}"
    if review.version != len(review.history):
        zh = f"第 {review.version} 版却有 {len(review.history)} 步历史"
        yield review.version, None, zh, f"version {review.version} with {len(review.history)} moves in its history"
    yield from _published(published, [fact for fact in facts if fact["sequence"] <= review.version])


def _seals(review: Review, filed: Sequence[Row]) -> Iterator[Fault]:
    seal, places = None, dict[str, int]()
    for entry in review.history:
        seal = entry.sealed(seal)
        places[seal] = entry.n
    if review.seal != seal:
        yield None, None, f"历史封印应为 {review.seal}，实为 {seal}", f"history sealed as {review.seal}, found {seal}"
    for fact in filed:
        if fact["sequence"] <= review.version and places.get(fact.get("seal", ""), 0) < fact["sequence"]:
            zh, en = "历史与登记时的封印不符", "history is not as sealed when this was filed"
            yield fact["sequence"], fact["_id"], zh, en


def _published(expected: Sequence[tuple[int, Row]], facts: Sequence[Row]) -> Iterator[Fault]:
    """The history tells what the journal and the document hold, and nothing else."""
    left = list(facts)
    for sequence, fact in expected:
        found = next((one for one in left if one["sequence"] == sequence and _fits(one, fact)), None)
        if found is None:
            kind = fact["type"]
            yield sequence, None, f"应有与历史一致的 {kind}", f"a {kind} as the history gives it is missing"
        else:
            left.remove(found)
    for one in left:
        zh, en = f"历史中没有这条 {one['type']}", f"the history never told this {one['type']}"
        yield one["sequence"], one.get("id"), zh, en


def _fits(fact: Row, expected: Row) -> bool:
    return fact["type"] == expected["type"] and _within(fact["data"], expected["data"])


def _within(value: Any, expected: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether a told value is the expected one; a field that was added to the product later may be missing."""
    if isinstance(value, dict) and isinstance(expected, dict):
        return all(
            name in WORDS or (name in expected and _within(part, expected[name])) for name, part in value.items()
        )
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(_within, value, expected))
    return bool(value == expected)


def _alike(name: str, one: Any, other: Any) -> bool:  # noqa: ANN401 - any field
    if name == "tasks":
        return len(one) == len(other) and all(
            a.model_dump(exclude=WORDS) == b.model_dump(exclude=WORDS) for a, b in zip(one, other, strict=True)
        )
    return bool(one == other)


HISTORIES: Final = {"reviews": faults}
"""By collection: what to compare its documents with."""
