"""What a SCIM resource means as HR's record. Pure.

SCIM has no dates, no retirement and no leave: what it says holds from the day it was said, and what it cannot say stays
as HR said it by another feed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import JsonValue

from infra.kernel.dates import day_of
from services.registry.hr.model.directory import Entry
from services.registry.hr.model.mirror import Mirror
from services.registry.hr.model.records import (
    DepartmentRecord,
    DepartmentSlice,
    EmployeeRecord,
    EmployeeSlice,
    Record,
    Status,
    on,
)

ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LASTING: Final[frozenset[str]] = frozenset({"retired", "leave", "seconded", "rehired"})
"""States in which an account may well be active: ``active: true`` alone does not end them."""
SAID: Final = {"seq", "effective_from", "source", "raw"}
"""What differs from one telling to the next though nothing has changed."""


def department_id(group: Entry) -> str:
    """The department's id in HR's records: what the identity system calls it, or else the group's own id."""
    return group.shape.number or group.id


def person(user: Entry, named: Sequence[Entry], groups: Sequence[Entry], words: Mapping[str, str]) -> dict[str, Any]:
    """The record that a user states. ``named``: groups that their department may mean; ``groups``: theirs.

    The department attribute counts; without it the oldest group is the main department. Further groups are part-time.
    ``words``: which status a ``userType`` means.
    """
    content = user.shape.content
    work: dict[str, Any] = _dict(content.get(ENTERPRISE))
    text = str(work.get("department") or "").strip() or None
    theirs = [department_id(one) for one in groups]
    main = department_id(named[0]) if named else text or (theirs[0] if theirs else None)
    status = words.get(str(content.get("userType") or "").strip().casefold())
    if content.get("active") is False:
        status = status if status in {"retired", "leave"} else "left"
    return {
        **_common(user),
        "employee_no": user.shape.number,
        "source_id": user.id,
        "name": _name(content),
        "status": status or "active",
        "main_dept_id": main,
        "part_time_dept_ids": tuple(one for one in dict.fromkeys(theirs) if one != main),
        "position": content.get("title"),
        "raw": _raw(user, work),
    }


def department(group: Entry, parents: Sequence[Entry]) -> dict[str, Any]:
    """The record that a group states; the oldest group that has it as a member stands above it."""
    return {
        **_common(group),
        "source_id": department_id(group),
        "name": str(group.shape.content.get("displayName") or department_id(group)),
        "parent": next((department_id(one) for one in parents if one.id != group.id), None),
        "raw": _raw(group, {}),
    }


def ended(entry: Entry, before: dict[str, JsonValue]) -> Record:
    """The record of somebody who left, or of a department that closed: what was sent last, and that it is over."""
    sent = {**before, **_common(entry), "raw": {"scim": entry.id}}
    if entry.kind == "User":
        status: Status = "retired" if before.get("status") == "retired" else "left"
        return EmployeeRecord.model_validate({**sent, "status": status})
    return DepartmentRecord.model_validate({**sent, "enabled": False})


def beside(record: Record, before: dict[str, JsonValue] | None, known: Mirror | None) -> Record | None:
    """The record with what only HR's other feeds can say; None where they have said all of it already."""
    held = on(known.slices, record.effective_from) if known else None
    stays: dict[str, Any] = {}
    if known is None or held is None:
        return record
    if isinstance(record, EmployeeRecord) and isinstance(held, EmployeeSlice):
        stays = _of_person(record, held)
    elif isinstance(record, DepartmentRecord) and isinstance(held, DepartmentSlice):
        nested = record.parent is not None or (before or {}).get("parent")  # else HR's own tree stands
        stays = {"merged_into": held.merged_into, **({} if nested else {"parent": held.parent})}
        if held.merged_into:
            stays["enabled"] = held.enabled
    return known.as_of_list(record.model_copy(update=stays), known, record.effective_from)


def _of_person(record: EmployeeRecord, held: EmployeeSlice) -> dict[str, Any]:
    stays: dict[str, Any] = {"political_status": held.political_status}
    if record.position is None:
        stays["position"] = held.position
    if not record.part_time_dept_ids:
        stays["part_time_dept_ids"] = held.part_time
    if (record.status == "active" and held.status in LASTING) or (record.status == "left" and held.status == "retired"):
        stays["status"] = held.status
    return stays


def subject(record: Record | Mapping[str, JsonValue]) -> str:
    """Whom or what a record is about."""
    sent = record.model_dump(mode="json") if isinstance(record, Record) else record
    return str(sent.get("employee_no") or sent["source_id"])


def same(record: Record, before: dict[str, JsonValue] | None) -> bool:
    """Whether this was sent already: an address changed, or a nickname, and nothing that HR records."""
    if before is None:
        return False
    sent = type(record).model_validate(before)
    return sent.model_dump(exclude=SAID) == record.model_dump(exclude=SAID)


def _common(entry: Entry) -> dict[str, Any]:
    return {
        "source": f"scim:{entry.client}",
        "effective_from": day_of(entry.changed_at),
        "effective_to": None,
        "seq": entry.seq,
        "change_kind": "scim",
    }


def _name(content: dict[str, JsonValue]) -> str:
    """The name as people write it; a Chinese one without a blank between its parts, family name first."""
    parts = _dict(content.get("name"))
    family, given = str(parts.get("familyName") or ""), str(parts.get("givenName") or "")
    joined = f"{family}{given}" if not f"{family}{given}".isascii() else f"{given} {family}".strip()
    shown = (content.get("displayName"), parts.get("formatted"), joined, content.get("userName"))
    return next(str(one).strip() for one in shown if one and str(one).strip())


def _raw(entry: Entry, work: dict[str, Any]) -> dict[str, JsonValue]:
    """What the record has no field for, and what leads back to the directory."""
    content = entry.shape.content
    extra = {name: content[name] for name in ("userName", "externalId", "userType") if content.get(name)}
    manager = _dict(work.get("manager")).get("value")
    return {"scim": entry.id, **extra, **({"manager": manager} if manager else {})}


def _dict(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, dict) else {}
