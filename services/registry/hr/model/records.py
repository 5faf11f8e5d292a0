"""What any feed of HR states (the canonical records), and the dated slices of it that hold on a day.

The fields of a record follow what HR systems and master-data platforms of state-owned enterprises have in common
(employee number, dated change, order number that may be withdrawn); what a source says beyond that stays in ``raw``.
The state of any day follows from the slices, in whatever order, however often, however late they came.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, TypeVar

from pydantic import Field, JsonValue

from infra.kernel.dates import DAY, covers
from infra.kernel.values import Input, Value

Kind = Literal["employee", "department"]
Status = Literal["active", "leave", "seconded", "retired", "left", "rehired"]
Key = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
MOST_SEQ: Final = 2**62


class Record(Input):
    """What employees' and departments' records share.

    ``seq`` orders what a source says about the same change (its own sequence, or the moment of modification in ms);
    ``change_order_no`` names a change that may be withdrawn later; dates are inclusive.
    """

    kind: ClassVar[Kind]

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
    def subject(self) -> str:
        """Whom or what it is about: the id under which it is mirrored."""
        return self.source_id

    @property
    def key(self) -> str:
        """What a later record of the same change has in common with this one."""
        return self.change_order_no or self.effective_from.isoformat()


class EmployeeRecord(Record):
    """One dated state of one employee; ``main_dept_id`` is the department that counts for the Party's side."""

    kind: ClassVar[Kind] = "employee"

    employee_no: Key
    status: Status
    main_dept_id: Key | None = None
    part_time_dept_ids: tuple[Key, ...] = Field(default=(), max_length=50)
    position: str | None = Field(default=None, min_length=1, max_length=200)
    political_status: str | None = Field(default=None, min_length=1, max_length=50)

    @property
    def subject(self) -> str:
        """The employee number."""
        return self.employee_no


class DepartmentRecord(Record):
    """One dated state of one department; ``merged_into`` names its successor where it was merged."""

    kind: ClassVar[Kind] = "department"

    parent: Key | None = None
    enabled: bool = True
    merged_into: Key | None = None


R = TypeVar("R", bound=Record)


class Slice(Value):
    """One change as its newest record states it; a withdrawn one counts for nothing, and stays visible."""

    key: str
    source: str
    effective_from: date
    effective_to: date | None = None
    seq: int
    withdrawn: bool = False
    change_kind: str | None = None
    raw: dict[str, JsonValue] = Field(default_factory=dict)

    def covers(self, day: date) -> bool:
        """Whether it says something about this day."""
        return not self.withdrawn and covers(self.effective_from, self.effective_to, day)

    @property
    def place(self) -> tuple[date, int, str]:
        """Where it stands among the others."""
        return self.effective_from, self.seq, self.key


class EmployeeSlice(Slice):
    """One dated state of an employee."""

    source_id: str
    name: str
    status: Status
    department: str | None
    part_time: tuple[str, ...] = ()
    position: str | None = None
    political_status: str | None = None


class DepartmentSlice(Slice):
    """One dated state of a department."""

    name: str
    parent: str | None = None
    enabled: bool = True
    merged_into: str | None = None


S = TypeVar("S", bound=Slice)


def merge(slices: Sequence[S], new: S) -> tuple[S, ...]:
    """The slices with this one: of the same change the newest record counts, whenever it came.

    Two different records with the same number cannot be ordered; the greater text wins, so that order is of no meaning.
    """

    def rank(one: S) -> tuple[int, bool, str]:
        return one.seq, one.withdrawn, one.model_dump_json()

    same = next((one for one in slices if one.key == new.key), None)
    if same is not None and rank(same) >= rank(new):
        return tuple(slices)
    return tuple(sorted([*(one for one in slices if one.key != new.key), new], key=lambda one: one.place))


def on(slices: Iterable[S], day: date) -> S | None:
    """The slice that holds on a day: the one that began last; when it is over, the one before it holds again."""
    return max((one for one in slices if one.covers(day)), key=lambda one: one.place, default=None)


def next_change(slices: Iterable[Slice], after: date) -> date | None:
    """The first later day on which another slice may hold."""
    counting = [one for one in slices if not one.withdrawn]
    days = {one.effective_from for one in counting} | {one.effective_to + DAY for one in counting if one.effective_to}
    return min((day for day in days if day > after), default=None)
