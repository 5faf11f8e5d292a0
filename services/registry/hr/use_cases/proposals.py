"""Brings the open proposals in line with what HR's state suggests now, and carries out what a person confirmed.

It compares states instead of following events, so it may run at any time, in any order and twice: what is missing is
raised, what is no longer so withdrawn. What the rules of the Party's side refuse is written back, with the reason.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from infra.kernel import clock
from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, NotFound, Refused
from infra.kernel.events import Cause, Decision, Event
from infra.storage.lease import KeyedLocks
from services.registry.events import published
from services.registry.hr.model import proposal as model
from services.registry.hr.model.employee_and_department import Employee
from services.registry.hr.model.proposal import Choice, Mapping, Proposal, Suggestion
from services.registry.party.model.organisation import Span, require_known
from services.registry.party.model.person import Person, record
from services.registry.stores import Stores


class Proposing:
    """Works on what is known now; the day is the cause's day in China."""

    def __init__(self, stores: Stores) -> None:
        self._stores, self._hr = stores, stores.hr
        self._locks = KeyedLocks()  # two looks at the same person at the same time would disagree about what is open

    async def employee_changed(self, event: Event[published.EmployeeChanged]) -> None:
        """Where they work now, and the department that they left."""
        cause = _now(event)
        await self._of_person(event.data.employee, cause)
        left = event.data.before.department
        if left and left != event.data.after.department:
            await self._of_department(left, cause, people=False)

    async def person_recorded(self, event: Event[published.PersonRecorded]) -> None:
        """What the employee's state suggests for the person as they are recorded now."""
        await self._of_person(event.data.person, _now(event))

    async def department_changed(self, event: Event[published.DepartmentChanged]) -> None:
        """The department, and the one that it was merged into."""
        for key in filter(None, (event.data.department, event.data.after.merged_into)):
            await self._of_department(key, _now(event))

    async def mapping_recorded(self, event: Event[published.MappingRecorded]) -> None:
        """Where the members of this department belong now."""
        await self._of_department(event.data.department, _now(event))

    async def _of_person(self, key: str, cause: Cause, *, department: bool = True) -> None:
        """Everything that concerns one person, and the ``department`` they work in."""
        async with self._locks.of(key):
            employee = (await self._hr.known(Employee, [key])).get(key)
            applied = employee.applied if employee else None
            if employee is None or applied is None or not applied.moves:
                return
            person = await self._stores.people.known(key)
            if person is not None:
                atlas, tree = await self._hr.atlas(), await self._stores.organisations.tree()
                wanted = model.of_person(employee, person, atlas, tree, day_of(cause.at))
                await self._align(wanted, await self._hr.open_for(person=key), cause)
        if department and applied.department:
            await self._of_department(applied.department, cause, people=False)

    async def _of_department(self, key: str, cause: Cause, *, people: bool = True) -> None:
        """Everything that concerns one department, and with ``people`` everybody who works in it or below it."""
        day = day_of(cause.at)
        async with self._locks.of(f"department {key}"):
            atlas, tree = await self._hr.atlas(), await self._stores.organisations.tree()
            known = atlas.departments.get(key)
            wanted = model.of_department(known, atlas, day) if known else []
            working = [one for one in await self._hr.working_in([key]) if one.applied and one.applied.moves]
            ids = {"_id": {"$in": [one.id for one in working]}}
            members = {one.id: one for one in await self._stores.people.find(ids, limit=0)}
            pairs = [(one, members[one.id]) for one in working if one.id in members]
            wanted += model.of_arrivals(key, pairs, atlas, tree, day)
            opened = [one for one in await self._hr.open_for(department=key) if one.suggestion.person is None]
            await self._align(wanted, opened, cause)
        if people:
            for employee in await self._hr.working_in(atlas.below(key)):
                await self._of_person(employee.id, cause, department=False)

    async def _align(self, wanted: Iterable[Suggestion], opened: Iterable[Proposal], cause: Cause) -> None:
        at = clock.kept(cause.at)
        there = {one.id: one for one in wanted}
        for key, suggestion in there.items():
            decide = partial(model.suggest, suggestion=suggestion, at=at)
            await self._hr.proposals.put(key, decide, cause=cause.step(key, suggestion.change))
        for one in opened:
            if one.id not in there:
                decide = partial(model.withdraw, why="人力资源数据已变化，建议不再适用。")
                await self._hr.proposals.update(one.id, decide, cause=cause.step(one.id, "withdrawn"))


def _now(event: Event[Any]) -> Cause:
    """The event as a cause of the present moment: what HR suggests depends on today, not on when it was said."""
    return event.cause.step(at=clock.now())


class Confirmation:
    """Checks a choice before it is confirmed, and carries it out after."""

    def __init__(self, stores: Stores) -> None:
        self._stores, self._hr = stores, stores.hr

    async def check(self, suggestion: Suggestion, choice: Choice) -> None:
        """Raise what carrying it out would raise now; nothing is changed."""
        if suggestion.person is not None:
            person = await self._stores.people.get(suggestion.person)
            (await self._decision(suggestion, choice))(person)
            return
        named = {f"/mappings/{place}/organisation": one.organisation for place, one in enumerate(choice.mappings)}
        require_known(named, await self._stores.organisations.named(named.values()))
        for place, key in enumerate(choice.end):
            if not await self._hr.mappings.count({"_id": key}):
                raise Invalid(
                    "mapping.unknown", zh=f"没有对应关系“{key}”。", en=f"No mapping “{key}”.", field=f"/end/{place}"
                )

    async def decided(self, event: Event[published.ProposalDecided]) -> None:
        """Carry out what was confirmed: change the person or the mappings; again it changes nothing."""
        if event.data.outcome != "confirmed":
            return
        key, tries, cause = event.data.proposal, event.data.tries, _now(event)
        proposal = await self._hr.proposals.get(key)
        if proposal.state != "confirmed" or proposal.tries != tries or proposal.choice is None:
            return
        try:
            await self._change(proposal, proposal.choice, cause)
        except (Refused, Invalid, NotFound) as refusal:
            why = f"{refusal.zh} {refusal.en}"
            await self._hr.proposals.update(key, partial(model.fail, tries=tries, why=why), cause=cause.step("failed"))

    async def _change(self, proposal: Proposal, choice: Choice, cause: Cause) -> None:
        suggestion = proposal.suggestion
        if suggestion.person is not None:
            decide = await self._decision(suggestion, choice)
            await self._stores.people.update(suggestion.person, decide, cause=cause)
            return
        for pair in choice.mappings:
            name = model.mapping_id(pair.department, pair.organisation)
            days = Span(since=pair.since)
            begin = partial(model.map_department, department=pair.department, organisation=pair.organisation, days=days)
            await self._hr.mappings.put(name, begin, cause=cause.step(name))
        for name in choice.end:

            def end(current: Mapping) -> Decision[Mapping]:
                days = Span(since=current.since, until=choice.until)
                return model.map_department(current, current.department, current.organisation, days)

            await self._hr.mappings.update(name, end, cause=cause.step(name, "end"))

    async def _decision(self, suggestion: Suggestion, choice: Choice) -> Callable[[Person], Decision[Person]]:
        """What carries it out, on whatever the record has become by then: another confirmed proposal may come between.

        So it knows every organisation, and not only those that the record names now.
        """
        known = {one.id: one for one in await self._stores.organisations.all()}

        def decide(current: Person) -> Decision[Person]:
            if choice.organisation:
                require_known({"/organisation": choice.organisation}, known)
            return record(current, model.carried_out(current, suggestion, choice), known)

        return decide
