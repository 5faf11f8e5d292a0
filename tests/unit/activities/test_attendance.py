"""A record against the roster of its day: what is an error, what is a warning."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kernel.errors import Invalid
from infra.kernel.working_days import Calendar
from services.activities.plans.model.attendance import Record, Sheet, take
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor, RosterEntry

START = datetime(2026, 6, 22, 1, tzinfo=UTC)  # a Monday
END = START + timedelta(hours=1)
KIND = Kind(id="members_meeting", title="党员大会", title_en="Members' meeting", quorum_above_percent=50, minutes=30)
CALENDAR = Calendar(off=(date(2026, 6, 24), date(2026, 6, 25)), confirmed=(2026,))
PEOPLE = ("1001", "1002", "1003", "1004")
ROSTER = tuple(
    RosterEntry(
        person=person, name=f"党员{person}", status="probationary_member" if person == "1004" else "full_member"
    )
    for person in PEOPLE
)


def sheet(**changes: object) -> Sheet:
    return Sheet.model_validate(
        {
            "started_at": START,
            "ended_at": END,
            "chair": "1001",
            "recorder": "1002",
            "present": ["1001", "1002", "1004"],
            "on_leave": [{"person": "1003", "reason": "出差"}],
            "content": "学习",
            **changes,
        }
    )


def entered(entry: Sheet, now: datetime = END) -> Record:
    return take(entry, ROSTER, KIND, CALENDAR, Actor("1002", now))


def rules(record: Record) -> list[str]:
    return [finding.rule for finding in record.warnings]


def test_a_complete_record_has_no_warning_and_keeps_the_roster_it_was_checked_against() -> None:
    record = entered(sheet(non_voting_attendees=["积极分子一名"]))
    assert rules(record) == []
    assert (record.roster, record.absent, record.late_entry) == (ROSTER, (), False)
    assert record.non_voting_attendees == ("积极分子一名",)


ERRORS = [
    ({"ended_at": START - timedelta(minutes=1)}, "record.ends_before_start", "/ended_at"),
    ({"ended_at": END + timedelta(minutes=1)}, "record.in_future", "/ended_at"),
    ({"present": ["1001", "7777"]}, "record.not_on_roster", "/present/1"),
    ({"on_leave": [{"person": "7777"}]}, "record.not_on_roster", "/on_leave/0"),
    ({"absence_reasons": [{"person": "7777"}]}, "record.not_on_roster", "/absence_reasons/0"),
    ({"present": ["1001", "1001"]}, "record.listed_twice", "/present/1"),
    ({"on_leave": [{"person": "1003"}, {"person": "1001"}]}, "record.listed_twice", "/on_leave/1"),
    ({"absence_reasons": [{"person": "1003", "reason": "病"}]}, "record.listed_twice", "/absence_reasons/0"),
]


@pytest.mark.parametrize(("changes", "code", "field"), ERRORS)
def test_an_error_refuses_the_record_and_points_to_its_field(changes: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        entered(sheet(**changes))
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.zh
    assert refused.value.en


WARNINGS: list[tuple[dict[str, object], list[str]]] = [
    ({"on_leave": []}, ["absence.no_reason"]),
    ({"on_leave": [], "absence_reasons": [{"person": "1003", "reason": "值班"}]}, []),
    ({"on_leave": [{"person": "1003"}]}, ["absence.no_reason"]),
    # of three full members one is there; the probationary one does not help the quorum
    ({"present": ["1001", "1004"], "absence_reasons": [{"person": "1002", "reason": "病"}]}, ["quorum.missing"]),
    ({"ended_at": START + timedelta(minutes=29)}, ["duration.short"]),
]


@pytest.mark.parametrize(("changes", "expected"), WARNINGS)
def test_a_warning_stays_with_the_record(changes: dict[str, object], expected: list[str]) -> None:
    assert rules(entered(sheet(**changes))) == expected


@pytest.mark.parametrize(
    ("days", "late"),
    [(0, False), (1, False), (2, False), (4, False), (6, False), (7, False), (8, True)],
    ids=["Mon", "Tue", "holiday", "Fri: 2nd working day", "Sun", "Mon: 3rd", "Tue: 4th"],
)
def test_an_entry_is_late_after_more_than_three_working_days(days: int, late: bool) -> None:
    record = entered(sheet(), END + timedelta(days=days))
    assert record.late_entry is late
    assert rules(record) == (["entry.late"] if late else [])


@pytest.mark.parametrize(("confirmed", "provisional"), [((2026,), False), ((2025,), True), ((), True)])
def test_late_by_days_whose_holidays_are_not_published_yet_is_provisional(
    confirmed: tuple[int, ...], provisional: bool
) -> None:
    calendar = CALENDAR.model_copy(update={"confirmed": confirmed})
    record = take(sheet(), ROSTER, KIND, calendar, Actor("1002", END + timedelta(days=8)))
    assert (record.late_entry, record.late_provisional) == (True, provisional)
    assert ("暂定" in record.warnings[0].zh, "provisional" in record.warnings[0].en) == (provisional, provisional)


def test_a_weekend_that_is_worked_counts_as_a_working_day() -> None:
    saturday = START.date() + timedelta(days=5)
    assert not CALENDAR.is_working(saturday)
    assert CALENDAR.model_copy(update={"worked": (saturday,)}).is_working(saturday)


@given(st.lists(st.sampled_from(["present", "on_leave", "absent"]), min_size=4, max_size=4))
def test_present_on_leave_and_absent_are_always_the_whole_roster_and_never_overlap(parts: list[str]) -> None:
    people = dict(zip(PEOPLE, parts, strict=True))
    present = [person for person, part in people.items() if part == "present"]
    on_leave = [{"person": person, "reason": "事假"} for person, part in people.items() if part == "on_leave"]
    if not present:
        return
    record = entered(sheet(present=present, on_leave=on_leave))
    away = [excuse.person for excuse in (*record.on_leave, *record.absent)]
    assert sorted([*record.present, *away]) == list(PEOPLE)
