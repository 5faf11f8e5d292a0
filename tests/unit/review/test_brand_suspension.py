"""Suspension, rectification and revocation: what people decide, and what is refused with which problem and field."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from infra.kernel.errors import Invalid, NotFound, Refused
from services.review.standings.model.commands import Awarded, Closed, Ordered, Proved
from services.review.standings.model.grading import award, grade, grant
from services.review.standings.model.sanctions import close, dismiss, lift, order, overdue, prove, revoke, suspend
from services.review.standings.model.standing import begin
from tests.unit.review.standing_scene import (
    HINT,
    OFFICE_ONLY,
    ORDER,
    TODAY,
    actor,
    approval,
    at,
    begun,
    checked,
    context,
    level,
    refused,
    rules,
    said,
)


def test_a_hint_is_decided_once_and_a_suspended_brand_cannot_rise() -> None:
    held, facts = suspend(at("established"), HINT, context(**OFFICE_ONLY))
    assert (held.state, held.rulings[0].outcome, held.history[-1].restricted) == ("suspended", "suspended", True)
    assert "调查" not in str(facts)
    moves: list[Callable[[], object]] = [
        lambda: grade(held, level("excellent"), context()),
        lambda: award(held, said(Awarded, award="commendation"), context()),
        lambda: grant(held, "excellent", None, context(campaign="c")),
    ]
    for move in moves:
        with pytest.raises(Refused) as caught:
            move()
        refused(caught.value, "standing.not_sound", None)
    with pytest.raises(Refused) as twice:
        suspend(held, None, context(**OFFICE_ONLY))
    refused(twice.value, "standing.suspended", None)
    lifted = lift(held, context(**OFFICE_ONLY))[0]
    assert lifted.state == "active"
    with pytest.raises(Refused) as decided:
        dismiss(lifted, HINT, context(**OFFICE_ONLY))
    refused(decided.value, "hint.decided", None)
    with pytest.raises(Refused) as none:
        lift(lifted, context(**OFFICE_ONLY))
    refused(none.value, "standing.not_suspended", None)


def test_a_dismissed_hint_changes_nothing_that_others_are_told() -> None:
    after, facts = dismiss(begun(), HINT, context(**OFFICE_ONLY))
    assert (after.state, after.rulings[0].outcome, facts) == ("active", "dismissed", [])


def test_a_rectification_is_proved_item_by_item_and_closed_by_a_person() -> None:
    ordered, facts = order(at("established"), ORDER, context(**OFFICE_ONLY))
    assert [fact.type for fact in facts] == ["review.rectification.ordered.v1", "review.standing.recorded.v1"]
    assert ordered.state == "rectifying"
    with pytest.raises(Refused) as second:
        order(ordered, ORDER, context(**OFFICE_ONLY))
    refused(second.value, "rectification.open", None)
    with pytest.raises(Refused) as unproved:
        close(ordered, 1, said(Closed, met=True), context(**OFFICE_ONLY))
    refused(unproved.value, "rectification.unproved", "/met")
    with pytest.raises(Invalid) as item:
        prove(ordered, 1, Proved(item=2, text="？"), actor())
    refused(item.value, "rectification.item", "/item")
    shown = prove(ordered, 1, Proved(item=1, text="已补齐"), actor())[0]
    closed, facts = close(shown, 1, said(Closed, met=True), context(**OFFICE_ONLY))
    assert (closed.state, closed.due_at) == ("active", None)
    assert [fact.type for fact in facts] == ["review.rectification.closed.v1", "review.standing.recorded.v1"]
    with pytest.raises(Refused) as over:
        prove(closed, 1, Proved(item=1, text="再补"), actor())
    refused(over.value, "rectification.closed", None)
    with pytest.raises(NotFound):
        close(closed, 7, said(Closed, met=False), context(**OFFICE_ONLY))


@pytest.mark.parametrize("days", [0, 91])
def test_a_deadline_lies_within_the_days_of_the_rules(days: int) -> None:
    with pytest.raises(Invalid) as caught:
        order(begun(), said(Ordered, items=("一",), deadline=TODAY + timedelta(days=days)), context(**OFFICE_ONLY))
    refused(caught.value, "rectification.deadline", "/deadline")


def test_overdue_is_told_once_after_the_last_day_in_china() -> None:
    ordered = order(begun(), ORDER, context(**OFFICE_ONLY))[0]
    assert ordered.due_at is not None
    with pytest.raises(Refused):
        overdue(ordered, ordered.due_at - timedelta(seconds=1))
    late, facts = overdue(ordered, ordered.due_at)
    assert [fact.type for fact in facts] == ["review.rectification.overdue.v1"]
    assert late.state == "rectifying", "nothing else follows by itself"
    with pytest.raises(Refused):
        overdue(late, ordered.due_at + timedelta(days=9))


def test_nothing_of_a_revoked_brand_stays_open_and_a_new_approval_begins_again() -> None:
    busy = suspend(order(checked(at("excellent")), ORDER, context(**OFFICE_ONLY))[0], None, context(**OFFICE_ONLY))[0]
    gone, facts = revoke(busy, context())
    assert (gone.rectification, gone.suspension, gone.recheck, gone.due_at) == (None, None, None, None)
    assert [fact.type for fact in facts] == ["review.rectification.closed.v1", "review.standing.recorded.v1"]
    with pytest.raises(Refused) as caught:
        grade(gone, level("cultivating"), context())
    refused(caught.value, "standing.revoked", None)
    assert begin(gone, approval(sequence=99), rules(), actor())[0].state == "revoked", "an old approval told late"
    again, facts = begin(gone, approval(100, "b.r2", date(2028, 3, 1)), rules(), actor(date(2028, 3, 1)))
    assert (again.state, again.level, again.reapply_from, again.begun_on) == ("active", None, None, date(2028, 3, 1))
    assert again.history[: len(gone.history)] == gone.history
    assert len(facts) == 1
