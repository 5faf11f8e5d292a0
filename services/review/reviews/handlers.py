"""Registry's facts in: a submission is decided on; organisations, people and block types are mirrored."""

from collections.abc import Sequence
from dataclasses import replace

from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.review.events.consumed import (
    BlockTypeRecorded,
    BrandSubmitted,
    CalendarRecorded,
    OrganisationRecorded,
    PersonRecorded,
)
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.mirrors import BlockTypeRow, OrganisationRow, PersonRow, schema_text


def subscribe(use_cases: ReviewUseCases) -> Handlers:
    """What this service hears, and what it does about it."""
    subscriptions, mirrors = Handlers(), use_cases.mirrors

    @subscriptions.on(BrandSubmitted)
    async def submitted(event: Event[BrandSubmitted]) -> None:
        await use_cases.submit(event)

    @subscriptions.project(OrganisationRecorded)
    async def organisations(events: Sequence[Event[OrganisationRecorded]]) -> None:
        await mirrors.organisations.save(
            [
                OrganisationRow(id=event.data.organisation, version=event.sequence, **dict(event.data))
                for event in events
            ]
        )
        cause = events[-1].cause
        changed = {event.data.organisation for event in events}
        await use_cases.reseat_under(changed, replace(cause, id=f"{cause.id}#reseat"))

    @subscriptions.project(PersonRecorded)
    async def people(events: Sequence[Event[PersonRecorded]]) -> None:
        await mirrors.people.save(
            [PersonRow(id=event.data.person, version=event.sequence, **dict(event.data)) for event in events]
        )
        posts = {post.organisation for event in events for post in event.data.posts}
        cause = events[-1].cause
        await use_cases.reseat([event.data.person for event in events], posts, replace(cause, id=f"{cause.id}#reseat"))

    @subscriptions.project(BlockTypeRecorded)
    async def block_types(events: Sequence[Event[BlockTypeRecorded]]) -> None:
        await mirrors.block_types.save(
            [
                BlockTypeRow(
                    id=event.data.block_type, version=event.sequence, body_schema=schema_text(event.data.body_schema)
                )
                for event in events
            ]
        )

    @subscriptions.project(CalendarRecorded)
    async def calendars(events: Sequence[Event[CalendarRecorded]]) -> None:
        await use_cases.calendars.take(events)
        await use_cases.recalendar(events[-1].cause)

    return subscriptions
