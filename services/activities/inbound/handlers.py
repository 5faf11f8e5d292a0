"""What comes in: the registry's facts are mirrored, others' events are taken in, filed drafts are enacted."""

from collections.abc import Sequence

from infra.kernel.events import Event
from infra.messaging.subscriptions import Delivery, Handlers
from services.activities.events.consumed import (
    BrandRecorded,
    CalendarRecorded,
    MappingRecorded,
    OrganisationRecorded,
    PersonRecorded,
)
from services.activities.events.published.effects import DraftSettled
from services.activities.inbound.use_cases.enacting import Enacting
from services.activities.inbound.use_cases.intake import Intake
from services.activities.plans.store import BrandRow, CalendarRow, MappingRow, Mirrors, OrganisationRow, PersonRow


def subscribe(mirrors: Mirrors, intake: Intake, enacting: Enacting) -> Handlers:
    """What this service hears, and what it does about it."""
    subscriptions = Handlers()

    @subscriptions.project(OrganisationRecorded)
    async def organisations(events: Sequence[Event[OrganisationRecorded]]) -> None:
        await mirrors.organisations.save(
            [
                OrganisationRow(id=event.data.organisation, version=event.sequence, **dict(event.data))
                for event in events
            ]
        )

    @subscriptions.project(PersonRecorded)
    async def people(events: Sequence[Event[PersonRecorded]]) -> None:
        await mirrors.people.save(
            [PersonRow(id=event.data.person, version=event.sequence, **dict(event.data)) for event in events]
        )

    @subscriptions.project(BrandRecorded)
    async def brands(events: Sequence[Event[BrandRecorded]]) -> None:
        await mirrors.brands.save(
            [BrandRow(id=event.data.brand, version=event.sequence, **dict(event.data)) for event in events]
        )

    @subscriptions.project(MappingRecorded)
    async def mappings(events: Sequence[Event[MappingRecorded]]) -> None:
        await mirrors.mappings.save(
            [MappingRow(id=event.data.mapping, version=event.sequence, **dict(event.data)) for event in events]
        )

    @subscriptions.project(CalendarRecorded)
    async def calendars(events: Sequence[Event[CalendarRecorded]]) -> None:
        await mirrors.calendars.save(
            [CalendarRow(id=event.data.calendar, version=event.sequence, **event.data.model_dump()) for event in events]
        )

    @subscriptions.on(DraftSettled)
    async def settled(event: Event[DraftSettled]) -> None:
        if event.data.outcome == "filed":
            await enacting.enact(event.data.draft)

    @subscriptions.from_departments("#")
    async def arrived(delivery: Delivery) -> None:
        await intake.receive(delivery)

    return subscriptions
