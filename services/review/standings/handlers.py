"""Facts in: an approved brand begins its standing; what is told of brands is mirrored as evidence."""

from collections.abc import Sequence

from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.review.events import consumed
from services.review.standings.store import HintRow
from services.review.standings.use_cases import StandingUseCases


def subscribe_standings(subscriptions: Handlers, use_cases: StandingUseCases) -> None:
    """What standings hear, and what they do about it."""
    projections = use_cases.projections
    subscriptions.on(consumed.BrandRecorded)(use_cases.begin)
    subscriptions.mirror(consumed.BrandRecorded, projections.brands)
    subscriptions.mirror(consumed.PlaqueAwarded, projections.plaques)
    subscriptions.mirror(consumed.ActivityRecorded, projections.held)
    subscriptions.mirror(consumed.ActivityFiled, projections.filed)
    subscriptions.mirror(consumed.PointMeasured, projections.measured)

    @subscriptions.project(consumed.HintRaised)
    async def hints(events: Sequence[Event[consumed.HintRaised]]) -> None:
        rows = [HintRow(id=one.data.hint, version=one.sequence, raised_at=one.time, **dict(one.data)) for one in events]
        await projections.hints.save(rows)
