"""Arrivals: the same is recognised, other content is kept beside it, forgeries never take the place of the true one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.kernel.cloudevents import structured
from infra.kernel.errors import Refused, Unreadable
from services.activities.inbound.model import arrival as moves
from services.activities.inbound.model.arrival import Arrival, Outcome, Raw, Reason
from services.activities.inbound.model.department import Department
from services.activities.plans.model.roster import Actor

AT = datetime(2026, 6, 1, tzinfo=UTC)
UNION = Department(id="union", title="工会", title_en="Union", types=("union.",), sources=("/union",), restricted=True)
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/union",
    "type": "union.contest.held",
    "data": {"$where": {"a.b": 1}},
}
WHY = Reason(code="rule.none", zh="没有规则。", en="No rule.")


def arrived(at: datetime = AT, **changes: Any) -> Arrival:  # noqa: ANN401
    return moves.believed(structured({**EVENT, **changes}), UNION, "union.contest.held", at)


def outcome(key: str) -> Outcome:
    return Outcome(rule="r", version=1, effect="point", id=key, organisation="branch")


def test_the_same_event_is_counted_and_other_content_changes_nothing() -> None:
    first = arrived()
    assert first.restricted
    again, _ = moves.keep(arrived(AT + timedelta(hours=1)), first)
    assert (again.seen, again.received_at, again.last_seen_at) == (2, AT, AT + timedelta(hours=1))
    other = arrived(data={"title": "x"})
    assert moves.keep(other, first) == (first, [])
    beside = moves.conflict(other)
    assert (beside.state, beside.conflicts_with, beside.id == first.id) == ("quarantined", first.id, False)
    assert moves.conflict(other).id == beside.id


def test_both_modes_of_an_event_are_the_same_content() -> None:
    assert arrived(datacontenttype="application/json").digest == arrived().digest
    assert arrived().foreign.envelope() == EVENT


def test_what_is_doubted_never_takes_the_id_of_the_event_it_claims_to_be() -> None:
    raw = Raw(body=b"{}", size=2, sha256="ab", headers={"ce-id": "1"}, content_type=None)
    claimed = moves.doubted(raw, structured({**EVENT, "source": "/forged"}), UNION, "union.contest.held", AT)
    assert claimed.id not in {arrived().id, moves.identity("/forged", "1")}
    assert (claimed.state, claimed.event, claimed.restricted, claimed.content) == ("quarantined", "1", True, None)
    unreadable = moves.doubted(raw, Unreadable("no JSON"), None, "x.y", AT)
    assert (unreadable.reasons[0].code, unreadable.event) == ("event.unreadable", None)
    assert unreadable.id != moves.doubted(raw, Unreadable("no JSON"), None, "x.z", AT).id


def test_earlier_effects_stay_and_missing_ones_are_added() -> None:
    first, _ = moves.settle(arrived(), "failed", (WHY,), (outcome("a"),), AT)
    again, _ = moves.settle(first, "effected", (), (outcome("a"), outcome("b")), AT)
    assert ([one.id for one in again.outcomes], again.state, again.reasons, again.looked) == (
        ["a", "b"],
        "effected",
        (),
        2,
    )
    retired, _ = moves.settle(again, "unmatched", (WHY,), (), AT)
    assert (retired.state, retired.reasons) == ("effected", ()), "it had its effect, though no rule takes it any more"


def test_what_a_person_put_aside_stays_there() -> None:
    odd, _ = moves.settle(arrived(), "quarantined", (WHY,), (), AT)
    aside, _ = moves.dismiss(odd, "测试", Actor("9001", AT))
    assert aside.dismissal is not None
    for refused in (lambda: moves.require_open(aside), lambda: moves.dismiss(aside, "again", Actor("9001", AT))):
        with pytest.raises(Refused):
            refused()
    late, _ = moves.settle(aside, "effected", (), (outcome("a"),), AT)
    assert (late.state, len(late.outcomes)) == ("dismissed", 1)
    with pytest.raises(Refused, match=r"arrival\.not_waiting"):
        moves.dismiss(moves.settle(arrived(), "effected", (), (outcome("a"),), AT)[0], "x", Actor("9001", AT))
    moved, _ = moves.pass_on(odd, "other", AT)
    with pytest.raises(Refused, match=r"arrival\.settled"):
        moves.require_open(moved)
