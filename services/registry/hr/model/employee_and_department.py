"""Employees and departments: what any feed of HR states of them, the dated slices of it, and the state acted upon last.

The fields of a record follow what HR systems and master-data platforms of state-owned enterprises have in common
(employee number, dated change, order number that may be withdrawn); what a source says beyond that stays in ``raw``.
The state of any day follows from the slices, in whatever order, however often, however late they came.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeVar

from pydantic import Field, JsonValue

from infra.kernel.dates import DAY, covers, day_of, start_of
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Input, Value
from services.registry.events.published import DepartmentChanged, EmployeeChanged

Kind = Literal["employee", "department"]
Status = Literal["active", "leave", "seconded", "retired", "left", "rehired"]
Key = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


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
    seq: int = Field(ge=0, le=2**62)
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


OVER: Final = ("left", "retired")
"""States of those who cannot be lost any more."""
MISSING: Final = "gone-"
"""How the order number of a change begins that nobody ordered: it was missing from a full list."""
NAMING: Final = {"name", "status", "main_dept_id", "parent"}
"""What a record that ends something, or takes that back, still says of it."""


class Applied(Value):
    """What was acted upon last: from which slice, and how many times it has changed since the first sight."""

    name: str
    slice: str
    since: date
    moves: int = 0

    @property
    def change(self) -> str:
        """Names the change that led here: proposals that follow from it are raised once."""
        return f"{self.slice}#{self.moves}"


class Mirror(Aggregate):
    """One employee or department: dated slices, the state acted upon last, and the next day something changes."""

    records: ClassVar[type[Record]]
    slicing: ClassVar[type[Slice]]
    stated: ClassVar[Mapping[str, str]]
    """What a list may say of it: the record's field → the slice's."""
    ended: ClassVar[Mapping[str, object]]
    """What it is when a full list no longer has it."""

    slices: tuple[Slice, ...] = ()
    due_at: datetime | None = None

    def answer(self) -> dict[str, object]:
        """The answer to its feeder: how many changes are known here."""
        return {"slices": len(self.slices)}

    def act(self, current: Slice) -> Decision[Self]:
        """Act upon the slice that holds today."""
        raise NotImplementedError

    @classmethod
    def slice(cls, record: Record) -> Slice:
        """The slice that a record states."""
        own = {field: getattr(record, name) for name, field in cls.stated.items()}
        return cls.slicing.model_validate({**record.model_dump(), **own, "key": record.key})

    @classmethod
    def take(cls, before: Self | None, record: Record, today: date) -> Decision[Self]:
        """Add what a record says; what changes today is published at once, what changes later is due on its day."""
        known = before or cls(id=record.subject)
        slices = merge(known.slices, cls.slice(record))
        if before is not None and slices == before.slices:
            return before, []
        return known.becomes(slices=slices).settle(today)

    def due(self, now: datetime) -> Decision[Self]:
        """A day has come on which another slice holds."""
        return self.settle(day_of(now))

    def settle(self, today: date) -> Decision[Self]:
        """Act upon the state of today."""
        following, current = next_change(self.slices, today), on(self.slices, today)
        after = self.becomes(due_at=None if following is None else start_of(following))
        return (after, []) if current is None else after.act(current)

    @classmethod
    def completed(cls, record: R, known: Self | None, said: Collection[str], day: date) -> R:
        """The record with what holds that day in the fields of which a list says nothing: no column is no change."""
        held = on([one for one in known.slices if not one.key.startswith(MISSING)], day) if known else None
        if held is None:
            return record
        silent = {name: getattr(held, field) for name, field in cls.stated.items() if name not in said}
        return record.model_copy(update=silent)

    @classmethod
    def as_of_list(cls, record: R, known: Self | None, day: date) -> R | None:
        """What a list of this day adds to what is known; None = nothing. A list states the day, not a change.

        So a row that contradicts what holds that day becomes a change of that day, and one that was missing is back.
        """
        if known is None or record.effective_from > day or record.change_order_no or record.withdrawn:
            return record
        held, new = on(known.slices, day), cls.slice(record)
        if held is not None and all(getattr(held, field) == getattr(new, field) for field in cls.stated.values()):
            return None
        if held is not None and held.effective_from >= record.effective_from:
            return record.model_copy(update={"effective_from": day})
        return record

    def missing(self, run: str, source: str, day: date, seq: int) -> Record:
        """The record of what a full list no longer has: over, until people say what became of it."""
        entry = {"source": source, "effective_from": day, "seq": seq, "change_order_no": f"{MISSING}{run}"}
        last = on(self.slices, day) or self.slices[-1]
        return self._record(last, **self.ended, **entry, change_kind="missing_from_full_list")

    def back(self, seq: int) -> list[Record]:
        """The withdrawals for what was missing from an earlier list and is there again."""
        copied = {"source", "effective_from", "change_kind"}
        gone = [one for one in self.slices if one.key.startswith(MISSING) and not one.withdrawn]
        back = {"withdrawn": True}
        return [
            self._record(
                one, **one.model_dump(include=copied), **back, change_order_no=one.key, seq=max(seq, one.seq + 1)
            )
            for one in gone
        ]

    def _record(self, one: Slice, **more: object) -> Record:
        """A record of this subject, named as a slice names it; other fields say nothing."""
        names = {"employee_no": self.id, "source_id": getattr(one, "source_id", self.id)}
        named = {name: getattr(one, field) for name, field in self.stated.items() if name in NAMING}
        whole = {**names, **named, **more}
        return self.records.model_validate({name: whole[name] for name in self.records.model_fields if name in whole})


class EmployeeApplied(Applied):
    """The state of an employee that was acted upon last."""

    status: Status
    department: str | None
    why: Literal["began", "withdrawn"] = "began"


class Employee(Mirror):
    """One employee number, across leaving and being hired again. The id is the number, never the name."""

    records = EmployeeRecord
    slicing = EmployeeSlice
    stated = {  # noqa: RUF012 - a class variable of Mirror
        "name": "name",
        "status": "status",
        "main_dept_id": "department",
        "part_time_dept_ids": "part_time",
        "position": "position",
        "political_status": "political_status",
    }
    ended = {"status": "left"}  # noqa: RUF012 - as above

    slices: tuple[EmployeeSlice, ...] = ()
    applied: EmployeeApplied | None = None

    def act(self, current: Slice) -> Decision[Self]:
        """The first sight is where we begin and no change, so it raises nothing; nor does a new name."""
        applied = self.applied
        values = {name: getattr(current, name) for name in ("name", "status", "department")}
        since = current.effective_from
        fresh = EmployeeApplied(**values, slice=current.key, since=since, moves=applied.moves if applied else 0)
        if applied is None:
            return self.becomes(applied=fresh), []
        if (fresh.status, fresh.department) == (applied.status, applied.department):
            return self.becomes(applied=applied.model_copy(update={"name": fresh.name})), []
        left = next((one for one in self.slices if one.key == applied.slice), None)
        withdrawn = left is None or left.withdrawn
        fresh = fresh.model_copy(update={"moves": applied.moves + 1, "why": "withdrawn" if withdrawn else "began"})
        about: dict[str, Any] = {"employee": self.id, "before": dict(applied), "after": dict(fresh)}
        about |= {"effective_on": since, "change": fresh.change, "compensates": withdrawn}
        return self.becomes(applied=fresh), [EmployeeChanged.model_validate(about)]


class Turn(Value):
    """The last change of where a department stands or whether it is there; a new name is none."""

    change: str
    since: date
    moved: bool
    parent_before: str | None


class DepartmentApplied(Applied):
    """The state of a department that was acted upon last."""

    parent: str | None
    enabled: bool
    merged_into: str | None
    turn: Turn | None = None


class Department(Mirror):
    """One department of HR by its id, with its successor where it was merged into another."""

    records = DepartmentRecord
    slicing = DepartmentSlice
    stated = {name: name for name in ("name", "parent", "enabled", "merged_into")}  # noqa: RUF012 - of Mirror
    ended = {"enabled": False}  # noqa: RUF012 - as above

    slices: tuple[DepartmentSlice, ...] = ()
    applied: DepartmentApplied | None = None

    def act(self, current: Slice) -> Decision[Self]:
        """A new department is a change too, for people may have been moved there before; so is a new name."""
        applied = self.applied
        state = {name: getattr(current, name) for name in self.stated}
        if applied is not None and state == applied.model_dump(include=set(state)):
            return self, []
        moves = applied.moves + 1 if applied else 0
        fresh = DepartmentApplied(**state, slice=current.key, since=current.effective_from, moves=moves)
        if applied is not None:
            stays = fresh.model_copy(update={"name": applied.name}).model_dump(include=set(state))
            moved = applied.parent != fresh.parent
            turn = Turn(change=fresh.change, since=fresh.since, moved=moved, parent_before=applied.parent)
            same = stays == applied.model_dump(include=set(state))  # but for its name
            fresh = fresh.model_copy(update={"turn": applied.turn if same else turn})
        about: dict[str, Any] = {"department": self.id, "before": dict(applied) if applied else None, "after": state}
        about |= {"effective_on": fresh.since, "change": fresh.change}
        return self.becomes(applied=fresh), [DepartmentChanged.model_validate(about)]


MIRRORS: Final[Mapping[Kind, type[Mirror]]] = {"employee": Employee, "department": Department}


def leaves(record: Record, known: Employee | None) -> bool:
    """Whether this record ends what was not over, on whatever day; one that was taken already ends nothing more."""
    if not isinstance(record, EmployeeRecord) or record.status != "left" or record.withdrawn:
        return False
    if known is None or known.applied is None or known.applied.status in OVER:
        return False
    return all(one.key != record.key for one in known.slices if one.status == "left")
