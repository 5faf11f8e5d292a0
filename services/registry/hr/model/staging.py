"""The one canonical record into which every feed of HR is brought, whatever system and way it comes from.

The fields follow what HR systems and master-data platforms of state-owned enterprises have in common (employee number,
dated change, order number that may be withdrawn); what a source says beyond that stays in ``raw``.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from infra.kernel.values import Input

Status = Literal["active", "leave", "seconded", "retired", "left", "rehired"]
Key = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
MOST_SEQ = 2**62


class Record(Input):
    """What employees' and departments' records share.

    ``seq`` orders what a source says about the same change (its own sequence, or the moment of modification in ms);
    ``change_order_no`` names a change that may be withdrawn later; dates are inclusive.
    """

    source: Name
    source_id: Key
    name: Name
    effective_from: date
    effective_to: date | None = None
    seq: int = Field(ge=0, le=MOST_SEQ)
    change_kind: str | None = Field(default=None, min_length=1, max_length=100)
    change_order_no: str | None = Field(default=None, min_length=1, max_length=100)
    withdrawn: bool = False
    raw: dict[str, JsonValue] = {}  # noqa: RUF012 - pydantic copies it

    @property
    def key(self) -> str:
        """What a later record of the same change has in common with this one."""
        return self.change_order_no or self.effective_from.isoformat()


class EmployeeRecord(Record):
    """One dated state of one employee; ``main_dept_id`` is the department that counts for the Party's side."""

    employee_no: Key
    status: Status
    main_dept_id: Key | None = None
    part_time_dept_ids: tuple[Key, ...] = Field(default=(), max_length=50)
    position: str | None = Field(default=None, min_length=1, max_length=200)
    political_status: str | None = Field(default=None, min_length=1, max_length=50)


class DepartmentRecord(Record):
    """One dated state of one department; ``merged_into`` names its successor where it was merged."""

    parent: Key | None = None
    enabled: bool = True
    merged_into: Key | None = None
