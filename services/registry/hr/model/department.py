"""A department as HR says: dated like an employee, with its successor where it was merged into another."""

from collections.abc import Collection
from datetime import date, datetime

from pydantic import Field, JsonValue

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.dates import day_of, start_of
from infra.kernel.values import Value
from services.registry.events.published.hr import DepartmentChanged, DepartmentState
from services.registry.hr.model import timeline
from services.registry.hr.model.staging import DepartmentRecord

GONE = "gone-"


class DepartmentSlice(timeline.Slice):
    """One dated state of a department."""

    name: str
    parent: str | None = None
    enabled: bool = True
    merged_into: str | None = None
    raw: dict[str, JsonValue] = Field(default_factory=dict)

    @classmethod
    def of(cls, record: DepartmentRecord) -> "DepartmentSlice":
        """The slice that a record states."""
        return cls.model_validate({**record.model_dump(exclude={"source_id", "change_order_no"}), "key": record.key})


class Turn(Value):
    """The last change of where a department stands or whether it is there; a new name is none."""

    change: str
    since: date
    moved: bool
    parent_before: str | None


class Applied(Value):
    """What was acted upon last, and how many times it has changed since the first sight."""

    name: str
    parent: str | None
    enabled: bool
    merged_into: str | None
    slice: str
    since: date
    moves: int = 0
    turn: Turn | None = None

    @property
    def stands(self) -> tuple[str | None, bool, str | None]:
        """Where it stands, and whether it is there."""
        return self.parent, self.enabled, self.merged_into

    @property
    def change(self) -> str:
        """Names the change that led here."""
        return f"{self.slice}#{self.moves}"


class Department(Aggregate):
    """One department of HR by its id."""

    slices: tuple[DepartmentSlice, ...] = ()
    applied: Applied | None = None
    due_at: datetime | None = None


def take(before: Department | None, record: DepartmentRecord, today: date) -> Decision[Department]:
    """Add what a record says."""
    department = before or Department(id=record.source_id)
    slices = timeline.merge(department.slices, DepartmentSlice.of(record))
    if before is not None and slices == before.slices:
        return before, []
    return settle(department.becomes(slices=slices), today)


def due(department: Department, now: datetime) -> Decision[Department]:
    """A day has come on which another slice holds."""
    return settle(department, day_of(now))


def settle(department: Department, today: date) -> Decision[Department]:
    """Act upon the state of today; a new department is a change too, for people may have been moved there before."""
    following = timeline.next_change(department.slices, today)
    after = department.becomes(due_at=None if following is None else start_of(following))
    current, applied = timeline.on(department.slices, today), department.applied
    if current is None:
        return after, []
    state = current.model_dump(include={"name", "parent", "enabled", "merged_into"})
    if applied is not None and state == applied.model_dump(include=set(state)):
        return after, []
    moves = applied.moves + 1 if applied else 0
    fresh = Applied(**state, slice=current.key, since=current.effective_from, moves=moves)
    if applied is not None:
        fresh = fresh.model_copy(update={"turn": _turn(applied, fresh)})
    before = DepartmentState(**applied.model_dump(include=set(state))) if applied else None
    fact = DepartmentChanged(
        department=department.id,
        before=before,
        after=DepartmentState(**state),
        effective_on=current.effective_from,
        change=fresh.change,
    )
    return after.becomes(applied=fresh), [fact]


def _turn(before: Applied, after: Applied) -> Turn | None:
    if before.stands == after.stands:
        return before.turn
    moved = before.parent != after.parent
    return Turn(change=after.change, since=after.since, moved=moved, parent_before=before.parent)


def completed(
    record: DepartmentRecord, department: Department | None, said: Collection[str], day: date
) -> DepartmentRecord:
    """The record with what holds that day in the fields of which a list says nothing: no column is no change."""
    slices = [one for one in department.slices if not one.key.startswith(GONE)] if department else []
    held = timeline.on(slices, day)
    if held is None:
        return record
    known = held.model_dump(include={"name", "parent", "enabled", "merged_into"})
    return record.model_copy(update={name: value for name, value in known.items() if name not in said})


def as_of_list(record: DepartmentRecord, department: Department | None, day: date) -> DepartmentRecord | None:
    """What a list of this day adds to what is known; None = nothing."""
    if department is None or record.effective_from > day or record.change_order_no or record.withdrawn:
        return record
    held = timeline.on(department.slices, day)
    stated = DepartmentSlice.of(record)
    facts = {"name", "parent", "enabled", "merged_into"}
    if held is not None and held.model_dump(include=facts) == stated.model_dump(include=facts):
        return None
    if held is not None and held.effective_from >= record.effective_from:
        return record.model_copy(update={"effective_from": day})
    return record


def missing(department: Department, run: str, source: str, day: date, seq: int) -> DepartmentRecord:
    """The record of a department that a full list no longer has: closed, until people say what became of it."""
    last = timeline.on(department.slices, day) or department.slices[-1]
    return DepartmentRecord(
        source=source,
        source_id=department.id,
        name=last.name,
        parent=last.parent,
        enabled=False,
        effective_from=day,
        seq=seq,
        change_kind="missing_from_full_list",
        change_order_no=f"{GONE}{run}",
    )


def back(department: Department, seq: int) -> list[DepartmentRecord]:
    """The withdrawals for a department that was missing and is there again."""
    return [
        DepartmentRecord(
            source_id=department.id,
            change_order_no=one.key,
            withdrawn=True,
            seq=max(seq, one.seq + 1),
            **one.model_dump(include={"source", "name", "parent", "effective_from", "change_kind"}),
        )
        for one in department.slices
        if one.key.startswith(GONE) and not one.withdrawn
    ]
