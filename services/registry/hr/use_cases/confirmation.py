"""Puts what a person confirmed into the Party's side; what the rules refuse there is written back, with the reason."""

from collections.abc import Callable
from functools import partial

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Invalid, NotFound, Refused
from infra.kernel.events import Cause
from services.registry.hr.model import confirming, mapping
from services.registry.hr.model import proposal as model
from services.registry.hr.model.mapping import Mapping, mapping_id
from services.registry.hr.model.proposal import Choice, Proposal, Suggestion
from services.registry.party.model.organisation import require_known
from services.registry.party.model.period import Span
from services.registry.party.model.person import Person, record
from services.registry.stores import Stores


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

    async def carry_out(self, key: str, tries: int, cause: Cause) -> None:
        """Change the person or the mappings; again it changes nothing."""
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
            name = mapping_id(pair.department, pair.organisation)
            days = Span(since=pair.since)
            begin = partial(mapping.record, department=pair.department, organisation=pair.organisation, days=days)
            await self._hr.mappings.put(name, begin, cause=cause.step(name))
        for name in choice.end:
            end = partial(_ended, choice=choice)
            await self._hr.mappings.update(name, end, cause=cause.step(name, "end"))

    async def _decision(self, suggestion: Suggestion, choice: Choice) -> Callable[[Person], Decision[Person]]:
        """What carries it out, on whatever the record has become by then: another confirmed proposal may come between.

        So it knows every organisation, and not only those that the record names now.
        """
        known = {one.id: one for one in await self._stores.organisations.all()}

        def decide(current: Person) -> Decision[Person]:
            if choice.organisation:
                require_known({"/organisation": choice.organisation}, known)
            return record(current, confirming.wanted(current, suggestion, choice), known)

        return decide


def _ended(current: Mapping, choice: Choice) -> Decision[Mapping]:
    return mapping.record(
        current, current.department, current.organisation, Span(since=current.since, until=choice.until)
    )
