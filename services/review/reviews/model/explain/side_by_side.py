"""What was said about the text, side by side: suggestions by place with what is in their way, opinions with their fate.

What a stay at a step left unanswered when it ended is ``lapsed``.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from infra.kernel.values import Value
from services.review.reviews.model.explain.wording import Difference, differences
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps import AnyStepRun
from services.review.reviews.model.steps.co_revision.suggestions import (
    Conflict,
    Suggestion,
    answerable,
    conflicts,
    standing,
)
from services.review.reviews.model.steps.discussion import Ruling


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
        for one in review.suggestions_in(run):
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
        for one in review.procedure.step(run.step).rules.opinions(run):
            state = "open" if run.closed_at is None else "lapsed"
            if one.ruling is not None:
                state = "adopted" if one.ruling.adopted else "not_adopted"
            yield Said.model_validate({**dict(one), "stay": _stay(review, run), "state": state})


def _stay(review: Review, run: AnyStepRun) -> Stay:
    step = review.procedure.step(run.step)
    return Stay(step=step.key, title=step.title, title_en=step.title_en, run=run.round)
