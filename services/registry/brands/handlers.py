"""Events in: what review did to a brand's text and state, and which activities took place."""

from collections.abc import Sequence
from functools import partial

from infra.kernel import clock
from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.registry.brands.model import reviewing
from services.registry.brands.model.reviewing import Told
from services.registry.brands.model.standing import stood
from services.registry.brands.store.activities import ActivityRow
from services.registry.events.consumed import (
    ActivityRecorded,
    DocumentRevised,
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
    StandingRecorded,
)
from services.registry.stores import Stores


def hear(stores: Stores) -> Handlers:
    """What this service hears, and what it does about it."""
    heard, brands = Handlers(), stores.brands

    @heard.on(ReviewOpened)
    async def opened(event: Event[ReviewOpened]) -> None:
        decide = partial(reviewing.opened, fact=event.data, told=_told(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @heard.on(DocumentRevised)
    async def revised(event: Event[DocumentRevised]) -> None:
        decide = partial(reviewing.revised, fact=event.data, told=_told(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @heard.on(ReviewReturned)
    async def returned(event: Event[ReviewReturned]) -> None:
        decide = partial(reviewing.returned, fact=event.data, told=_told(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @heard.on(ReviewConcluded)
    async def concluded(event: Event[ReviewConcluded]) -> None:
        decide = partial(reviewing.concluded, fact=event.data, told=_told(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @heard.on(StandingRecorded)
    async def standing(event: Event[StandingRecorded]) -> None:
        decide = partial(stood, fact=event.data, told=Told(event.sequence, clock.kept(event.time)))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @heard.project(ActivityRecorded)
    async def recorded(events: Sequence[Event[ActivityRecorded]]) -> None:
        rows = [ActivityRow(id=event.data.activity, version=event.sequence, **dict(event.data)) for event in events]
        await stores.activities.keep(rows)

    return heard


def _told(event: Event[ReviewOpened] | Event[DocumentRevised] | Event[ReviewReturned] | Event[ReviewConcluded]) -> Told:
    """When and as what version of the review; in whole milliseconds, which is what the database keeps."""
    return Told(event.sequence, clock.kept(event.time))
