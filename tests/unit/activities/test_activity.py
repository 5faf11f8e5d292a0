"""Every state × every move of an activity, and what each move tells."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Decision
from services.activities.events.published import ActivityCancelled, ActivityFiled, ActivityRecorded
from services.activities.plans.model import activity as moves
from services.activities.plans.model.activity import Activity, Draft, Note
from services.activities.plans.model.attendance import Record
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor, RosterEntry

START = datetime(2026, 6, 26, 1, tzinfo=UTC)
KIND = Kind(id="open_day", title="开放日", title_en="Open day")


def draft(**changes: object) -> Draft:
    return Draft.model_validate(
        {
            "kind": "open_day",
            "title": "开放日",
            "starts_at": START,
            "place": "党员之家",
            "brand": "charm-gps",
            **changes,
        }
    )


def taken(by: str = "1001", *, late: bool = False) -> Record:
    return Record(
        revision=1,
        started_at=START,
        ended_at=START + timedelta(hours=1),
        chair="1001",
        recorder="1002",
        roster=(
            RosterEntry(person="1001", name="甲", status="full_member"),
            RosterEntry(person="1002", name="乙", status="probationary_member"),
        ),
        present=("1001",),
        on_leave=(),
        absent=({"person": "1002"},),
        non_voting_attendees=(),
        content="学习",
        warnings=({"rule": "entry.late", "zh": "迟", "en": "late", "field": "/ended_at"},) if late else (),
        late_entry=late,
        recorded_by=by,
        recorded_at=START + timedelta(hours=2),
    )


def planned() -> Activity:
    return moves.file("a1", "branch", draft(), KIND, Actor("1001", START - timedelta(days=3)))[0]


EXAMPLES: dict[str, Callable[[], Activity]] = {
    "planned": planned,
    "held": lambda: moves.record(planned(), taken())[0],
    "cancelled": lambda: moves.cancel(planned(), "暴雨", Actor("1001", START))[0],
}
MOVES: dict[str, Callable[[Activity], Decision[Activity]]] = {
    "change_plan": lambda a: moves.change_plan(a, draft(place="会议室"), KIND, Actor("1001", START)),
    "acknowledge": lambda a: moves.annotate(a, Note(kind="acknowledged", text=None, by="9001", at=START)),
    "query": lambda a: moves.annotate(a, Note(kind="query", text="场地？", by="9001", at=START)),
    "cancel": lambda a: moves.cancel(a, "暴雨", Actor("1001", START)),
    "record": lambda a: moves.record(a, taken()),
    "correct": lambda a: moves.correct(a, taken("1002"), "漏记一人"),
}
AFTER = {
    ("planned", "change_plan"): "planned",
    ("planned", "acknowledge"): "planned",
    ("planned", "query"): "planned",
    ("planned", "cancel"): "cancelled",
    ("planned", "record"): "held",
    ("held", "acknowledge"): "held",
    ("held", "query"): "held",
    ("held", "correct"): "held",
    ("cancelled", "acknowledge"): "cancelled",
    ("cancelled", "query"): "cancelled",
}
PUBLISHED = {
    "change_plan": [ActivityFiled],
    "cancel": [ActivityCancelled],
    "record": [ActivityRecorded],
    "correct": [ActivityRecorded],
}


@pytest.mark.parametrize("state", EXAMPLES)
@pytest.mark.parametrize("move", MOVES)
def test_every_move_from_every_state_happens_or_is_refused(state: str, move: str) -> None:
    before = EXAMPLES[state]()
    assert before.state == state
    if (state, move) not in AFTER:
        with pytest.raises(Refused):
            MOVES[move](before)
        return
    after, facts = MOVES[move](before)
    assert after.state == AFTER[state, move]
    assert after != before
    assert [type(fact) for fact in facts] == PUBLISHED.get(move, [])


def test_a_plan_filed_after_its_start_is_marked_late_and_not_refused() -> None:
    _, facts = moves.file("a1", "branch", draft(), KIND, Actor("1001", START + timedelta(minutes=1)))
    assert isinstance(facts[0], ActivityFiled)
    assert facts[0].late
    assert not planned().plan.late


def test_a_filing_tells_the_whole_plan() -> None:
    _, facts = moves.file("a1", "branch", draft(), KIND, Actor("1001", START))
    assert facts == [
        ActivityFiled(
            activity="a1",
            organisation="branch",
            brand="charm-gps",
            kind="open_day",
            kind_title="开放日",
            kind_title_en="Open day",
            title="开放日",
            starts_at=START,
            place="党员之家",
            filed_at=START,
            filed_by="1001",
            late=False,
            revision=1,
        )
    ]


def test_a_cancellation_tells_what_does_not_take_place_and_why() -> None:
    _, facts = MOVES["cancel"](planned())
    assert facts == [
        ActivityCancelled(
            activity="a1",
            organisation="branch",
            brand="charm-gps",
            kind="open_day",
            kind_title="开放日",
            kind_title_en="Open day",
            title="开放日",
            starts_at=START,
            reason="暴雨",
            cancelled_by="1001",
        )
    ]


def test_a_changed_plan_keeps_the_earlier_one() -> None:
    after, facts = MOVES["change_plan"](planned())
    assert (after.plan.place, after.plan.revision) == ("会议室", 2)
    assert [plan.place for plan in after.earlier_plans] == ["党员之家"]
    assert facts[0].model_dump()["revision"] == 2


def test_a_plan_does_not_end_before_it_starts() -> None:
    with pytest.raises(Invalid, match=r"plan\.ends_before_start") as refused:
        moves.file("a1", "branch", draft(ends_at=START - timedelta(hours=1)), KIND, Actor("1001", START))
    assert refused.value.field == "/ends_at"


def test_a_query_says_what_it_asks() -> None:
    with pytest.raises(Invalid, match=r"query\.empty"):
        moves.annotate(planned(), Note(kind="query", text=None, by="9001", at=START))


def test_the_work_department_s_notes_change_nothing_but_the_notes() -> None:
    after, _ = MOVES["query"](planned())
    assert after.becomes(notes=()) == planned()


def test_a_record_tells_its_counts() -> None:
    _, facts = MOVES["record"](planned())
    assert isinstance(facts[0], ActivityRecorded)
    fact = facts[0]
    assert (fact.expected, fact.present, fact.on_leave, fact.absent) == (2, 1, 0, 1)
    assert (fact.held_at, fact.recorded_by, fact.brand) == (START, "1001", "charm-gps")


@given(st.lists(st.sampled_from(["1001", "1002", "1003"]), min_size=1, max_size=6), st.booleans())
def test_corrections_delete_nothing_and_the_late_mark_stays_as_it_was(people: list[str], late: bool) -> None:
    activity = moves.record(planned(), taken("first", late=late))[0]
    for person in people:
        activity = moves.correct(activity, taken(person, late=True), "更正")[0]
    assert activity.record is not None
    assert [one.recorded_by for one in (*activity.earlier_records, activity.record)] == ["first", *people]
    assert [one.revision for one in (*activity.earlier_records, activity.record)] == list(range(1, len(people) + 2))
    assert activity.record.late_entry is late
    assert [finding.rule for finding in activity.record.warnings] == (["entry.late"] if late else [])
