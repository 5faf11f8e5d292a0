"""Events in: what review did to a brand's text and state, and which activities took place."""

from functools import partial

from infra.kernel import clock
from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.registry.brands.model import reviewing
from services.registry.brands.model.reviewing import ReviewFact, stood
from services.registry.events.consumed import (
    ActivityRecorded,
    DocumentRevised,
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
    StandingRecorded,
)
from services.registry.stores import Stores


def subscribe(stores: Stores) -> Handlers:
    """What this service consumes, and what it does about it."""
    subscriptions, brands = Handlers(), stores.brands

    @subscriptions.on(ReviewOpened)
    async def opened(event: Event[ReviewOpened]) -> None:
        decide = partial(reviewing.opened, fact=event.data, stamp=_stamp(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @subscriptions.on(DocumentRevised)
    async def revised(event: Event[DocumentRevised]) -> None:
        decide = partial(reviewing.revised, fact=event.data, stamp=_stamp(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @subscriptions.on(ReviewReturned)
    async def returned(event: Event[ReviewReturned]) -> None:
        decide = partial(reviewing.returned, fact=event.data, stamp=_stamp(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @subscriptions.on(ReviewConcluded)
    async def concluded(event: Event[ReviewConcluded]) -> None:
        decide = partial(reviewing.concluded, fact=event.data, stamp=_stamp(event))
        await brands.update(event.data.brand, decide, cause=event.cause)

    @subscriptions.on(StandingRecorded)
    async def standing(event: Event[StandingRecorded]) -> None:
        decide = partial(stood, fact=event.data, stamp=ReviewFact(event.sequence, clock.kept(event.time)))
        await brands.update(event.data.brand, decide, cause=event.cause)

    subscriptions.mirror(ActivityRecorded, stores.activities)
    return subscriptions


def _stamp(
    event: Event[ReviewOpened] | Event[DocumentRevised] | Event[ReviewReturned] | Event[ReviewConcluded],
) -> ReviewFact:
    """When and as what version of the review; in whole milliseconds, which is what the database keeps."""
    return ReviewFact(event.sequence, clock.kept(event.time))
