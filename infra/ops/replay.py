"""``brandmatrix replay READER``: publish again to a service what it consumes, from its owners' journals.

For a service that came late, lost its queue, or grew a new mirror. Readers recognise what they know already, so a
replay can be repeated at any time. It goes to the reader's own queue: nobody else gets it twice.
"""

import importlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from infra.kernel.settings import Settings
from infra.messaging import topology
from infra.messaging.outbox import FILED, message
from infra.messaging.publisher import Publisher
from infra.messaging.subscriptions import Handlers
from infra.storage.mongo import Mongo

Report = Callable[[str, int], None]
"""Called after each type: the type, how many of it were published again."""


async def replay(reader: str, settings: Mapping[str, Settings], since: datetime | None, report: Report) -> int:
    """Send every journaled fact that ``reader`` consumes to its queues, oldest first; returns how many.

    Raises ``PyMongoError`` or ``Unpublished``; what was sent until then does no harm.
    """
    own = settings[reader]
    handlers: Handlers = importlib.import_module(f"services.{reader}.app").build(own).handlers
    publisher = Publisher(own, topology.of(reader, list(handlers.decisions), list(handlers.mirrors), own.retry_delays))
    await publisher.connect()
    sent = 0
    try:
        for queue, kinds in (("mirrors", handlers.mirrors), ("decisions", handlers.decisions)):  # mirrors first
            for kind in kinds:
                number = await _type(kind, settings[kind.partition(".")[0]], publisher, f"{reader}.{queue}", since)
                report(kind, number)
                sent += number
    finally:
        await publisher.close()
    return sent


async def _type(kind: str, owner: Settings, publisher: Publisher, queue: str, since: datetime | None) -> int:
    mongo, number = Mongo(owner), 0
    where = {"type": kind, "published": {"$gte": since or datetime.min.replace(tzinfo=UTC)}}
    try:
        async for fact in mongo.collection("journal").find(where).sort("time", 1):
            body = {name: value for name, value in fact.items() if name not in FILED}
            await publisher.publish(f"{queue.partition('.')[0]}.return", queue, message(body))
            number += 1
    finally:
        await mongo.close()
    return number
