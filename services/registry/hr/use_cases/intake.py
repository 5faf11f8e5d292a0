"""The one way in for everything HR says, whatever feed it came by: one record, one decision, one write."""

from functools import partial

from infra.kernel.dates import day_of
from infra.kernel.events import Cause
from infra.storage.store import CommandResult
from services.registry.hr.model import department, employee
from services.registry.hr.model.staging import DepartmentRecord, EmployeeRecord
from services.registry.hr.store.mirror import Hr


class Intake:
    """Takes canonical records; the day on which it acts is the cause's day in China."""

    def __init__(self, hr: Hr) -> None:
        self._hr = hr

    async def employee(self, record: EmployeeRecord, cause: Cause) -> CommandResult:
        """Take what is said about an employee; again, late or in another order it ends the same."""
        decide = partial(employee.take, record=record, today=day_of(cause.at))
        return await self._hr.employees.put(record.employee_no, decide, cause=cause)

    async def department(self, record: DepartmentRecord, cause: Cause) -> CommandResult:
        """Take what is said about a department."""
        decide = partial(department.take, record=record, today=day_of(cause.at))
        return await self._hr.departments.put(record.source_id, decide, cause=cause)
