"""Effects of events: made once, under ids that follow from their event, telling what the event said and no more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Fact
from services.activities.events.published import (
    DraftMade,
    DraftSettled,
    HintRaised,
    PointMeasured,
    ReminderRaised,
)
from services.activities.inbound.model import outcome as making
from services.activities.inbound.model.effect import WantedDraft, WantedHint, WantedPoint, WantedReminder
from services.activities.inbound.model.outcome import Draft, Filing, Hint, Origin, Place, Point, born, current_points
from services.activities.plans.model.activity import Draft as Plan
from services.activities.plans.model.roster import Actor

AT = datetime(2026, 6, 20, tzinfo=UTC)
BY = Actor("1001", AT)
ORIGIN = Origin(
    arrival="a1",
    event_type="safety.rescue.completed",
    source="/safety",
    subject="rescue-1",
    occurred_at=AT,
    department="safety",
    department_title="安全管理部",
    rule="rescue",
    rule_version=3,
    restricted=False,
)
HERE = born(ORIGIN, Place("branch", "gps"), 0)


def origin(**changes: Any) -> Origin:  # noqa: ANN401
    return Origin.model_validate({**dict(ORIGIN), **changes})


def test_an_id_follows_from_event_rule_place_and_row_whatever_the_version() -> None:
    assert born(origin(rule_version=4), Place("branch", "gps"), 0).key == HERE.key
    others = [
        born(origin(arrival="a2"), Place("branch", "gps"), 0),
        born(origin(rule="other"), Place("branch", "gps"), 0),
        born(ORIGIN, Place("other", "gps"), 0),
        born(ORIGIN, Place("branch"), 0),
        born(ORIGIN, Place("branch", "gps"), 1),
    ]
    assert len({one.key for one in (*others, HERE)}) == 6


def drafted() -> tuple[Draft, Sequence[Fact]]:
    wanted = WantedDraft(kind="emergency_task", title="抢险", organisation="branch")
    draft, facts = making.make(None, HERE, wanted, "急难险重任务")
    assert isinstance(draft, Draft)
    return draft, facts


def test_a_draft_is_made_once_and_holds_what_the_event_said() -> None:
    draft, (fact,) = drafted()
    assert (draft.occurred_at, draft.place, draft.content, draft.ended_at) == (AT, None, None, None)
    assert isinstance(fact, DraftMade)
    assert (fact.draft, fact.brand, fact.kind_title, fact.department_title) == (
        HERE.key,
        "gps",
        "急难险重任务",
        "安全管理部",
    )
    wanted = WantedDraft(kind="emergency_task", title="其他", organisation="branch")
    assert making.make(draft, HERE, wanted, "其他") == (draft, [])


def test_a_time_that_nobody_said_is_not_made_up() -> None:
    timeless = born(origin(occurred_at=None), Place("branch", "gps"), 0)
    with pytest.raises(Invalid, match=r"event\.no_time"):
        making.make(None, timeless, WantedDraft(kind="x", title="抢险", organisation="branch"), "x")
    with pytest.raises(Invalid, match=r"event\.no_time"):
        making.make(None, timeless, WantedPoint(indicator="x", value=1, unit="项", brand="gps"))


def test_a_draft_is_settled_once() -> None:
    draft, _ = drafted()
    plan = Plan(kind="emergency_task", title="抢险", starts_at=AT, place="堆场")
    filed, (fact,) = making.file(draft, Filing(plan=plan, by="1001", at=AT), "activity-1")
    assert isinstance(fact, DraftSettled)
    assert (fact.outcome, fact.activity, fact.by, filed.state) == ("filed", "activity-1", "1001", "filed")
    with pytest.raises(Refused, match=r"draft\.settled"):
        making.dismiss(filed, "x", BY)
    dismissed, (fact,) = making.dismiss(draft, "非本支部", BY)
    assert isinstance(fact, DraftSettled)
    assert (fact.outcome, fact.activity, fact.reason, dismissed.settled_by) == ("dismissed", None, "非本支部", "1001")


def point(value: float, said_at: datetime, subject: str | None, arrival: str) -> Point:
    of = born(origin(subject=subject, occurred_at=said_at, arrival=arrival), Place("branch", "gps"), 0)
    made, (fact,) = making.make(None, of, WantedPoint(indicator="x", value=value, unit="项", brand="gps"))
    assert isinstance(made, Point)
    assert isinstance(fact, PointMeasured)
    assert (fact.point, fact.value) == (made.id, value)
    return made


def test_a_later_event_about_the_same_subject_corrects_a_point_in_whatever_order_they_come() -> None:
    first, later = point(1, AT, "s", "a1"), point(2, AT + timedelta(days=1), "s", "a2")
    other, alone, apart = point(3, AT, "t", "a3"), point(4, AT, None, "a4"), point(5, AT, None, "a5")
    for some in ([first, later, other, alone, apart], [apart, later, alone, other, first]):
        assert {one.value for one in current_points(some)} == {2, 3, 4, 5}


def test_a_restricted_hint_is_raised_without_what_it_says() -> None:
    wanted = WantedHint(organisation="branch", title="立案", reason="张某……")
    hint, (fact,) = making.make(None, born(origin(restricted=True), Place("branch"), 0), wanted)
    assert isinstance(hint, Hint)
    assert isinstance(fact, HintRaised)
    assert (hint.reason, fact.restricted, "张某" in fact.reason) == ("张某……", True, False)
    _, (fact,) = making.make(None, HERE, wanted)
    assert isinstance(fact, HintRaised)
    assert fact.reason == "张某……"
    noted, _ = making.note(hint, "已核实", BY)
    with pytest.raises(Refused, match=r"hint\.noted"):
        making.note(noted, "再次", BY)


def test_a_reminder_is_raised_once_in_chinese_where_there_is_no_english() -> None:
    wanted = WantedReminder(organisation="branch", title="光荣退休", text="请准备", to="secretary")
    reminder, (fact,) = making.make(None, HERE, wanted)
    assert isinstance(fact, ReminderRaised)
    assert (fact.reminder, fact.title_en, fact.to) == (reminder.id, "光荣退休", "secretary")
    assert making.make(reminder, HERE, wanted) == (reminder, [])
