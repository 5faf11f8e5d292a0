"""From the directory to HR's intake: a job takes what waits, and whatever depends on it is looked at again.

A turn may end at any point: the mark goes only after HR's intake has the record, and a record taken twice is one.
"""

from collections.abc import Mapping
from functools import partial
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from infra.kernel.errors import NotYet, Problem
from infra.kernel.events import Cause
from infra.kernel.telemetry import log
from services.registry.hr.feeds.files import Columns
from services.registry.hr.feeds.scim import statement
from services.registry.hr.model import directory as model
from services.registry.hr.model.directory import Entry, Taken
from services.registry.hr.model.records import DepartmentRecord, EmployeeRecord, Record
from services.registry.hr.store import Entries, Hr
from services.registry.hr.use_cases.intake import Held, Intake, first_of

Sent = dict[str, JsonValue]
R = TypeVar("R", bound=Record)


class _Unusable(Exception):  # noqa: N818 - never seen outside: the reason goes into the entry
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = (zh, en)


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
        sent, reason, held_by = entry.taken.record, None, None
        try:
            record = await self._stated(entry)
            await self._send(entry, record)
            sent = None if record is None else record.model_dump(mode="json")
        except NotYet:
            raise
        except _Unusable as quarantined:
            reason = quarantined.reason
        except Held as held:
            reason, held_by = (held.zh, held.en), held.source
        except Problem as problem:
            reason = (problem.zh, problem.en)
        if entry.kind == "Group":
            await self._spread(entry, sent)
        taken = Taken(record=sent, members=entry.shape.members, names=entry.shape.names)
        decide = partial(model.took, seq=entry.seq, taken=taken, quarantined=reason, held_by=held_by)
        await self._entries.update(entry.id, decide, cause=self._cause(entry, "took"))

    async def _stated(self, entry: Entry) -> Record | None:
        """What an entry states now; None when deleted. Raises ``_Odd`` with what HR cannot use."""
        if entry.deleted:
            return None
        return await (self._person(entry) if entry.kind == "User" else self._department(entry))

    async def _person(self, user: Entry) -> EmployeeRecord:
        number = user.shape.number
        if number is None:
            raise _Unusable("缺少工号（employeeNumber）。", "The employeeNumber is missing.")
        if (await self._entries.numbered("User", number))[0].id != user.id:
            raise _Unusable(f"工号 {number} 已属于另一用户。", f"The employeeNumber {number} is another user's.")
        named = await self._entries.groups_named(user.shape.refers) if user.shape.refers else []
        theirs = await self._entries.groups_with(user.id)
        return _read(EmployeeRecord, statement.person(user, named, theirs, self._words))

    async def _department(self, group: Entry) -> DepartmentRecord:
        number = group.shape.number
        if number and (await self._entries.numbered("Group", number))[0].id != group.id:
            raise _Unusable(f"部门编号 {number} 已属于另一用户组。", f"The department id {number} is another group's.")
        return _read(DepartmentRecord, statement.department(group, await self._entries.groups_with(group.id)))

    async def _send(self, entry: Entry, record: Record | None) -> None:
        """Tell the intake the record, unless it knows it; and the end of whatever it stood for before."""
        before = entry.taken.record
        if before is not None and (record is None or statement.subject(record) != statement.subject(before)):
            await self._end(entry, before)
        elif record is None and entry.shape.number:
            await self._inherited(entry, entry.shape.number)
        if record is None or statement.same(record, before):
            return
        about = (record.kind, record.subject)
        whole = statement.beside(record, before, (await self._hr.all_known([about])).get(about))
        if whole is not None:
            await self._intake.take(whole, self._cause(entry, "sent"))

    async def _end(self, entry: Entry, before: Sent) -> None:
        """What was sent under a number that this resource no longer has, ends; unless another one has it."""
        if await self._inherited(entry, statement.subject(before)):
            return
        await self._intake.take(statement.ended(entry, before), self._cause(entry, "ended"))

    async def _inherited(self, entry: Entry, number: str) -> bool:
        """Whether another resource claims the number, which waited for this one to let it go; it is looked at again."""
        heirs = [one for one in await self._entries.numbered(entry.kind, number) if one.id != entry.id]
        for one in heirs[:1]:
            await self._touch(one, entry)
        return bool(heirs)

    async def _spread(self, group: Entry, sent: Sent | None) -> None:
        """Have looked at again whose record depends on this group: by membership, or by the department's name."""
        before = group.taken.record
        same = bool(sent and before and statement.subject(sent) == statement.subject(before))
        members, members_before = set(group.shape.members), set(group.taken.members)
        names, names_before = set(group.shape.names), set(group.taken.names)
        affected = await self._entries.alive(sorted(members ^ members_before if same else members | members_before))
        affected += await self._entries.users_in(names ^ names_before if same else names | names_before)
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
