"""What a service puts on the wire for a fact: the envelope is made by the store itself, without any server."""

import json
from datetime import UTC, datetime

from infra.kernel.events import Aggregate, Cause, Fact
from infra.kernel.settings import Settings
from infra.storage.mongo import Mongo
from infra.storage.store import Document, Store

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def because(**changed: str | None) -> Cause:
    """A cause that has everything."""
    known = {"id": "http#1", "correlation": "c1", "causation": "e0", "traceparent": TRACE}
    return Cause(at=datetime.now(UTC), **{**known, **changed})  # type: ignore[arg-type]


def envelopes(*facts: Fact, version: int = 1, chain: str | None = None, cause: Cause | None = None) -> list[Document]:
    """The facts of one decision as they are stored."""
    store = Store(Mongo(Settings.of("tally", {})), "counters", Aggregate)
    return store._envelopes(facts, version, chain, cause or because())[0]


def body(envelope: Document) -> bytes:
    """The message that the relay makes of it."""
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
