"""What a department's changes ask of the Party's side: once for each change of where it stands, never for a name."""

from collections.abc import Mapping as Said
from datetime import date, timedelta

from services.registry.hr.model.employee_and_department import Department, DepartmentRecord
from services.registry.hr.model.proposal import Atlas, Mapping, Suggestion, of_department

DAY = date(2026, 6, 1)
LONG_AGO = date(2020, 1, 1)


def taken(key: str, *changes: tuple[date, Said[str, object]], until: date = DAY) -> Department:
    """A department after these changes, each taken on its day, or today where it is of the future."""
    current: Department | None = None
    for number, (day, said) in enumerate([(LONG_AGO, {}), *changes]):
        known = {"source": "hr", "source_id": key, "name": key, "parent": "C1", "effective_from": day, "seq": number}
        current, _ = Department.take(current, DepartmentRecord.model_validate({**known, **said}), min(day, until))
    assert current is not None
    return current


def asked(
    department: Department, *others: Department, mapped: str | None = None, to: str = "branch"
) -> list[Suggestion]:
    """What it suggests today, with one mapping."""
    name = mapped or department.id
    mapping = Mapping(id=f"{name}~{to}", department=name, organisation=to, since=LONG_AGO)
    return of_department(department, Atlas([department, *others], [mapping]), DAY)


MOVED = (DAY - timedelta(days=9), {"parent": "C2"})


def test_a_department_under_another_company_asks_and_a_later_name_neither_takes_that_back_nor_asks_again() -> None:
    (before,) = asked(taken("D", MOVED))
    (after,) = asked(taken("D", MOVED, (DAY, {"parent": "C2", "name": "新名"})))
    assert (before.id, before.organisation) == (after.id, "branch")


def test_a_new_name_asks_nothing_even_when_a_move_is_planned() -> None:
    planned = (DAY + timedelta(days=9), {"parent": "C2", "change_order_no": "M-1"})
    department = taken("D", planned, (DAY, {"name": "新名"}))
    assert department.applied is not None
    assert (department.applied.moves, asked(department)) == (1, [])


def test_a_moved_department_that_belonged_where_its_company_does_asks_there() -> None:
    (question,) = asked(taken("D", MOVED), taken("C1"), taken("C2"), mapped="C1", to="general-1")
    assert (question.organisation, question.effective_on) == ("general-1", MOVED[0])


def test_a_closed_department_asks_and_one_that_is_back_asks_nothing() -> None:
    closed = (DAY - timedelta(days=9), {"enabled": False})
    assert len(asked(taken("D", closed))) == 1
    assert asked(taken("D", closed, (DAY, {}))) == []
