"""Events in: what review did to a brand's text and state, and which activities took place."""

from collections.abc import Sequence
from functools import partial

from infra import clock
from infra.events import Event
from infra.handlers import Handlers
from services.registry.events import (
    ActivityRecorded,
    DocumentRevised,
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
    StandingRecorded,
)
from services.registry.model import reviewing
from services.registry.model.reviewing import Told
from services.registry.model.standing import stood
from services.registry.store import Stores
from services.registry.store.activities import ActivityRow


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
