"""The co-revision: the work department suggests changes of single places, the branch accepts or declines each.

Nothing is changed behind anybody's back: a suggestion names what it replaces, and one whose place has changed since
is refused with both texts shown and with the suggestion that changed it: while a co-revision runs only accepted
suggestions change the text. What stands in a suggestion's way is one on the same place, or one inside the other.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field, JsonValue

from infra.kernel.errors import Forbidden, Invalid, Refused
from infra.kernel.json_pointer import tokens
from infra.kernel.values import Value
from services.review.events.published.reviews import DocumentRevised
from services.review.events.value_objects import Change, Stored
from services.review.reviews.model.commands import Command, Route
from services.review.reviews.model.context import CommandContext, Duties, Outcome, Rehearsal, Review, Step, StepRun
from services.review.reviews.model.document import changed, look, same, size
from services.review.reviews.model.explain.page import Reason, Requirement
from services.review.reviews.model.steps.kind import Kind, listed, none_left
from services.review.shared.role_holders import RoleHolders, people
from services.review.shared.text_types import Pointer, Words

SHOWN = 200
MOST_SUGGESTIONS = 200
LARGEST = 20_000
"""Suggestions of one run, and bytes of what one replaces and proposes: a review is one document of the database."""
Relation: TypeAlias = Literal["same", "inside", "around"]
WORDS: dict[Relation, tuple[str, str]] = {
    "same": ("针对同一位置", "is about the same place"),
    "inside": ("针对此位置之内", "is about a place inside this one"),
    "around": ("针对包含此位置的上级位置", "is about a place around this one"),
}


class Suggestion(Stored):
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


class CoRevising(StepRun):
    """The work department suggests, the branch answers."""

    kind: Literal["co_revision"] = "co_revision"
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def open(self) -> tuple[Suggestion, ...]:
        """The suggestions not yet answered."""
        return tuple(suggestion for suggestion in self.suggestions if suggestion.state == "open")


class Suggest(Command, duty=True, leading=True, stays=True):
    """The work department proposes another value for one place of the document."""

    kind: Literal["suggest"] = "suggest"
    done: ClassVar = ("提出修改建议", "suggested a change")
    route: ClassVar = Route(
        "/suggestions",
        "提出修改建议 Suggest a change",
        {"path": "/slogan", "proposal": {"state": "known", "value": "尽心、细心、暖心"}, "reason": "更上口"},
        status=201,
    )
    makes: ClassVar = "suggestion"
    path: Pointer = Field(
        description="位置（JSON Pointer） / The place", examples=["/slogan", "/blocks/story/data/text"]
    )
    proposal: JsonValue = Field(description="建议的内容 / The value proposed")
    reason: Words = Field(description="理由 / Why")


class Answer(Command, duty=True, stays=True, changes_text=True):
    """The branch accepts or declines a suggestion; declining needs a reason."""

    kind: Literal["answer"] = "answer"
    done: ClassVar = ("答复修改建议", "answered a suggestion")
    route: ClassVar = Route(
        "/suggestions/{n}/answer",
        "采纳或不采纳建议（支部） Accept or decline, by the branch",
        {"accepted": False, "reason": "原文出自群众推荐"},
        number="suggestion",
    )
    suggestion: int
    accepted: bool = Field(description="是否采纳 / Accepted or declined")
    reason: Words | None = Field(default=None, description="理由；不采纳必填 / Why; needed to decline")


class CloseCoRevision(Command, duty=True, leading=True):
    """The work department ends the co-revision, everything being answered."""

    kind: Literal["close_co_revision"] = "close_co_revision"
    done: ClassVar = ("结束协同优化", "closed the co-revision")
    route: ClassVar = Route("/co-revision/closure", "结束优化 Close the co-revision", {})


def _answerers(context: CommandContext) -> tuple[str, ...]:
    """The branch's side: its secretary and the drafter."""
    return people((*context.holders.secretaries, context.review.drafter))


def _suggest(context: CommandContext, run: CoRevising, command: Suggest) -> Outcome:
    context.require_charge()
    review = context.review
    before = look(review.document, command.path)
    _require_fewer(run)
    changed(review.document, command.path, command.proposal, review.schemas)
    if max(size(before), size(command.proposal)) > LARGEST:
        raise Invalid(
            "suggestion.too_large",
            zh=f"一条建议涉及的内容不得超过 {LARGEST} 字节，请就更具体的位置提出。",
            en=f"A suggestion may be about at most {LARGEST} bytes; suggest on a smaller place.",
            field="/proposal",
        )
    if same(before, command.proposal):
        raise Invalid("suggestion.no_change", zh="建议与现有内容相同。", en="It changes nothing.", field="/proposal")
    last = run.suggestions[-1].round if run.suggestions else 0
    suggestion = Suggestion(
        n=len(review.suggestions) + 1,
        round=max(last, 1) if run.open else last + 1,
        by=context.by,
        at=context.at,
        before=before,
        **command.model_dump(exclude={"kind"}),
    )
    return Outcome(run.becomes(suggestions=(*run.suggestions, suggestion)), made=suggestion.n)


def _require_fewer(run: CoRevising) -> None:
    if len(run.suggestions) >= MOST_SUGGESTIONS:
        raise Refused(
            "suggestion.too_many",
            zh=f"一次协同优化最多提出 {MOST_SUGGESTIONS} 条建议。",
            en=f"A co-revision holds at most {MOST_SUGGESTIONS} suggestions.",
        )


def _answer(context: CommandContext, run: CoRevising, command: Answer) -> Outcome:
    found = next((one for one in run.suggestions if one.n == command.suggestion), None)
    if found is None:
        raise Invalid(
            "suggestion.unknown",
            zh=f"本轮优化中没有第 {command.suggestion} 条建议。",
            en=f"There is no suggestion {command.suggestion} in this co-revision.",
        )
    if context.by not in _answerers(context):
        raise Forbidden(
            "suggestion.not_branch",
            zh="只有本支部书记或起草人可以答复修改建议。",
            en="Only the branch's secretary or the drafter may answer a suggestion.",
        )
    if found.state != "open":
        raise Refused("suggestion.answered", zh="该建议已答复。", en="This suggestion was answered already.")
    if not command.accepted and command.reason is None:
        raise Invalid("answer.no_reason", zh="不采纳须说明理由。", en="Declining needs a reason.", field="/reason")
    answered = found.becomes(
        state="accepted" if command.accepted else "declined",
        answered_by=context.by,
        answered_at=context.at,
        answer=command.reason,
    )
    suggestions = tuple(answered if one is found else one for one in run.suggestions)
    after = run.becomes(suggestions=suggestions)
    return _accept(context, after, found) if command.accepted else Outcome(after)


def _accept(context: CommandContext, after: CoRevising, found: Suggestion) -> Outcome:
    review = context.review
    if found.by == context.by:
        raise Forbidden("suggestion.own", zh="不能采纳自己提出的建议。", en="You may not accept your own suggestion.")
    _require_unchanged(review, found)
    document = changed(review.document, found.path, found.proposal, review.schemas)
    revised = DocumentRevised(
        **review.label,
        document=document,
        revision=review.revision + 1,
        changes=[Change(path=found.path, before=found.before, after=found.proposal)],
        suggested_by=found.by,
        accepted_by=context.by,
    )
    return Outcome(after, document=document, facts=[revised])


def _require_unchanged(review: Review, found: Suggestion) -> None:
    current, there = standing(review, found.path)
    if not there or not same(current, found.before):
        now = _shown(current) if there else "（已不存在 gone）"
        then, other = _shown(found.before), changed_by(review, found)
        by, by_en = (f"（因采纳第 {other.n} 条建议）", f" by suggestion {other.n}") if other else ("", "")
        raise Refused(
            "suggestion.conflict",
            zh=f"内容已变化{by}：建议针对 {then}，现为 {now}；请说明理由不予采纳。",
            en=f"The place was changed{by_en}: suggested against {then}, now {now}; decline it with a reason.",
            field="/accepted",
        )


def _close(context: CommandContext, run: CoRevising, _: CloseCoRevision) -> Outcome:
    context.require_charge()
    if run.open:
        numbers = ", ".join(str(suggestion.n) for suggestion in run.open)
        raise Refused(
            "co_revision.suggestions_open",
            zh=f"还有建议未答复：{numbers}。",
            en=f"Not yet answered: suggestions {numbers}.",
        )
    return Outcome(run, "pass")


def _shown(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class CoRevision(Kind[CoRevising]):
    """The work department suggests, the branch answers."""

    labels: ClassVar = {"co_revision": "协同优化"}
    run: ClassVar = CoRevising
    commands: ClassVar = {Suggest: _suggest, Answer: _answer, CloseCoRevision: _close}
    tag: ClassVar = "党委协同优化 co-revision"
    shape: ClassVar = ("[/", "/]")
    deciding: ClassVar = False
    collective: ClassVar = False
    bars_drafters: ClassVar = False
    may_reject: ClassVar = True

    def duties(self, context: CommandContext, run: CoRevising) -> Duties:
        """While something is unanswered the branch answers, else the work department suggests or closes."""
        if run.open:
            return dict.fromkeys(_answerers(context), ("答复修改建议", "answer the suggestions"))
        return dict.fromkeys(context.leading, ("提出修改建议或结束优化", "suggest changes, or close"))

    def may_take(self, review: Review, holders: RoleHolders, person: str) -> bool:
        """Nobody of the side that answers."""
        return person not in (*holders.secretaries, review.drafter)

    def rehearse(self, rehearsal: Rehearsal, run: CoRevising, *, agreeing: bool) -> Iterator[tuple[str, Command]]:
        """Nothing is suggested."""
        yield rehearsal.lead, CloseCoRevision()

    def requirements(self, step: Step, run: CoRevising) -> tuple[Requirement, ...]:
        """No suggestion unanswered."""
        numbers = tuple(one.n for one in run.open)
        words = listed("未答复的修改建议", "suggestions not answered", numbers)
        return (none_left("suggestions_open", len(numbers), numbers, words),)

    def reasons(self, context: CommandContext, run: CoRevising, person: str, day: date) -> Iterator[Reason]:
        """While something is unanswered: the branch's secretary and the drafter."""
        if run.open and person in context.holders.secretaries:
            owner = context.review.owner
            zh, en = (
                f"{day} 当日 {owner} 的支部书记，可答复建议",
                f"secretary of {owner} on {day}: may answer suggestions",
            )
            yield Reason(role="secretary", organisation=owner, day=day, zh=zh, en=en)
        elif run.open and person == context.review.drafter:
            yield Reason(role="drafter", day=day, zh="起草人，可答复建议", en="the drafter: may answer suggestions")

    def figures(self, step: Step, run: CoRevising) -> Iterator[str]:
        """How many suggestions, and what became of them."""
        states = [one.state for one in run.suggestions]
        counts = (len(states), *(states.count(state) for state in ("accepted", "declined", "open")))
        yield "修改建议 {} 条，采纳 {} 条，未采纳 {} 条，未答复 {} 条".format(*counts)


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
    found = getattr(review.live, "suggestions", ())
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
