"""The rows of one list about the same person build on one another, in the order of their days."""

from datetime import date

from services.registry.hr.model.employee_and_department import EmployeeRecord
from services.registry.hr.model.run import Row, by_subject


def row(number: str, day: int, order: str) -> Row:
    record = EmployeeRecord.model_validate(
        {
            "source": "hr", "source_id": number, "employee_no": number, "name": "王五", "status": "active", "seq": 1,
            "effective_from": date(2026, 6, day), "change_order_no": order,
        }
    )  # fmt: skip
    return Row(id=f"r:employee:{number}:{order}", run="r", employee=record)


def test_rows_of_one_person_stand_together_by_day_whatever_their_order_numbers_are() -> None:
    rows = [row("1", 9, "A"), row("2", 1, "B"), row("1", 3, "Z")]
    assert [[one.id for one in theirs] for theirs in by_subject(rows)] == [
        ["r:employee:1:Z", "r:employee:1:A"],
        ["r:employee:2:B"],
    ]
