"""Registry's facts in: a submission is decided on; organisations, people and block types are mirrored."""

from collections.abc import Sequence

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
from services.review.shared.mirrors import BlockTypeRow, schema_text


def subscribe(use_cases: ReviewUseCases) -> Handlers:
    """What this service consumes, and what it does about it."""
    handlers, mirrors = Handlers(), use_cases.mirrors
    handlers.on(BrandSubmitted)(use_cases.submit)

    async def moved(events: Sequence[Event[OrganisationRecorded]]) -> None:
        changed = {event.data.organisation for event in events}
        await use_cases.reseat_under(changed, events[-1].cause.step("reseat"))

    async def changed_posts(events: Sequence[Event[PersonRecorded]]) -> None:
        posts = {post.organisation for event in events for post in event.data.posts}
        await use_cases.reseat([event.data.person for event in events], posts, events[-1].cause.step("reseat"))

    async def recounted(events: Sequence[Event[CalendarRecorded]]) -> None:
        await use_cases.recalendar(events[-1].cause)

    handlers.mirror(OrganisationRecorded, mirrors.organisations, then=moved)
    handlers.mirror(PersonRecorded, mirrors.people, then=changed_posts)
    handlers.mirror(CalendarRecorded, use_cases.calendars, then=recounted)

    @handlers.project(BlockTypeRecorded)
    async def block_types(events: Sequence[Event[BlockTypeRecorded]]) -> None:
        rows = [(one.data.block_type, one.sequence, schema_text(one.data.body_schema)) for one in events]
        await mirrors.block_types.save([BlockTypeRow(id=key, version=n, body_schema=text) for key, n, text in rows])

    return handlers
