"""Facts in: an approved brand begins its standing; what is told of brands is mirrored as evidence."""

from collections.abc import Sequence

from infra.kernel.events import Event
from infra.messaging.subscriptions import Handlers
from services.review.events.consumed.evidence import (
    ActivityFiled,
    ActivityRecorded,
    BrandRecorded,
    HintRaised,
    PlaqueAwarded,
    PointMeasured,
)
from services.review.standings.evidence_store import BrandRow, FiledRow, HeldRow, HintRow, MeasuredRow, PlaqueRow
from services.review.standings.use_cases import StandingUseCases


def subscribe_standings(subscriptions: Handlers, use_cases: StandingUseCases) -> None:
    """What standings hear, and what they do about it."""
    projections = use_cases.projections

    @subscriptions.on(BrandRecorded)
    async def recorded(event: Event[BrandRecorded]) -> None:
        await use_cases.begin(event)

    @subscriptions.project(BrandRecorded)
    async def brands(events: Sequence[Event[BrandRecorded]]) -> None:
        await projections.brands.save(
            [BrandRow(id=one.data.brand, version=one.sequence, **dict(one.data)) for one in events]
        )

    @subscriptions.project(PlaqueAwarded)
    async def plaques(events: Sequence[Event[PlaqueAwarded]]) -> None:
        await projections.plaques.save(
            [PlaqueRow(id=one.data.plaque, version=one.sequence, **dict(one.data)) for one in events]
        )

    @subscriptions.project(ActivityRecorded)
    async def held(events: Sequence[Event[ActivityRecorded]]) -> None:
        await projections.held.save(
            [HeldRow(id=one.data.activity, version=one.sequence, **dict(one.data)) for one in events]
        )

    @subscriptions.project(ActivityFiled)
    async def filed(events: Sequence[Event[ActivityFiled]]) -> None:
        await projections.filed.save(
            [FiledRow(id=one.data.activity, version=one.sequence, late=one.data.late) for one in events]
        )

    @subscriptions.project(PointMeasured)
    async def measured(events: Sequence[Event[PointMeasured]]) -> None:
        await projections.measured.save(
            [MeasuredRow(id=one.data.point, version=one.sequence, **dict(one.data)) for one in events]
        )

    @subscriptions.project(HintRaised)
    async def hints(events: Sequence[Event[HintRaised]]) -> None:
        await projections.hints.save(
            [HintRow(id=one.data.hint, version=one.sequence, raised_at=one.time, **dict(one.data)) for one in events]
        )
