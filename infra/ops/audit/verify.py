"""``brandmatrix audit verify``: what every service ever published is still there, unchanged and in its place.

Three things are compared, and nothing is written: each filed fact with the hash it was filed with, the chain of each
document's facts with the hash in the document, and, where a service knows more about a collection of its own
(``services/<name>/audit.py``), each document with its own history. The system may run meanwhile: what looks wrong is
looked at again before it is reported, in a snapshot: documents and journal read one after the other need not fit.
"""

import importlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import combinations
from typing import Any, TypeAlias

from infra.kernel.events import digest
from infra.kernel.settings import Settings
from infra.messaging.outbox import FILED
from infra.ops.audit.chains import Chains, Finding, Head, Kind, Link, swapped
from infra.storage.mongo import Mongo

ENTRIES = 1000
"""Facts read at once; the memory needed is that of so many facts and their documents."""
COMPARED = 12
"""Altered facts that are compared with each other to see whether they were swapped."""
OWN = {"journal", "status", "leases", "parked"}
Row: TypeAlias = Mapping[str, Any]
Report: TypeAlias = Callable[[str, int], None]
History: TypeAlias = Callable[[Row, Sequence[Row]], Iterable[tuple[int | None, str | None, str, str]]]
"""A document and its filed facts → what does not fit: sequence, event id, and the words in Chinese and English."""


@dataclass
class Audit:
    """What was looked at in one service, and what was found."""

    service: str
    facts: int = 0
    documents: int = 0
    findings: list[Finding] = field(default_factory=list)


async def verify(settings: Settings, report: Report = lambda _, __: None) -> Audit:
    """Look at every fact and document of a service; ``report`` is told the service and the facts read so far."""
    mongo = Mongo(settings)
    try:
        return await _Reader(mongo, report).verify()
    finally:
        await mongo.close()


async def size(settings: Settings) -> int:
    """About how many facts a service has filed."""
    mongo = Mongo(settings)
    try:
        return int(await mongo.collection("journal").estimated_document_count())
    finally:
        await mongo.close()


def histories(service: str) -> dict[str, History]:
    """What a service knows about its own documents: ``HISTORIES`` of its module ``audit``, by collection."""
    if find_spec("services") is None or find_spec(f"services.{service}") is None:
        return {}
    if find_spec(f"services.{service}.audit") is None:
        return {}
    found: dict[str, History] = importlib.import_module(f"services.{service}.audit").HISTORIES
    return found


def body(row: Row) -> dict[str, Any]:
    """The fact as it was published, without what the journal adds."""
    return {name: value for name, value in row.items() if name not in FILED}


async def _each(cursor: Any) -> AsyncIterator[Row]:  # noqa: ANN401 - the driver's cursor
    """Row by row what is fetched by the thousand, which is several times as quick."""
    while rows := await cursor.to_list(ENTRIES):
        for row in rows:
            yield row


class _Reader:
    def __init__(self, mongo: Mongo, report: Report) -> None:
        self._mongo, self._report = mongo, report
        self._journal = mongo.collection("journal")
        self._histories = histories(mongo.service)
        self._audit = Audit(mongo.service)
        self._altered: list[tuple[Row, Link]] = []
        self._collections: list[str] = []
        self._doubtful: set[str] = set()

    async def verify(self) -> Audit:
        names = sorted(set(await self._mongo.database.list_collection_names()) - OWN)
        self._collections = [
            name for name in names if await self._mongo.collection(name).find_one({"chain": {"$exists": True}}, {})
        ]
        chains = Chains(self._mongo.service)
        rows: list[Row] = []
        low: str | None = None
        cursor = self._journal.find(sort=[("subject", 1), ("sequence", 1)], batch_size=ENTRIES)
        async for row in _each(cursor):
            if len(rows) >= ENTRIES and row.get("subject") != rows[-1].get("subject"):
                high = rows[-1].get("subject")
                await self._range(chains, rows, low, high)
                rows, low = [], high
            rows.append(row)
        await self._range(chains, rows, low, None)
        self._audit.findings += [*self._exchanged(), *await self._again(chains)]
        return self._audit

    async def _range(self, chains: Chains, rows: Sequence[Row], low: str | None, high: str | None) -> None:
        """The facts of some subjects with all documents whose ids lie among them, also those that have no fact."""
        bounds = ({"$gt": low} if low is not None else {}) | ({"$lte": high} if high is not None else {})
        documents = await self._documents({"_id": bounds} if bounds else {})
        for row in rows:
            link = self._link(row)
            self._entry(row, link)
            chains.take(link)
        await self._close(chains, rows, documents)
        self._audit.facts += len(rows)
        self._audit.documents += len(documents)
        self._doubtful |= {finding.subject for finding in self._state(rows, documents)}
        self._report(self._mongo.service, self._audit.facts)

    async def _documents(self, where: Row, moment: Any = None) -> list[tuple[str, Row]]:  # noqa: ANN401 - a session
        found = []
        for name in self._collections:
            fields = None if name in self._histories else {"version": 1, "chain": 1, "outbox": 1}
            documents_of = self._mongo.collection(name).find(
                {**where, "chain": {"$exists": True}}, fields, session=moment
            )
            found += [(name, document) async for document in documents_of]
        return found

    async def _close(
        self,
        chains: Chains,
        rows: Sequence[Row],
        documents: Sequence[tuple[str, Row]],
        moment: Any = None,  # noqa: ANN401 - a session
    ) -> None:
        """Facts not yet filed stand in their documents; then each document's end of its chain."""
        outbox = [event for _, document in documents for event in document.get("outbox") or ()]
        filed = {row["_id"] for row in rows}
        asked = [event["id"] for event in outbox if event["id"] not in filed]
        if asked:  # published by one document, filed under another subject
            others = self._journal.find({"_id": {"$in": asked}}, {"_id": 1}, session=moment)
            filed |= {row["_id"] async for row in others}
        for event in outbox:
            if event["id"] not in filed:
                chains.take(self._link(event))
                self._audit.facts += 1
        for name, document in documents:
            chains.close(Head(name, document["_id"], document["version"], document["chain"]))

    def _link(self, row: Row) -> Link:
        hashed = digest(body(row))
        filed = row.get("hash", hashed)
        key, sequence = str(row.get("_id", row.get("id"))), row.get("sequence")
        number = sequence if isinstance(sequence, int) else 0
        return Link(key, str(row.get("subject")), number, filed, row.get("previoushash"), altered=hashed != filed)

    def _entry(self, row: Row, link: Link) -> None:
        if link.altered:
            self._altered.append((row, link))
        elif row.get("id") != row["_id"]:
            zh, en = f"此处应为 {row['_id']}，实为 {row.get('id')}", f"{row['_id']} belongs here, not {row.get('id')}"
            self._found("swapped", link, (zh, en))

    def _found(self, kind: Kind, link: Link, what: tuple[str, str]) -> None:
        self._audit.findings.append(Finding(self._mongo.service, kind, link.subject, link.sequence, link.id, what))

    def _exchanged(self) -> list[Finding]:
        """The altered facts, and which of them were swapped with each other."""
        partner: dict[str, str] = {}
        for (one, link), (other, second) in combinations(self._altered[:COMPARED], 2):
            if swapped(body(one), body(other), (link.hash, second.hash)):
                partner |= {link.id: second.id, second.id: link.id}
        found = []
        for row, link in self._altered:
            now = digest(body(row))
            zh, en = f"应有散列 {link.hash}，现为 {now}", f"expected hash {link.hash}, found {now}"
            other_id = partner.get(link.id)
            if other_id:
                zh, en = f"与 {other_id} 调换；{zh}", f"exchanged with {other_id}; {en}"
            kind: Kind = "swapped" if other_id else "changed"
            found.append(Finding(self._mongo.service, kind, link.subject, link.sequence, link.id, (zh, en)))
        return found

    def _state(self, rows: Sequence[Row], documents: Sequence[tuple[str, Row]]) -> list[Finding]:
        """What documents do not have in common with their own histories."""
        filed = defaultdict[str, list[Row]](list)
        for row in rows:
            filed[str(row.get("subject"))].append(row)
        return [
            Finding(self._mongo.service, "state", document["_id"], sequence, event, (zh, en))
            for name, document in documents
            if name in self._histories
            for sequence, event, zh, en in self._histories[name](document, filed[document["_id"]])
        ]

    async def _again(self, chains: Chains) -> list[Finding]:
        """What is left over, looked at again: documents and facts as they stood at one and the same moment."""
        subjects = sorted(chains.involved | self._doubtful)
        if not subjects:
            return []
        async with await self._mongo.database.client.start_session(snapshot=True) as moment:  # type: ignore[call-arg]  # its stubs lag behind
            documents = await self._documents({"_id": {"$in": subjects}}, moment)
            order = [("subject", 1), ("sequence", 1)]
            facts = self._journal.find({"subject": {"$in": subjects}}, sort=order, session=moment)
            rows, again = [row async for row in facts], Chains(self._mongo.service)
            for row in rows:
                again.take(self._link(row))
            counted = self._audit.facts
            await self._close(again, rows, documents, moment)
            self._audit.facts = counted
        return again.findings({document["_id"] for _, document in documents}) + self._state(rows, documents)
