"""Whatever order HR's records come in, however often: the same state; and every case that HR is known for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.events.published import EmployeeChanged
from services.registry.hr.model.employee_and_department import Employee, EmployeeRecord

DAY = date(2026, 6, 1)


def record(department: str | None = "DA", since: date = date(2020, 1, 1), **more: object) -> EmployeeRecord:
    known = {"source": "hr", "source_id": "1", "employee_no": "1001", "name": "王五", "status": "active", "seq": 1}
    return EmployeeRecord.model_validate({**known, "main_dept_id": department, "effective_from": since, **more})


def fed(*records: EmployeeRecord, on: date = DAY) -> tuple[Employee, list[EmployeeChanged]]:
    """The employee after these records, all taken on one day, and the facts told."""
    current, facts = None, []
    for one in records:
        current, published = Employee.take(current, one, on)
        facts += [fact for fact in published if isinstance(fact, EmployeeChanged)]
    assert current is not None
    return current, facts


def state(employee: Employee) -> tuple[str | None, str | None]:
    now = employee.applied
    return (now.status, now.department) if now else (None, None)


ORDERED = {"change_order_no": "A-1"}
AGAIN = record("DB", DAY, status="rehired", seq=2, change_order_no="B")
FUTURE = DAY + timedelta(days=1)
WITHDRAWN = {**ORDERED, "withdrawn": True, "seq": 2}
MONTHS_AGO = DAY - timedelta(days=60)


@pytest.mark.parametrize(
    ("later", "wanted", "facts"),
    [
        ([record("DB", DAY)], ("active", "DB"), 1),
        ([record("DB", DAY + timedelta(days=1))], ("active", "DA"), 0),
        ([record("DB", FUTURE, **ORDERED), record("DB", FUTURE, **WITHDRAWN)], ("active", "DA"), 0),
        ([record("DB", DAY, **ORDERED), record("DB", DAY, **WITHDRAWN)], ("active", "DA"), 2),
        ([record("DB", DAY, **WITHDRAWN), record("DB", DAY, **ORDERED)], ("active", "DA"), 0),
        ([record("DA", DAY, part_time_dept_ids=("DX", "DY"))], ("active", "DA"), 0),
        ([record("DA", DAY, name="王武")], ("active", "DA"), 0),
        ([record("DA", DAY, status="retired")], ("retired", "DA"), 1),
        ([record("DA", DAY, status="left"), AGAIN], ("rehired", "DB"), 2),
        ([record("DX", DAY, status="seconded", effective_to=DAY + timedelta(days=90))], ("seconded", "DX"), 1),
        ([record("DX", MONTHS_AGO, status="seconded", effective_to=DAY - timedelta(days=1))], ("active", "DA"), 0),
        ([record("DB", DAY - timedelta(days=30), seq=5), record("DC", MONTHS_AGO, seq=9)], ("active", "DB"), 1),
        ([record("DB", seq=2)], ("active", "DB"), 1),
        ([record("DB", seq=0)], ("active", "DA"), 0),
    ],
    ids=[
        "transfer", "of the future", "withdrawn before its day", "withdrawn after its day", "the withdrawal came first",
        "two part-time posts", "rename", "retired", "left and hired again", "secondment", "secondment that is over",
        "an older change comes later", "the same change corrected", "an older record of the same change",
    ],
)  # fmt: skip
def test_every_case_ends_in_the_right_state(later: list[EmployeeRecord], wanted: tuple[str, str], facts: int) -> None:
    employee, published = fed(record(), *later)
    assert (state(employee), len(published)) == (wanted, facts)


def test_a_change_of_the_future_is_due_on_its_day_at_midnight_in_china() -> None:
    employee, _ = fed(record(), record("DB", DAY + timedelta(days=1)))
    assert employee.due_at == datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
    after, facts = Employee.due(employee, employee.due_at)
    assert (state(after), len(facts), after.due_at) == (("active", "DB"), 1, None)


def test_a_secondment_that_ends_is_due_the_day_after() -> None:
    employee, _ = fed(record(), record("DX", DAY, status="seconded", effective_to=date(2026, 8, 31)))
    after, facts = Employee.due(employee, datetime(2026, 8, 31, 16, 0, tzinfo=UTC))
    assert (state(after), len(facts)) == (("active", "DA"), 1)


RECORDS = st.builds(
    record,
    st.sampled_from(["DA", "DB", "DC"]),
    st.dates(date(2026, 5, 28), date(2026, 6, 4)),
    seq=st.integers(0, 3),
    withdrawn=st.booleans(),
    change_order_no=st.sampled_from([None, "A", "B"]),
    status=st.sampled_from(["active", "left", "seconded"]),
    effective_to=st.sampled_from([None, date(2026, 6, 5)]),
)


@given(st.lists(RECORDS, min_size=1, max_size=7), st.randoms())
def test_any_order_and_any_repetition_end_the_same(records: list[EmployeeRecord], chance: Any) -> None:  # noqa: ANN401
    one, _ = fed(*records)
    again = [*records, *chance.sample(records, len(records) // 2)]
    chance.shuffle(again)
    other, _ = fed(*again)
    assert one.slices == other.slices
    assert one.due_at == other.due_at
    if any(piece.covers(DAY) for piece in one.slices):
        assert state(one) == state(other)


@given(st.lists(RECORDS, min_size=1, max_size=5))
def test_what_was_taken_once_changes_nothing_again(records: list[EmployeeRecord]) -> None:
    once, _ = fed(*records)
    for one in records:
        after, facts = Employee.take(once, one, DAY)
        assert (after, facts) == (once, [])


def test_a_list_that_contradicts_the_day_is_a_change_of_that_day_and_otherwise_nothing() -> None:
    employee, _ = fed(record(), record("DB", DAY - timedelta(days=10), change_order_no="A-1"))
    assert Employee.as_of_list(record("DB"), employee, DAY) is None
    stated = Employee.as_of_list(record("DA"), employee, DAY)
    assert stated is not None
    assert stated.effective_from == DAY


def test_a_list_that_dates_everybody_by_their_first_day_does_not_rewrite_the_past() -> None:
    employee, _ = fed(record("DA"))
    stated = Employee.as_of_list(record("DB"), employee, DAY)
    assert stated is not None
    assert (stated.effective_from, stated.main_dept_id) == (DAY, "DB")


def test_who_was_missing_from_a_list_is_back_when_a_list_has_them_again() -> None:
    employee, _ = fed(record())
    gone, _ = Employee.take(employee, Employee.missing(employee, "r1", "hr", DAY, 50), DAY)
    assert state(gone) == ("left", "DA")
    for one in Employee.back(gone, 60):
        gone, _ = Employee.take(gone, one, DAY)
    assert state(gone) == ("active", "DA")


def test_a_list_without_a_column_says_nothing_of_it() -> None:
    employee, _ = fed(record(status="seconded", part_time_dept_ids=("DX",), position="调度员"))
    bare = record(None, DAY, name="王武")
    known = Employee.completed(bare, employee, {"employee_no", "name"}, DAY)
    assert (known.name, known.status, known.main_dept_id) == ("王武", "seconded", "DA")
    assert (known.part_time_dept_ids, known.position) == (("DX",), "调度员")
    cleared = Employee.completed(bare, employee, {"name", "main_dept_id", "part_time_dept_ids"}, DAY)
    assert (cleared.main_dept_id, cleared.part_time_dept_ids) == (None, ())


def test_who_is_back_on_a_list_without_a_status_is_not_left() -> None:
    employee, _ = fed(record())
    gone, _ = Employee.take(employee, Employee.missing(employee, "r1", "hr", DAY, 50), DAY)
    assert Employee.completed(record("DB", DAY), gone, {"main_dept_id"}, DAY).status == "active"
