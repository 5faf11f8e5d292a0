"""The calendar as registry told it, year by year, and what of it a review is given."""

from collections.abc import Sequence
from datetime import date, datetime

from infra.kernel.events import Event
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import Mongo
from services.review.events.consumed import CalendarRecorded, OwnDay, Span
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.shared.calendar import Calendar, merged, of_year
from services.review.shared.role_holders import day_of


class CalendarRow(Mirrored):
    """The calendar of one year as mirrored."""

    year: int
    confirmed: bool
    holidays: tuple[Span, ...] = ()
    worked: tuple[date, ...] = ()
    own: tuple[OwnDay, ...] = ()

    @property
    def days(self) -> Calendar:
        """What differs from Monday to Friday."""
        spans = [(span.first, span.last) for span in self.holidays]
        official = of_year(self.year if self.confirmed else None, spans, self.worked)
        return official.changed_by({one.day: one.working for one in self.own})


class Calendars(Projection[CalendarRow]):
    """Every year that is known here."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "calendars", CalendarRow)

    async def take(self, events: Sequence[Event[CalendarRecorded]]) -> None:
        """Mirror what registry said."""
        await self.save(
            [CalendarRow(id=event.data.calendar, version=event.sequence, **dict(event.data)) for event in events]
        )

    async def known(self) -> Calendar:
        """All years in one; nothing but weekends before any has come."""
        return merged([row.days for row in await self.find(limit=0)])

    async def for_review(self, procedure: Procedure, at: datetime) -> Calendar | None:
        """What a review that begins or goes on now is given; None where nothing is counted in working days."""
        return (await self.known()).since(day_of(at).year) if procedure.counts_working_days else None
