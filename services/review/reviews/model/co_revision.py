"""The co-revision: the work department suggests changes of single places, the branch accepts or declines each.

Nothing is changed behind anybody's back: a suggestion names what it replaces, and one whose place has changed since
is refused with both texts shown and with the suggestion that changed it.
"""

import json

from pydantic import JsonValue

from infra.kernel.errors import Forbidden, Invalid, Refused
from services.review.events.published.reviews import DocumentRevised
from services.review.events.value_objects import Change
from services.review.reviews.model.commands import Answer, CloseCoRevision, Command, Suggest
from services.review.reviews.model.conflicts import changed_by
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.document import changed, look, same, size
from services.review.reviews.model.review import Review
from services.review.reviews.model.step_runs import CoRevising, Suggestion
from services.review.shared.role_holders import people

SHOWN = 200
MOST_SUGGESTIONS = 200
LARGEST = 20_000
"""Suggestions of one visit, and bytes of what one replaces and proposes: a review is one document of the database."""


def decide(turn: CommandContext, visit: CoRevising, move: Command) -> Outcome:
    """Suggest, answer, or close."""
    match move:
        case Suggest():
            return _suggest(turn, visit, move)
        case Answer():
            return _answer(turn, visit, move)
        case CloseCoRevision():
            return _close(turn, visit)
        case _:
            raise turn.not_here(move)


def duties(turn: CommandContext, visit: CoRevising) -> Duties:
    """While something is unanswered the branch answers, else the work department suggests or closes."""
    if visit.open:
        return dict.fromkeys(_answerers(turn), ("答复修改建议", "answer the suggestions"))
    return dict.fromkeys(turn.leading, ("提出修改建议或结束优化", "suggest changes, or close"))


def _answerers(turn: CommandContext) -> tuple[str, ...]:
    """The branch's side: its secretary and the drafter."""
    return people((*turn.seats.secretaries, turn.review.drafter))


def _suggest(turn: CommandContext, visit: CoRevising, move: Suggest) -> Outcome:
    turn.require_charge()
    review = turn.review
    before = look(review.document, move.path)
    _require_room(visit)
    changed(review.document, move.path, move.proposal, review.schemas)
    if max(size(before), size(move.proposal)) > LARGEST:
        raise Invalid(
            "suggestion.too_large",
            zh=f"一条建议涉及的内容不得超过 {LARGEST} 字节，请就更具体的位置提出。",
            en=f"A suggestion may be about at most {LARGEST} bytes; suggest on a smaller place.",
            field="/proposal",
        )
    if same(before, move.proposal):
        raise Invalid("suggestion.no_change", zh="建议与现有内容相同。", en="It changes nothing.", field="/proposal")
    last = visit.suggestions[-1].round if visit.suggestions else 0
    suggestion = Suggestion(
        n=len(review.suggestions) + 1,
        round=max(last, 1) if visit.open else last + 1,
        by=turn.by,
        at=turn.at,
        path=move.path,
        before=before,
        proposal=move.proposal,
        reason=move.reason,
    )
    return Outcome(visit.becomes(suggestions=(*visit.suggestions, suggestion)), made=suggestion.n)


def _require_room(visit: CoRevising) -> None:
    if len(visit.suggestions) >= MOST_SUGGESTIONS:
        raise Refused(
            "suggestion.too_many",
            zh=f"一次协同优化最多提出 {MOST_SUGGESTIONS} 条建议。",
            en=f"A co-revision holds at most {MOST_SUGGESTIONS} suggestions.",
        )


def _answer(turn: CommandContext, visit: CoRevising, move: Answer) -> Outcome:
    found = next((one for one in visit.suggestions if one.n == move.suggestion), None)
    if found is None:
        raise Invalid(
            "suggestion.unknown",
            zh=f"本轮优化中没有第 {move.suggestion} 条建议。",
            en=f"There is no suggestion {move.suggestion} in this co-revision.",
        )
    if turn.by not in _answerers(turn):
        raise Forbidden(
            "suggestion.not_branch",
            zh="只有本支部书记或起草人可以答复修改建议。",
            en="Only the branch's secretary or the drafter may answer a suggestion.",
        )
    if found.state != "open":
        raise Refused("suggestion.answered", zh="该建议已答复。", en="This suggestion was answered already.")
    if not move.accepted and move.reason is None:
        raise Invalid("answer.no_reason", zh="不采纳须说明理由。", en="Declining needs a reason.", field="/reason")
    answered = found.becomes(
        state="accepted" if move.accepted else "declined",
        answered_by=turn.by,
        answered_at=turn.at,
        answer=move.reason,
    )
    suggestions = tuple(answered if one is found else one for one in visit.suggestions)
    after = visit.becomes(suggestions=suggestions)
    return _accept(turn, after, found) if move.accepted else Outcome(after)


def _accept(turn: CommandContext, after: CoRevising, found: Suggestion) -> Outcome:
    review = turn.review
    if found.by == turn.by:
        raise Forbidden("suggestion.own", zh="不能采纳自己提出的建议。", en="You may not accept your own suggestion.")
    _require_unchanged(review, found)
    document = changed(review.document, found.path, found.proposal, review.schemas)
    revised = DocumentRevised(
        review=review.id,
        brand=review.brand,
        document=document,
        revision=review.revision + 1,
        changes=[Change(path=found.path, before=found.before, after=found.proposal)],
        suggested_by=found.by,
        accepted_by=turn.by,
    )
    return Outcome(after, document=document, facts=[revised])


def _require_unchanged(review: Review, found: Suggestion) -> None:
    document = review.document
    try:
        current = look(document, found.path)
        now, moved = _shown(current), not same(current, found.before)
    except Invalid:
        now, moved = "（已不存在 gone）", True
    if moved:
        then, other = _shown(found.before), changed_by(review, found)
        by, by_en = (f"（因采纳第 {other.n} 条建议）", f" by suggestion {other.n}") if other else ("", "")
        raise Refused(
            "suggestion.conflict",
            zh=f"内容已变化{by}：建议针对 {then}，现为 {now}；请说明理由不予采纳。",
            en=f"The place was changed{by_en}: suggested against {then}, now {now}; decline it with a reason.",
            field="/accepted",
        )


def _close(turn: CommandContext, visit: CoRevising) -> Outcome:
    turn.require_charge()
    if visit.open:
        numbers = ", ".join(str(suggestion.n) for suggestion in visit.open)
        raise Refused(
            "co_revision.suggestions_open",
            zh=f"还有建议未答复：{numbers}。",
            en=f"Not yet answered: suggestions {numbers}.",
        )
    return Outcome(visit, "pass")


def _shown(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
