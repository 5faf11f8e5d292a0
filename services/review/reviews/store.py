"""What is asked of reviews, of the calendar as registry records it, and the daily sweep."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from infra.kernel.dates import day_of
from infra.kernel.events import Cause, Decision
from infra.kernel.working_days import Calendar, Year, calendar_of
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import CommandResult, Store
from services.review.reviews.model.deadlines import Sweep
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.review import Review


class Reviews(Store[Review]):
    """The reviews, listed by owner, state, and the person they wait for."""

    def __init__(self, mongo: Mongo) -> None:
        indexes = [
            IndexModel([("owner", ASCENDING), ("state", ASCENDING)], name="owner"),
            IndexModel([("state", ASCENDING)], name="state"),
            IndexModel([("tasks.person", ASCENDING), ("tasks.state", ASCENDING)], name="person"),
            IndexModel([("due_at", ASCENDING)], name="due"),
        ]
        super().__init__(mongo, "reviews", Review, indexes)

    async def known(self, key: str) -> Review | None:
        """The review, if there is one."""
        return next(iter(await self.find({"_id": key})), None)


class CalendarRow(Mirrored, Year):
    """The calendar of one year as mirrored."""


class Calendars(Projection[CalendarRow]):
    """Every year that is known here."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "calendars", CalendarRow)

    async def known(self) -> Calendar:
        """All years in one; nothing but weekends before any has come."""
        return calendar_of(await self.find(limit=0))

    async def for_review(self, procedure: Procedure, at: datetime) -> Calendar | None:
        """What a review that begins or goes on now is given; None where nothing is counted in working days."""
        return (await self.known()).since(day_of(at).year) if procedure.counts_working_days else None


class Sweeps(Store[Sweep]):
    """The daily sweep; what it stands for is done before its deadline moves on, so a crash between repeats it."""

    def __init__(self, mongo: Mongo, sweep: Callable[[Cause], Awaitable[None]]) -> None:
        super().__init__(mongo, "sweeps", Sweep, [IndexModel([("due_at", ASCENDING)], name="due")])
        self._sweep = sweep

    async def update(self, key: str, decide: Callable[[Sweep], Decision[Sweep]], *, cause: Cause) -> CommandResult:
        """Sweep, then decide when to sweep again."""
        await self._sweep(cause)
        return await super().update(key, decide, cause=cause)
