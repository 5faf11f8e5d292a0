"""The relay: facts in the outbox → RabbitMQ → journal. It owns every unpublished fact of its service, whoever wrote it.

Order: publish, wait for the confirm, journal, remove from the document. A crash between two of these publishes the fact
again with the same event id; readers recognise it. One relay per service works at a time (lease).
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from infra.kernel import clock
from infra.kernel.events import CONTENT_TYPE, digest
from infra.kernel.telemetry import OUTBOX_AGE, PUBLISHED, log
from infra.messaging.publisher import Message, Publisher, Unpublished
from infra.messaging.topology import EVENTS
from infra.storage.lease import Lease
from infra.storage.mongo import ASCENDING, Collection, IndexModel, Mongo, PyMongoError, insert_missing, remove_published
from infra.storage.store import Store

DOCUMENTS_AT_ONCE = 64
FIRST_REST, LONGEST_REST, DOUBLINGS = 0.4, 30.0, 7
FILED = ("_id", "published", "hash", "seal")
"""What the journal adds to a fact: when it was filed, its hash, and the seal of its document if that has one."""
Document = Mapping[str, Any]


def rest(tries: int) -> timedelta:
    """How long a document rests after so many refusals: twice as long each time, never beyond the longest."""
    return timedelta(seconds=min(FIRST_REST * 2 ** min(tries - 1, DOUBLINGS), LONGEST_REST))


class Relay:
    """Publishes the facts in the outbox of all stores of one service. ``run`` until cancelled."""

    def __init__(
        self, mongo: Mongo, stores: Sequence[Store[Any]], publisher: Publisher, lease: Lease, poll: float
    ) -> None:
        self._mongo, self._publisher, self._lease, self._poll = mongo, publisher, lease, poll
        self._collections = [mongo.collection(store.name) for store in stores]
        self._journal = mongo.collection("journal")
        self._status = mongo.collection("status")
        self._failures: defaultdict[str, int] = defaultdict(int)
        self._not_before: dict[str, datetime] = {}

    async def prepare(self) -> None:
        """Make the journal's indexes; forget what an earlier process could not publish, this one finds out anew."""
        await self._status.delete_many({"_id": {"$regex": "^unpublished:"}})
        by = {"subject": ("subject", "sequence"), "type": ("type", "time"), "filed": ("published", "_id")}
        indexes = [IndexModel([(field, ASCENDING) for field in fields], name=name) for name, fields in by.items()]
        await self._mongo.index("journal", indexes)

    async def run(self) -> None:
        """Publish what waits, woken by this process's writes, by a change stream, or by the clock at the latest."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            while True:
                self._mongo.written.clear()
                try:
                    busy = self._publisher.connected and await self._lease.hold() and await self.run_once()
                    if not busy and not await self._woken():
                        await self._measure()
                except PyMongoError as error:
                    log.warning("relay.database_unreachable", error=str(error))
                    await asyncio.sleep(self._poll)

    async def run_once(self) -> bool:
        """One round over all stores; True when something was published and more may wait. Needs the lease."""
        published = False
        for collection in self._collections:
            where = {"outbox_since": {"$exists": True}, "_id": {"$nin": self._resting()}}
            found = collection.find(where, {"outbox": 1, "seal": 1}).sort("outbox_since", 1).limit(DOCUMENTS_AT_ONCE)
            documents = await found.to_list(None)
            done = await asyncio.gather(*(self._publish(document) for document in documents))
            finished = {document["_id"]: events for document, events in zip(documents, done, strict=True) if events}
            if finished:
                await self._file(collection, finished)
                published = True
        return published

    async def _measure(self) -> None:
        """Say how long the oldest unpublished fact has waited, also while nothing can be published."""
        where, order = {"outbox_since": {"$exists": True}}, [("outbox_since", 1)]
        found = [await one.find_one(where, {"outbox_since": 1}, sort=order) for one in self._collections]
        oldest = min((document["outbox_since"] for document in found if document), default=None)
        OUTBOX_AGE.set((clock.now() - oldest).total_seconds() if oldest else 0)

    async def _publish(self, document: Document) -> list[Document]:
        """Publish one document's facts in their order, as far as it goes; returns those as they are filed."""
        published: list[Document] = []
        sealed = {"seal": document["seal"]} if document.get("seal") else {}
        for event in document["outbox"]:
            if not self._lease.held:
                break
            try:
                await self._publisher.publish(EVENTS, event["type"], message(event))
            except Unpublished as error:
                await self._failed(document["_id"], event, error)
                break
            PUBLISHED.labels(event["type"]).inc()
            published.append({"_id": event["id"], **event, "hash": digest(event), **sealed})
        return published

    async def _file(self, collection: Collection, published: Mapping[str, Sequence[Document]]) -> None:
        """Put published facts into the journal, then take them out of the outbox: two writes for the whole round."""
        now = clock.now()
        facts = [{**event, "published": now} for events in published.values() for event in events]
        await insert_missing(self._journal, facts)
        await remove_published(
            collection, {key: [event["id"] for event in events] for key, events in published.items()}
        )
        for key in published:
            if self._failures.pop(key, None):
                self._not_before.pop(key, None)
                await self._status.delete_one({"_id": f"unpublished:{key}"})

    async def _failed(self, key: str, event: Document, error: Exception) -> None:
        """Leave the fact where it is, let the document rest for a while, and say so where ``doctor`` looks."""
        self._failures[key] += 1
        self._not_before[key] = clock.now() + rest(self._failures[key])
        status = {"type": event["type"], "event": event["id"], "error": str(error), "tries": self._failures[key]}
        log.warning("relay.not_published", document=key, type=event["type"], fact=event["id"], error=str(error))
        await self._status.update_one({"_id": f"unpublished:{key}"}, {"$set": status}, upsert=True)

    def _resting(self) -> list[str]:
        now = clock.now()
        return [key for key, until in self._not_before.items() if until > now]

    async def _woken(self) -> bool:
        """Wait for a write; False when the time for a look of our own has come."""
        try:
            async with asyncio.timeout(self._poll):
                await self._mongo.written.wait()
        except TimeoutError:
            return False
        return True

    async def _listen(self) -> None:
        """Wake up when another process writes. Only a wake-up: what a lost stream misses, the clock finds."""
        while True:
            try:
                async for _ in self._mongo.changes():
                    self._mongo.written.set()
            except PyMongoError as error:
                log.info("relay.change_stream_lost", error=str(error))
            await asyncio.sleep(self._poll)


def message(event: Document) -> Message:
    """The message of a fact."""
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"traceparent": event["traceparent"]} if "traceparent" in event else {}
    return Message(body, headers, event["id"], CONTENT_TYPE)
