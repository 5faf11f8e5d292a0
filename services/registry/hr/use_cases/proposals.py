"""Brings the open proposals in line with what HR's state suggests now: raises what is missing, withdraws what is not.

It compares states instead of following events, so it may run at any time, in any order and twice.
"""

from collections.abc import Iterable
from functools import partial

from infra.kernel import clock
from infra.kernel.dates import day_of
from infra.kernel.events import Cause
from infra.kernel.locks import KeyedLocks
from services.registry.hr.model import proposal as model
from services.registry.hr.model import suggesting
from services.registry.hr.model.employee import Employee
from services.registry.hr.model.proposal import Proposal, Suggestion
from services.registry.stores import Stores

NO_LONGER = "人力资源数据已变化，建议不再适用。"


class Proposing:
    """Works on what is known now; the day is the cause's day in China."""

    def __init__(self, stores: Stores) -> None:
        self._stores, self._hr = stores, stores.hr
        self._locks = KeyedLocks()  # two looks at the same person at the same time would disagree about what is open

    async def person(self, key: str, cause: Cause) -> None:
        """Everything that concerns one person, and the department they work in."""
        employees = await self._hr.employees_by([key])
        if key not in employees:
            return
        await self._person(employees[key], cause)
        applied = employees[key].applied
        if applied and applied.department and applied.moves:
            await self.department(applied.department, cause, people=False)

    async def department(self, key: str, cause: Cause, *, people: bool = True) -> None:
        """Everything that concerns one department, and with ``people`` everybody who works in it or below it."""
        day = day_of(cause.at)
        async with self._locks.of(f"department {key}"):
            atlas, tree = await self._hr.atlas(), await self._stores.organisations.tree()
            known = atlas.departments.get(key)
            wanted = suggesting.of_department(known, atlas, day) if known else []
            working = [one for one in await self._hr.working_in([key]) if one.applied and one.applied.moves]
            members = {one.id: one for one in await self._stores.people.find(_ids(working), limit=0)}
            pairs = [(one, members[one.id]) for one in working if one.id in members]
            wanted += suggesting.of_arrivals(key, pairs, atlas, tree, day)
            opened = [one for one in await self._hr.open_for(department=key) if one.suggestion.person is None]
            await self._align(wanted, opened, cause)
        if people:
            for employee in await self._hr.working_in(atlas.below(key)):
                await self._person(employee, cause)

    async def _person(self, employee: Employee, cause: Cause) -> None:
        if employee.applied is None or not employee.applied.moves:
            return
        async with self._locks.of(employee.id):
            person = await self._stores.people.known(employee.id)
            if person is None:
                return
            fresh = await self._hr.employees.get(employee.id)
            atlas, tree = await self._hr.atlas(), await self._stores.organisations.tree()
            wanted = suggesting.of_person(fresh, person, atlas, tree, day_of(cause.at))
            await self._align(wanted, await self._hr.open_for(person=employee.id), cause)

    async def _align(self, wanted: Iterable[Suggestion], opened: Iterable[Proposal], cause: Cause) -> None:
        at = clock.kept(cause.at)
        there = {one.id: one for one in wanted}
        for key, suggestion in there.items():
            decide = partial(model.suggest, suggestion=suggestion, at=at)
            await self._hr.proposals.put(key, decide, cause=cause.step(key, suggestion.change))
        for one in opened:
            if one.id not in there:
                decide = partial(model.withdraw, why=NO_LONGER)
                await self._hr.proposals.update(one.id, decide, cause=cause.step(one.id, "withdrawn"))


def _ids(employees: Iterable[Employee]) -> dict[str, object]:
    return {"_id": {"$in": [one.id for one in employees]}}
