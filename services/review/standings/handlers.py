"""Facts in: an approved brand begins its standing; what is told of brands is mirrored as evidence."""

from collections.abc import Sequence

from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.review.events.consumed import (
    ActivityFiled,
    ActivityRecorded,
    BrandRecorded,
    HintRaised,
    PlaqueAwarded,
    PointMeasured,
)
from services.review.standings.store import HintRow
from services.review.standings.use_cases import StandingUseCases


def subscribe_standings(subscriptions: Handlers, use_cases: StandingUseCases) -> None:
    """What standings hear, and what they do about it."""
    projections = use_cases.projections

    @subscriptions.on(BrandRecorded)
    async def recorded(event: Event[BrandRecorded]) -> None:
        await use_cases.begin(event)

    subscriptions.mirror(BrandRecorded, projections.brands)
    subscriptions.mirror(PlaqueAwarded, projections.plaques)
    subscriptions.mirror(ActivityRecorded, projections.held)
    subscriptions.mirror(ActivityFiled, projections.filed)
    subscriptions.mirror(PointMeasured, projections.measured)

    @subscriptions.project(HintRaised)
    async def hints(events: Sequence[Event[HintRaised]]) -> None:
        rows = [HintRow(id=one.data.hint, version=one.sequence, raised_at=one.time, **dict(one.data)) for one in events]
        await projections.hints.save(rows)
