"""From the directory to HR's intake: a job takes what waits, and whatever depends on it is looked at again.

A turn may end at any point: the mark goes only after HR's intake has the record, and a record taken twice is one.
SCIM has no dates, no retirement and no leave: what it says holds from the day it was said, and what it cannot say stays
as HR said it by another feed.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeVar

from pydantic import JsonValue, ValidationError

from infra.kernel.dates import day_of
from infra.kernel.errors import NotYet, Problem
from infra.kernel.events import Cause
from infra.kernel.telemetry import log
from services.registry.hr.feeds.files import Columns
from services.registry.hr.model import directory as model
from services.registry.hr.model.directory import Entry, Kind, Taken
from services.registry.hr.model.employee_and_department import (
    DepartmentRecord,
    DepartmentSlice,
    EmployeeRecord,
    EmployeeSlice,
    Mirror,
    Record,
    on,
)
from services.registry.hr.store import Entries, Hr
from services.registry.hr.use_cases.intake import Held, Intake, first_of

R = TypeVar("R", bound=Record)


class _Unusable(Exception):  # noqa: N818 - never seen outside: the reason goes into the entry
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Feed:
    """Hands to HR's intake what the directory says."""

    def __init__(self, entries: Entries, hr: Hr, intake: Intake, columns: Columns) -> None:
        self._entries, self._hr, self._intake = entries, hr, intake
        self._words = {word.casefold(): status for status, words in columns.status.items() for word in words}

    async def run_once(self) -> bool:
        """Take what waits; whether something was taken and more may wait."""
        taken = 0
        for entry in await self._entries.waiting():
            try:
                await self._take(entry)
                taken += 1
            except NotYet as problem:  # too many writers: it waits for the next turn, and those behind it do not
                log.warning("scim.not_taken", id=entry.id, why=str(problem))
        return bool(taken)

    async def _take(self, entry: Entry) -> None:
        """Hand it to HR's intake; what that cannot use is marked with the reason, and what it has already stays."""
        before = RECORDS[entry.kind].model_validate(entry.taken.record) if entry.taken.record else None
        sent, reason, held_by = before, None, None
        try:
            state = self._person if entry.kind == "User" else self._department
            record = None if entry.deleted else await state(entry)
            await self._send(entry, record, before)
            sent = record
        except NotYet:
            raise
        except Held as held:
            reason, held_by = (held.zh, held.en), held.source
        except (_Unusable, Problem) as problem:
            reason = (problem.zh, problem.en)
        if entry.kind == "Group":
            await self._spread(entry, sent, before)
        record_sent = sent.model_dump(mode="json") if sent else None
        taken = Taken(record=record_sent, members=entry.shape.members, names=entry.shape.names)
        decide = partial(model.took, seq=entry.seq, taken=taken, quarantined=reason, held_by=held_by)
        await self._entries.update(entry.id, decide, cause=self._cause(entry, "took"))

    async def _person(self, user: Entry) -> EmployeeRecord:
        number = user.shape.number
        if number is None:
            raise _Unusable("缺少工号（employeeNumber）。", "The employeeNumber is missing.")
        if (await self._entries.saying("User", number=number))[0].id != user.id:
            raise _Unusable(f"工号 {number} 已属于另一用户。", f"The employeeNumber {number} is another user's.")
        named = await self._entries.saying("Group", names=user.shape.refers) if user.shape.refers else []
        theirs = await self._entries.saying("Group", members=user.id)
        return _read(EmployeeRecord, person(user, named, theirs, self._words))

    async def _department(self, group: Entry) -> DepartmentRecord:
        number = group.shape.number
        if number and (await self._entries.saying("Group", number=number))[0].id != group.id:
            raise _Unusable(f"部门编号 {number} 已属于另一用户组。", f"The department id {number} is another group's.")
        return _read(DepartmentRecord, department(group, await self._entries.saying("Group", members=group.id)))

    async def _send(self, entry: Entry, record: Record | None, before: Record | None) -> None:
        """Tell the intake the record, unless it knows it; and the end of whatever it stood for before."""
        if before is not None and (record is None or record.subject != before.subject):
            if not await self._inherited(entry, before.subject):  # else what had this number before, ends
                await self._intake.take(ended(entry, before), self._cause(entry, "ended"))
        elif record is None and entry.shape.number:
            await self._inherited(entry, entry.shape.number)
        if record is None or (before and before.model_dump(exclude=SAID) == record.model_dump(exclude=SAID)):
            return
        about = (record.kind, record.subject)
        whole = beside(record, before, (await self._hr.all_known([about])).get(about))
        if whole is not None:
            await self._intake.take(whole, self._cause(entry, "sent"))

    async def _inherited(self, entry: Entry, number: str) -> bool:
        """Whether another resource claims the number, which waited for this one to let it go; it is looked at again."""
        heirs = [one for one in await self._entries.saying(entry.kind, number=number) if one.id != entry.id]
        for one in heirs[:1]:
            await self._touch(one, entry)
        return bool(heirs)

    async def _spread(self, group: Entry, sent: Record | None, before: Record | None) -> None:
        """Have looked at again whose record depends on this group: by membership, or by the department's name."""
        same = bool(sent and before and sent.subject == before.subject)
        members, members_before = set(group.shape.members), set(group.taken.members)
        names, names_before = set(group.shape.names), set(group.taken.names)
        affected = await self._entries.alive(sorted(members ^ members_before if same else members | members_before))
        called = names ^ names_before if same else names | names_before
        affected += await self._entries.saying("User", refers={"$in": sorted(called)})
        for one in {one.id: one for one in affected if one.id != group.id}.values():
            await self._touch(one, group)

    async def _touch(self, entry: Entry, why: Entry) -> None:
        decide = partial(model.touched, at=why.changed_at)
        await self._entries.update(entry.id, decide, cause=self._cause(why, "touch"))

    @staticmethod
    def _cause(entry: Entry, step: str) -> Cause:
        """The same for the same state, so that what a turn repeats takes effect once."""
        return Cause.of(f"scim#{entry.id}", entry.seq, step)


def _read(model: type[R], stated: Mapping[str, object]) -> R:
    try:
        return model.model_validate(stated)
    except ValidationError as error:
        place, zh, en = first_of(error)
        where = "/".join(map(str, place))
        raise _Unusable(f"{where}：{zh}。", f"{where}: {en}") from error


ENTERPRISE: Final = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
LASTING: Final[frozenset[str]] = frozenset({"retired", "leave", "seconded", "rehired"})
"""States in which an account may well be active: ``active: true`` alone does not end them."""
SAID: Final = {"seq", "effective_from", "source", "raw"}
"""What differs from one telling to the next though nothing that HR records has changed: an address, or a nickname."""
RECORDS: Final[Mapping[Kind, type[Record]]] = {"User": EmployeeRecord, "Group": DepartmentRecord}


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


def ended(entry: Entry, before: Record) -> Record:
    """The record of somebody who left, or of a department that closed: what was sent last, and that it is over."""
    over: dict[str, Any] = {"enabled": False}
    if isinstance(before, EmployeeRecord):
        over = {"status": "retired" if before.status == "retired" else "left"}
    return before.model_copy(update={**_common(entry), "raw": {"scim": entry.id}, **over})


def beside(record: Record, before: Record | None, known: Mirror | None) -> Record | None:
    """The record with what only HR's other feeds can say; None where they have said all of it already."""
    held = on(known.slices, record.effective_from) if known else None
    stays: dict[str, Any] = {}
    if known is None or held is None:
        return record
    if isinstance(record, EmployeeRecord) and isinstance(held, EmployeeSlice):
        stays = {} if record.position else {"position": held.position}
        stays |= {} if record.part_time_dept_ids else {"part_time_dept_ids": held.part_time}
        stays["political_status"] = held.political_status
        if held.status in {"active": LASTING, "left": {"retired"}}.get(record.status, ()):
            stays["status"] = held.status
    elif isinstance(record, DepartmentRecord) and isinstance(held, DepartmentSlice):
        nested = record.parent or getattr(before, "parent", None)  # else HR's own tree stands
        stays = {"merged_into": held.merged_into, **({} if nested else {"parent": held.parent})}
        if held.merged_into:
            stays["enabled"] = held.enabled
    return known.as_of_list(record.model_copy(update=stays), known, record.effective_from)


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
