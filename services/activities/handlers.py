"""The registry's facts in: organisations, people and brands are mirrored, in any order and any number of times."""

from collections.abc import Sequence

from infra.events import Event
from infra.handlers import Handlers
from services.activities.events import BrandRecorded, OrganisationRecorded, PersonRecorded
from services.activities.store import BrandRow, Mirrors, OrganisationRow, PersonRow


def hear(mirrors: Mirrors) -> Handlers:
    """What this service hears, and what it does about it."""
    heard = Handlers()

    @heard.project(OrganisationRecorded)
    async def organisations(events: Sequence[Event[OrganisationRecorded]]) -> None:
        await mirrors.organisations.keep(
            [
                OrganisationRow(id=event.data.organisation, version=event.sequence, **dict(event.data))
                for event in events
            ]
        )

    @heard.project(PersonRecorded)
    async def people(events: Sequence[Event[PersonRecorded]]) -> None:
        await mirrors.people.keep(
            [PersonRow(id=event.data.person, version=event.sequence, **dict(event.data)) for event in events]
        )

    @heard.project(BrandRecorded)
    async def brands(events: Sequence[Event[BrandRecorded]]) -> None:
        await mirrors.brands.keep(
            [BrandRow(id=event.data.brand, version=event.sequence, **dict(event.data)) for event in events]
        )

    return heard
