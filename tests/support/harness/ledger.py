"""The ledger: after faults are healed and queues drained, what was acknowledged and what took effect must agree.

``lost`` acknowledged without effect · ``twice`` one cause, two effects · ``phantom`` an effect nobody asked for ·
``zombie`` a state whose fact was never told · ``ghost`` a told fact without its state · ``order`` a broken chain.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.kernel.events import digest
from infra.messaging.outbox import FILED
from infra.storage.mongo import Mongo
from tests.support.harness.environment import Environment

OWN = {"journal", "status", "leases", "parked"}
Document = Mapping[str, Any]


@dataclass
class Ledger:
    """What a load driver tried and what was acknowledged, by the id of the cause."""

    attempted: set[str] = field(default_factory=set)
    acknowledged: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """How much stands in a database: it changes whenever something happens."""

    documents: int = 0
    versions: int = 0
    waiting: int = 0
    """Facts that are still to be told."""


async def stored(mongo: Mongo) -> Stored:
    """Count it over there, without reading it."""
    waiting = {"$cond": [{"$isArray": "$outbox"}, {"$size": "$outbox"}, 0]}
    sums = {"documents": {"$sum": 1}, "versions": {"$sum": "$version"}, "waiting": {"$sum": waiting}}
    names = [name for name in await mongo.database.list_collection_names() if name not in {"status", "leases"}]
    found = [
        await mongo.collection(name).aggregate([{"$group": {"_id": None, **sums}}]).to_list(None) for name in names
    ]
    rows = [row for rows in found for row in rows]
    return Stored(**{name: sum(row[name] for row in rows) for name in sums})


@dataclass(frozen=True)
class Books:
    """One service's database: aggregates and all rows by collection, the journal by hash, parked messages."""

    service: str
    aggregates: dict[str, list[Document]]
    rows: dict[str, list[Document]]
    journal: dict[str, Document]
    parked: list[Document]

    @classmethod
    async def read(cls, environment: Environment, service: str) -> "Books":
        """Read everything; needs no running service."""
        mongo = Mongo(environment.settings(service))
        try:
            names = [name for name in await mongo.database.list_collection_names() if name not in OWN]
            everything = {name: await mongo.collection(name).find().to_list(None) for name in names}
            aggregates = {
                name: [document for document in documents if "causes" in document]
                for name, documents in everything.items()
            }
            published = await mongo.collection("journal").find().to_list(None)
            journal = {digest({k: v for k, v in event.items() if k not in FILED}): event for event in published}
            return cls(service, aggregates, everything, journal, await mongo.collection("parked").find().to_list(None))
        finally:
            await mongo.close()

    @property
    def documents(self) -> list[tuple[str, Document]]:
        """Every aggregate with the name of its collection."""
        return [(name, document) for name, documents in self.aggregates.items() for document in documents]

    @property
    def unpublished(self) -> int:
        """How many facts still wait to be told."""
        return sum(len(document.get("outbox", ())) for _, document in self.documents)

    def faults(self) -> list[str]:
        """Zombies, ghosts and broken chains; a chain leads from a document's last fact back to its first."""
        found, reached = [], set()
        for collection, document in self.documents:
            place = f"{self.service}.{collection}/{document['_id']}"
            if document.get("outbox"):
                found.append(f"zombie: {place} has untold facts")
            at = document.get("chain")
            later = document["version"] + 1
            while at is not None:
                event = self.journal.get(at)
                if event is None:
                    found.append(f"zombie: {place} has a fact that was never told")
                    break
                if event["sequence"] > document["version"]:
                    found.append(f"ghost: {place} told version {event['sequence']} of {document['version']}")
                if event["sequence"] > later:
                    found.append(f"order: {place} told {event['sequence']} before {later}")
                later = event["sequence"]
                reached.add(at)
                at = event.get("previoushash")
        found += [
            f"ghost: {self.journal[key]['type']} {key} belongs to no state" for key in self.journal.keys() - reached
        ]
        return found


def balance(ledger: Ledger, books: Iterable[Books], loaded: Container[str] = ("organisations", "people")) -> list[str]:
    """Compare what was acknowledged with what took effect; an empty list is a clean ledger.

    ``loaded`` = collections that were filled before the ledger was opened.
    """
    books = list(books)
    effects = Counter(cause["id"] for one in books for _, document in one.documents for cause in document["causes"])
    asked = {
        cause["id"]
        for one in books
        for name, document in one.documents
        for cause in document["causes"]
        if name not in loaded and cause["id"].startswith("http#")
    }
    faults = [fault for one in books for fault in one.faults()]
    faults += [f"lost: {cause} {answer}" for cause, answer in ledger.acknowledged.items() if cause not in effects]
    faults += [f"twice: {cause} took effect {times} times" for cause, times in effects.items() if times > 1]
    faults += [f"phantom: {cause} was never asked for" for cause in asked - ledger.attempted]
    return faults
