"""What is asked of reviews, and the daily sweep."""

from collections.abc import Awaitable, Callable

from infra.kernel.aggregate import Decision
from infra.kernel.events import Cause
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import CommandResult, Store
from services.review.reviews.model.review import Review
from services.review.reviews.model.sweep import Sweep


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


class Sweeps(Store[Sweep]):
    """The daily sweep; what it stands for is done before its deadline moves on, so a crash between repeats it."""

    def __init__(self, mongo: Mongo, sweep: Callable[[Cause], Awaitable[None]]) -> None:
        super().__init__(mongo, "sweeps", Sweep, [IndexModel([("due_at", ASCENDING)], name="due")])
        self._sweep = sweep

    async def update(self, key: str, decide: Callable[[Sweep], Decision[Sweep]], *, cause: Cause) -> CommandResult:
        """Sweep, then decide when to sweep again."""
        await self._sweep(cause)
        return await super().update(key, decide, cause=cause)
