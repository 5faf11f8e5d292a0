"""A journal that has grown is audited fact by fact, in time and memory that somebody can spare."""

import resource
import time
from datetime import UTC, datetime

import pytest

from infra.kernel.events import Cause, digest
from infra.ops.audit.verify import body, verify
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json
from tests.support.harness.tally import Counted, Counter


def most_memory() -> int:
    """The most bytes that this process ever held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_fifty_thousand_facts_are_verified_in_bounded_memory(databases: Environment) -> None:
    """2,500 documents, each with 20 facts of half a kilobyte; one fact is lost, and that one is found."""
    settings = databases.settings("tally")
    mongo = Mongo(settings)
    counters = Store(mongo, "counters", Counter)
    cause = Cause(id="x", at=datetime.now(UTC), correlation="x")
    for batch in range(25):
        facts, documents = list[Json](), list[Json]()
        for key in (f"c{batch:02}{n:03}" for n in range(100)):
            chain = None
            for version in range(1, 21):
                published, chain = counters._envelopes(
                    [Counted(counter=f"{key}{'x' * 200}", total=1)], version, chain, cause
                )
                facts += [{"_id": one["id"], **one, "subject": key, "published": cause.at} for one in published]
                chain = facts[-1]["hash"] = digest(body(facts[-1]))
            documents.append({"_id": key, "version": 20, "chain": chain, "outbox": []})
        await mongo.collection("journal").insert_many(facts)
        await mongo.collection("counters").insert_many(documents)
    indexes = [IndexModel([("subject", ASCENDING), ("sequence", ASCENDING)], name="subject")]
    await mongo.index("journal", indexes)
    lost = facts[-30]
    await mongo.collection("journal").delete_one({"_id": lost["_id"]})
    await mongo.close()
    before, worked = most_memory(), time.process_time()
    audit = await verify(settings)
    worked = time.process_time() - worked
    assert (audit.facts, audit.documents) == (49_999, 2_500)
    assert [(one.kind, one.sequence) for one in audit.findings] == [("deleted", lost["sequence"] + 1)]
    assert most_memory() - before < 60e6
    assert audit.facts / worked > 2_000  # in a second of this process's own work
