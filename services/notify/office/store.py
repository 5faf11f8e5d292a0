"""What notify keeps about office systems: deliveries, each call, channels, comparisons, callbacks that were seen."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from infra.kernel import clock
from infra.kernel.events import Aggregate, Cause, Decision
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.notify.inbox.store import TodoRow
from services.notify.office.model import delivery as model
from services.notify.office.model.delivery import ChannelDelivery

NEWEST = -1


class Delivery(Mirrored):
    """One call to a vendor, noted before it goes (``sending``) and again with what came of it.

    One that stays ``sending`` was cut off by the end of the process: whether it arrived is not known, and the call was
    repeated under a greater number.
    """

    at: datetime
    channel: str
    todo: str
    receiver: str
    operation: str
    seq: int
    outcome: str
    answer: str


class Known(Aggregate):
    """What is known of a channel beyond one process: its breaker, and whether somebody asked for a comparison."""

    configured: bool = True
    breaker: str = "closed"
    since: datetime | None = None
    error: str | None = None
    asked_at: datetime | None = None


class Drift(Aggregate):
    """A comparison with one channel: what was missing there, what was surplus; both were made due to be mended."""

    channel: str = ""
    at: datetime
    open_here: int = 0
    open_there: int = 0
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    in_flight: int = 0
    failed: int = 0
    error: str | None = None

    @property
    def clean(self) -> bool:
        """Whether both sides agreed."""
        return not (self.missing or self.surplus or self.error)


class SeenCallback(Aggregate):
    """A callback of an office system, kept so that a replay has no effect."""

    channel: str
    kind: str
    todo: str
    receiver: str
    at: datetime
    data: dict[str, Any] = {}  # noqa: RUF012 - pydantic copies it


class Office:
    """The collections."""

    def __init__(self, mongo: Mongo, channels: Sequence[str]) -> None:
        self.channels = tuple(channels)
        due = IndexModel([("channel", ASCENDING), ("next_at", ASCENDING)], name="due")
        state = IndexModel([("channel", ASCENDING), ("wanted", ASCENDING), ("pushed", ASCENDING)], name="state")
        self.channel_deliveries = Store(mongo, "oa_channel_deliveries", ChannelDelivery, [due, state])
        log = [IndexModel([("at", NEWEST)], name="at"), IndexModel([("todo", 1)], name="todo")]
        self.deliveries = Projection(mongo, "oa_deliveries", Delivery, log)
        self.known = Store(mongo, "oa_channels", Known)
        self.drifts = Store(mongo, "oa_drift", Drift)
        found = IndexModel([("channel", ASCENDING), ("at", NEWEST)], name="found")
        self.history = Store(mongo, "oa_drift_found", Drift, [found])
        self.seen = Store(mongo, "oa_callbacks", SeenCallback, [IndexModel([("at", NEWEST)], name="at")])
        self.stores: list[Store[Any]] = [self.channel_deliveries, self.known, self.drifts, self.history, self.seen]

    async def want(self, todos: Sequence[TodoRow], channels: Sequence[str] | None = None) -> None:
        """Note what should stand in every channel (or in these); older versions change nothing."""
        now = clock.now()
        for todo in todos:
            for channel in self.channels if channels is None else channels:
                key = model.delivery_id(channel, todo.id)
                decide = partial(model.want, channel=channel, todo=todo, version=todo.version, now=now)
                await self.channel_deliveries.put(key, decide, cause=Cause.of(key, "want", todo.version, at=now))

    async def due(self, channel: str, limit: int) -> list[ChannelDelivery]:
        """The deliveries to be made now, those that wait longest first."""
        where = {"channel": channel, "next_at": {"$ne": None, "$lte": clock.now()}}
        return await self.channel_deliveries.find(where, sort=(("next_at", 1), ("_id", 1)), limit=limit)

    async def backlog(self, channel: str) -> dict[str, Any]:
        """How much waits for a channel, since when, and what needs a person."""
        where = {"channel": channel, "next_at": {"$ne": None}}
        waiting = await self.channel_deliveries.find(where, sort=(("next_at", 1),), limit=1)
        return {
            "waiting": await self.channel_deliveries.count(where),
            "oldest": waiting[0].next_at if waiting else None,
            "failed": await self.channel_deliveries.count({"channel": channel, "failed": True}),
        }

    async def note(self, channel: str, **fields: object) -> None:
        """Note something of a channel; what is noted already is not written again."""

        def noted(before: Known | None) -> Decision[Known]:
            return (before or Known(id=channel)).becomes(**fields), []

        await self.known.put(channel, noted, cause=cause(f"note#{channel}"))

    async def note_channels(self) -> bool:
        """Note which channels are configured now, so that nobody is warned of one that was taken away."""
        for one in await self.known.find(limit=0):
            if one.id not in self.channels:
                await self.note(one.id, configured=False)
        for name in self.channels:
            await self.note(name, configured=True)
        return False


def cause(name: str) -> Cause:
    """A cause of our own that happens once."""
    return Cause.of(name, uuid4())
