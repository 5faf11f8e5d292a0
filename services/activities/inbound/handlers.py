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


def hear(mirrors: Mirrors, intake: Intake, enacting: Enacting) -> Handlers:
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

    @heard.project(MappingRecorded)
    async def mappings(events: Sequence[Event[MappingRecorded]]) -> None:
        await mirrors.mappings.keep(
            [MappingRow(id=event.data.mapping, version=event.sequence, **dict(event.data)) for event in events]
        )

    @heard.project(CalendarRecorded)
    async def calendars(events: Sequence[Event[CalendarRecorded]]) -> None:
        await mirrors.calendars.keep(
            [CalendarRow(id=event.data.calendar, version=event.sequence, **event.data.model_dump()) for event in events]
        )

    @heard.on(DraftSettled)
    async def settled(event: Event[DraftSettled]) -> None:
        if event.data.outcome == "filed":
            await enacting.enact(event.data.draft)

    @heard.from_departments("#")
    async def arrived(delivery: Delivery) -> None:
        await intake.receive(delivery)

    return heard
