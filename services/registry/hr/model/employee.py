"""An employee as HR says: dated slices, the state that was acted upon last, and the next day something changes."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Literal

from pydantic import Field, JsonValue

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.dates import day_of, start_of
from infra.kernel.values import Value
from services.registry.events.published.hr import EmployeeChanged, EmployeeState
from services.registry.hr.model import timeline
from services.registry.hr.model.staging import EmployeeRecord, Status

GONE = "gone-"
"""How the order number of a change begins that nobody ordered: the employee was missing from a full list."""


class EmployeeSlice(timeline.Slice):
    """One dated state of an employee."""

    source_id: str
    name: str
    status: Status
    department: str | None
    part_time: tuple[str, ...] = ()
    position: str | None = None
    political_status: str | None = None
    raw: dict[str, JsonValue] = Field(default_factory=dict)

    @classmethod
    def of(cls, record: EmployeeRecord) -> "EmployeeSlice":
        """The slice that a record states."""
        return cls.model_validate(
            {
                **record.model_dump(exclude={"employee_no", "change_order_no", "main_dept_id", "part_time_dept_ids"}),
                "key": record.key,
                "department": record.main_dept_id,
                "part_time": record.part_time_dept_ids,
            }
        )


class Applied(Value):
    """What was acted upon last: from which slice, and how many times the state has changed since the first sight."""

    status: Status
    department: str | None
    name: str
    slice: str
    since: date
    moves: int = 0
    why: Literal["began", "withdrawn"] = "began"

    @property
    def change(self) -> str:
        """Names the change that led here: proposals that follow from it are raised once."""
        return f"{self.slice}#{self.moves}"


class Employee(Aggregate):
    """One employee number, across leaving and being hired again. The id is the number, never the name."""

    slices: tuple[EmployeeSlice, ...] = ()
    applied: Applied | None = None
    due_at: datetime | None = None

    @property
    def now(self) -> EmployeeSlice | None:
        """The slice that was acted upon last."""
        applied = self.applied
        return next((one for one in self.slices if applied and one.key == applied.slice), None)

    def answer(self) -> dict[str, object]:
        """The answer to its feeder: how many changes are known here."""
        return {"slices": len(self.slices)}


def take(before: Employee | None, record: EmployeeRecord, today: date) -> Decision[Employee]:
    """Add what a record says; what it changes today is published at once, what it changes later is due on its day."""
    employee = before or Employee(id=record.employee_no)
    slices = timeline.merge(employee.slices, EmployeeSlice.of(record))
    if before is not None and slices == before.slices:
        return before, []
    return settle(employee.becomes(slices=slices), today)


def due(employee: Employee, now: datetime) -> Decision[Employee]:
    """A day has come on which another slice holds."""
    return settle(employee, day_of(now))


def settle(employee: Employee, today: date) -> Decision[Employee]:
    """Act upon the state of today. The first sight is where we begin and no change; so it raises nothing."""
    following = timeline.next_change(employee.slices, today)
    after = employee.becomes(due_at=None if following is None else start_of(following))
    current, applied = timeline.on(employee.slices, today), employee.applied
    if current is None:
        return after, []
    fresh = Applied(
        status=current.status,
        department=current.department,
        name=current.name,
        slice=current.key,
        since=current.effective_from,
        moves=applied.moves if applied else 0,
    )
    if applied is None:
        return after.becomes(applied=fresh), []
    if (fresh.status, fresh.department) == (applied.status, applied.department):
        return after.becomes(
            applied=fresh.model_copy(update={"why": applied.why, "slice": applied.slice, "since": applied.since})
        ), []
    left = next((one for one in employee.slices if one.key == applied.slice), None)
    withdrawn = left is None or left.withdrawn
    fresh = fresh.model_copy(update={"moves": applied.moves + 1, "why": "withdrawn" if withdrawn else "began"})
    fact = EmployeeChanged(
        employee=employee.id,
        before=EmployeeState(**applied.model_dump(include={"status", "department", "name"})),
        after=EmployeeState(**fresh.model_dump(include={"status", "department", "name"})),
        effective_on=current.effective_from,
        change=fresh.change,
        compensates=withdrawn,
    )
    return after.becomes(applied=fresh), [fact]


def completed(record: EmployeeRecord, employee: Employee | None, said: Collection[str], day: date) -> EmployeeRecord:
    """The record with what holds that day in the fields of which a list says nothing: no column is no change."""
    slices = [one for one in employee.slices if not one.key.startswith(GONE)] if employee else []
    held = timeline.on(slices, day)
    if held is None:
        return record
    known = {
        **held.model_dump(include={"name", "status", "position", "political_status"}),
        "main_dept_id": held.department,
        "part_time_dept_ids": held.part_time,
    }
    return record.model_copy(update={name: value for name, value in known.items() if name not in said})


def as_of_list(record: EmployeeRecord, employee: Employee | None, day: date) -> EmployeeRecord | None:
    """What a list of this day adds to what is known; None = nothing. A list states the day, not a change.

    So a row that contradicts what holds that day becomes a change of that day, and one that was missing is back.
    """
    if employee is None or record.effective_from > day or record.change_order_no or record.withdrawn:
        return record
    held = timeline.on(employee.slices, day)
    stated = EmployeeSlice.of(record)
    facts = {"name", "status", "department", "part_time", "position", "political_status"}
    if held is not None and held.model_dump(include=facts) == stated.model_dump(include=facts):
        return None
    if held is not None and held.effective_from >= record.effective_from:
        return record.model_copy(update={"effective_from": day})
    return record


def missing(employee: Employee, run: str, source: str, day: date, seq: int) -> EmployeeRecord:
    """The record of somebody whom a full list no longer has."""
    last = timeline.on(employee.slices, day) or employee.slices[-1]
    return EmployeeRecord(
        source=source,
        source_id=last.source_id,
        employee_no=employee.id,
        name=last.name,
        status="left",
        main_dept_id=last.department,
        effective_from=day,
        seq=seq,
        change_kind="missing_from_full_list",
        change_order_no=f"{GONE}{run}",
    )


def back(employee: Employee, seq: int) -> list[EmployeeRecord]:
    """The withdrawals for somebody who was missing from an earlier list and is there again."""
    return [
        EmployeeRecord(
            employee_no=employee.id,
            main_dept_id=one.department,
            change_order_no=one.key,
            withdrawn=True,
            seq=max(seq, one.seq + 1),
            **one.model_dump(include={"source", "source_id", "name", "status", "effective_from", "change_kind"}),
        )
        for one in employee.slices
        if one.key.startswith(GONE) and not one.withdrawn
    ]
