"""Whatever somebody changes in a service's database behind its back, the audit finds it and says what was expected."""

import asyncio
import copy
from collections.abc import AsyncIterator

import pytest

from infra.kernel.events import digest
from infra.messaging.outbox import FILED
from infra.ops.audit.chains import Finding
from infra.ops.audit.verify import verify
from infra.storage.mongo import Mongo
from services.review.app import build
from services.review.reviews.model.decision import first, replay
from services.review.reviews.store import Reviews
from tests.integration.review.cast import COMMITTEE, OFFICER, SECRETARY, act, opened, settled, tell_registry, to_meeting
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

REVIEW = "sanxin.r1"


Rows = dict[str, list[Json]]


class Tampered:
    """The database of a review service after a whole journey, and hands that reach into it."""

    def __init__(self, environment: Environment) -> None:
        self.settings = environment.settings("review")
        self.mongo = Mongo(self.settings)
        self.journal, self.reviews = self.mongo.collection("journal"), self.mongo.collection("reviews")

    async def chain(self, review: str = REVIEW) -> list[Json]:
        """The filed facts of a review from the first to the last, by their hashes."""
        rows = {row.get("previoushash"): dict(row) async for row in self.journal.find({"subject": review})}
        found, at = [], None
        while at in rows:
            found.append(rows[at])
            at = found[-1]["hash"]
        assert len(found) == len(rows)
        return found

    async def found(self) -> list[Finding]:
        return (await verify(self.settings)).findings

    async def only(self) -> Finding:
        """The one finding about the chain; what the review's own history says as well is left out."""
        (finding,) = [one for one in await self.found() if one.kind != "state"]
        return finding


async def walked(environment: Environment) -> Rows:
    """What a real review service has in its database after one review is approved and another one runs.

    It is audited all the time: nothing that a running service does may look like tampering.
    """
    over = asyncio.Event()

    async def watch() -> int:
        looks = 0
        while not over.is_set():
            assert (await verify(environment.settings("review"))).findings == []
            looks += 1
        return looks

    async with ServiceHarness(environment, "review", build).running() as standing:
        watching = asyncio.create_task(watch())
        await tell_registry(standing)
        await settled(standing)
        key = await opened(standing)
        meeting = await to_meeting(standing, key)
        for member in COMMITTEE:
            await act(standing, member, f"{key}/meetings/{meeting}/votes", {"choice": "for"})
        await act(standing, OFFICER, f"{key}/meetings/{meeting}/resolution", {"number": "1号"})
        await act(standing, SECRETARY, f"{await opened(standing, 'other')}/check", {"decision": "agree"})
        mongo = standing.service.mongo

        async def filed() -> bool:
            return not await mongo.collection("reviews").count_documents({"outbox_since": {"$exists": True}})

        await eventually(filed)
        over.set()
        assert await watching > 1
        return {
            name: [dict(row) async for row in mongo.collection(name).find()]
            for name in await mongo.database.list_collection_names()
        }


@pytest.fixture(scope="module")
async def rows(shared: Environment) -> Rows:
    """Walked once; each test gets a copy."""
    return await walked(shared)


@pytest.fixture
async def review(databases: Environment, rows: Rows) -> AsyncIterator[Tampered]:
    """A database of this test's own with what was walked."""
    tampered = Tampered(databases)
    for name, found in rows.items():
        if found:
            await tampered.mongo.collection(name).insert_many(copy.deepcopy(found))
    yield tampered
    await tampered.mongo.close()


async def test_a_clean_system_is_whole_and_every_fact_was_looked_at(review: Tampered) -> None:
    seen: list[int] = []
    audit = await verify(review.settings, lambda _, n: seen.append(n))
    assert audit.findings == []
    assert audit.facts == seen[-1] == await review.journal.count_documents({})
    assert audit.documents == 2
    filed = {name: value for name, value in (await review.chain())[-1].items() if name not in FILED}
    await review.reviews.update_one({"_id": REVIEW}, {"$push": {"outbox": filed}})  # died between the two writes
    assert await review.found() == []


async def test_a_changed_field_is_found(review: Tampered) -> None:
    one = (await review.chain())[3]
    await review.journal.update_one({"_id": one["_id"]}, {"$set": {"data.brand": "another"}})
    finding = await review.only()
    place = (finding.kind, finding.subject, finding.sequence, finding.id)
    assert place == ("changed", REVIEW, one["sequence"], one["_id"])
    assert one["hash"] in finding.what[1]


async def test_a_deleted_entry_is_found_between_its_neighbours(review: Tampered) -> None:
    before, gone, after = (await review.chain())[2:5]
    await review.journal.delete_one({"_id": gone["_id"]})
    finding = await review.only()
    assert (finding.kind, finding.id) == ("deleted", after["_id"])
    assert all(word in finding.what[1] for word in (before["_id"], after["_id"], gone["hash"]))


async def test_a_deleted_first_entry_is_found(review: Tampered) -> None:
    gone, after = (await review.chain())[:2]
    await review.journal.delete_one({"_id": gone["_id"]})
    finding = await review.only()
    assert (finding.kind, finding.id) == ("deleted", after["_id"])
    assert "between the beginning" in finding.what[1]


async def test_a_deleted_last_entry_is_found_by_what_its_document_knows(review: Tampered) -> None:
    before, gone = (await review.chain())[-2:]
    await review.journal.delete_one({"_id": gone["_id"]})
    finding = await review.only()
    assert (finding.kind, finding.subject, finding.sequence) == ("truncated", REVIEW, gone["sequence"])
    assert gone["hash"] in finding.what[1]
    assert before["_id"] in finding.what[1]


async def test_all_entries_of_a_review_deleted_are_found(review: Tampered) -> None:
    await review.journal.delete_many({"subject": REVIEW})
    finding = await review.only()
    assert (finding.kind, finding.subject) == ("truncated", REVIEW)


@pytest.mark.parametrize("parts", [("data",), ("sequence", "previoushash"), ("id", "data", "type", "time", "sequence")])
async def test_two_swapped_entries_are_found(review: Tampered, parts: tuple[str, ...]) -> None:
    one, other = (await review.chain())[3:5]
    for row, source in ((one, other), (other, one)):
        await review.journal.update_one({"_id": row["_id"]}, {"$set": {part: source[part] for part in parts}})
    findings = [finding for finding in await review.found() if finding.kind != "state"]
    assert {(finding.kind, finding.id) for finding in findings} == {("swapped", one["_id"]), ("swapped", other["_id"])}
    assert len(findings) == 2


async def test_two_entries_that_changed_places_with_their_hashes_are_found(review: Tampered) -> None:
    one, other = (await review.chain())[3:5]
    for row, source in ((one, other), (other, one)):
        await review.journal.replace_one({"_id": row["_id"]}, {**source, "_id": row["_id"]})
    findings = [finding for finding in await review.found() if finding.kind != "state"]
    assert {(finding.kind, finding.id) for finding in findings} == {("swapped", one["_id"]), ("swapped", other["_id"])}


@pytest.mark.parametrize("place", [0, 3, -1])
async def test_a_forged_entry_that_continues_a_true_one_is_found(review: Tampered, place: int) -> None:
    true = (await review.chain())[place]
    forged = {name: value for name, value in true.items() if name not in {"_id", "hash", "published", "seal"}}
    forged |= {"id": "forged", "previoushash": true["hash"], "sequence": true["sequence"] + 1}
    filed = {"_id": "forged", **forged, "hash": digest(forged), "published": true["published"], "seal": true["seal"]}
    await review.journal.insert_one(filed)
    finding = await review.only()
    assert (finding.kind, finding.id, finding.subject) == ("inserted", "forged", REVIEW)


async def test_an_entry_replaced_whole_with_its_hash_leaves_a_gap(review: Tampered) -> None:
    true, after = (await review.chain())[3:5]
    forged = {name: value for name, value in true.items() if name not in {"_id", "hash", "published", "seal"}}
    forged["time"] = "2026-01-01T00:00:00+00:00"
    await review.journal.update_one({"_id": true["_id"]}, {"$set": {"time": forged["time"], "hash": digest(forged)}})
    finding = await review.only()
    assert (finding.kind, finding.id) == ("deleted", after["_id"])
    assert "replaced whole" in finding.what[1]


async def test_a_deleted_document_leaves_entries_that_nobody_owns(review: Tampered) -> None:
    await review.reviews.delete_one({"_id": REVIEW})
    finding = await review.only()
    assert (finding.kind, finding.subject) == ("deleted", REVIEW)
    assert "the document that published it is gone" in finding.what[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "rejected"}, "replayed: state"),
        ({"brand": "another"}, "a review."),
        ({"history.0.by": "1003"}, "history sealed as"),
        ({"history.3.command.choice": "against"}, "history sealed as"),
        ({"runs.2.votes.0.choice": "against"}, "replayed: runs"),
        ({"resolution.in_favour": 4}, "replayed: resolution"),
    ],
)
async def test_a_changed_history_or_state_of_a_review_is_found(review: Tampered, change: Json, said: str) -> None:
    await review.reviews.update_one({"_id": REVIEW}, {"$set": change})
    findings = await review.found()
    assert {(finding.kind, finding.subject) for finding in findings} == {("state", REVIEW)}
    assert any(said in finding.what[1] for finding in findings), findings


async def test_a_vote_changed_with_the_state_and_the_seal_it_gives_is_found_by_what_was_filed(review: Tampered) -> None:
    """Somebody who knows the program: a secret vote turned, replayed, sealed anew; no told fact speaks of it."""
    true = await Reviews(review.mongo).get(REVIEW)
    (place, *_) = [n for n, entry in enumerate(true.history) if entry.command.kind == "vote" and entry.by == "1003"]
    entry = true.history[place]
    turned = entry.becomes(command=entry.command.model_copy(update={"choice": "against"}))
    history = (*true.history[:place], turned, *true.history[place + 1 :])
    forged = replay(first(true), history, true.holders).model_dump(exclude={"id", "version"})
    await review.reviews.update_one({"_id": REVIEW}, {"$set": forged})
    seals: list[str | None] = [None]
    for one in true.history:
        seals.append(one.sealed(seals[-1]))
    # a fact is filed with the seal that stands at that moment, which may speak of later entries too
    later = {row["_id"] for row in await review.chain() if row["seal"] in seals[place + 1 :]}
    findings = await review.found()
    assert {finding.what[1] for finding in findings} == {"history is not as sealed when this was filed"}
    assert {finding.id for finding in findings} == later != set()
