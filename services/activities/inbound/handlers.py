"""What comes in: the registry's facts are mirrored, others' events are taken in, filed drafts are enacted."""

from infra.kernel.events import Event
from infra.messaging.subscriptions import Delivery, Handlers
from services.activities.events import consumed
from services.activities.events.published import DraftSettled
from services.activities.inbound.use_cases.intake import Intake
from services.activities.plans.store import Mirrors


def subscribe(mirrors: Mirrors, intake: Intake) -> Handlers:
    """What this service consumes, and what it does about it."""
    subscriptions = Handlers()
    subscriptions.mirror(consumed.OrganisationRecorded, mirrors.organisations)
    subscriptions.mirror(consumed.PersonRecorded, mirrors.people)
    subscriptions.mirror(consumed.BrandRecorded, mirrors.brands)
    subscriptions.mirror(consumed.MappingRecorded, mirrors.mappings)
    subscriptions.mirror(consumed.CalendarRecorded, mirrors.calendars)

    @subscriptions.on(DraftSettled)
    async def settled(event: Event[DraftSettled]) -> None:
        if event.data.outcome == "filed":
            await intake.effects.enact(event.data.draft)

    @subscriptions.from_departments("#")
    async def arrived(delivery: Delivery) -> None:
        await intake.receive(delivery)

    return subscriptions
