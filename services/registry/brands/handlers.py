"""Events in: what review did to a brand's text, state and standing, and which activities took place."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from infra.kernel import clock
from infra.kernel.events import Decision, Event, Fact
from infra.messaging.subscriptions import Handlers
from services.registry.brands.model import reviewing
from services.registry.brands.model.brand import Brand
from services.registry.brands.model.reviewing import ReviewFact
from services.registry.events import consumed
from services.registry.stores import Stores

DECISIONS: Final[Mapping[type[Fact], Callable[..., Decision[Brand]]]] = {
    consumed.ReviewOpened: reviewing.opened,
    consumed.DocumentRevised: reviewing.revised,
    consumed.ReviewReturned: reviewing.returned,
    consumed.ReviewConcluded: reviewing.concluded,
    consumed.StandingRecorded: reviewing.stood,
}
"""Which fact leads to which decision on the brand that it names."""


def subscribe(stores: Stores) -> Handlers:
    """What this service consumes, and what it does about it."""
    subscriptions = Handlers()

    async def decided(decide: Callable[..., Decision[Brand]], event: Event[Any]) -> None:
        stamp = ReviewFact(event.sequence, clock.kept(event.time))  # whole milliseconds, as the database keeps them
        follow = partial(decide, fact=event.data, stamp=stamp)
        await stores.brands.update(event.data.brand, follow, cause=event.cause)

    for fact, decide in DECISIONS.items():
        subscriptions.on(fact)(partial(decided, decide))
    subscriptions.mirror(consumed.ActivityRecorded, stores.activities)
    return subscriptions
