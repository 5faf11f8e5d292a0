"""One decision, one document, one write: what the store promises, on the real MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from infra.kernel.errors import Invalid, NotFound, Refused, Stale
from infra.kernel.events import Aggregate, Cause, digest
from infra.storage.mongo import Mongo
from infra.storage.store import Store
from tests.support.harness import tally
from tests.support.harness.environment import Environment


def because(name: str, fingerprint: str | None = None) -> Cause:
    """A cause with this id."""
    return Cause(id=name, at=datetime.now(UTC), correlation=name, fingerprint=fingerprint)


async def stored(counters: Store[tally.Counter]) -> dict[str, Any]:
    """The document as it stands in the database."""
    document = await counters._collection.find_one({"_id": "a"})
    assert document is not None
    return dict(document)


@pytest.fixture
async def counters(databases: Environment) -> AsyncIterator[Store[tally.Counter]]:
    """An empty store of counters."""
    mongo = Mongo(databases.settings("tally"))
    store = Store(mongo, "counters", tally.Counter)
    await store.prepare()
    yield store
    await mongo.close()


async def test_a_decision_writes_state_fact_and_cause_together(counters: Store[tally.Counter]) -> None:
    await counters.create(partial(tally.new, "a"), cause=because("c1"))
    answer = await counters.update("a", lambda counter: tally.count(counter, 4), cause=because("c2"))
    document = await stored(counters)
    assert (answer.version, document["total"], document["version"]) == (2, 5, 2)
    assert [event["data"]["total"] for event in document["outbox"]] == [1, 5]
    assert [cause["id"] for cause in document["causes"]] == ["c1", "c2"]
    assert document["outbox_since"] is not None


async def test_each_fact_carries_the_hash_of_the_one_before_it(counters: Store[tally.Counter]) -> None:
    await counters.create(partial(tally.new, "a"), cause=because("c1"))
    await counters.update("a", tally.count, cause=because("c2"))
    first, second = (await stored(counters))["outbox"]
    assert "previoushash" not in first
    assert second["previoushash"] == digest(first)


async def test_the_same_cause_again_gets_the_stored_answer_and_changes_nothing(counters: Store[tally.Counter]) -> None:
    await counters.create(partial(tally.new, "a"), cause=because("c1"))
    first = await counters.update("a", tally.count, cause=because("c2"))
    await counters.update("a", tally.count, cause=because("c3"))
    again = await counters.update("a", tally.count, cause=because("c2"))
    assert (again.version, again.repeated, first.repeated) == (first.version, True, False)
    assert (await counters.get("a")).total == 3


async def test_a_repeated_creation_meets_itself_another_one_is_refused(counters: Store[tally.Counter]) -> None:
    await counters.create(partial(tally.new, "a"), cause=because("c1"))
    assert (await counters.create(partial(tally.new, "a"), cause=because("c1"))).repeated
    with pytest.raises(Refused, match=r"already\.exists"):
        await counters.create(partial(tally.new, "a"), cause=because("c2"))


async def test_a_key_used_for_other_content_is_refused(counters: Store[tally.Counter]) -> None:
    await counters.create(partial(tally.new, "a"), cause=because("c1", "x"))
    with pytest.raises(Invalid, match=r"idempotency\.key_reused"):
        await counters.update("a", tally.count, cause=because("c1", "y"))


async def test_thirty_two_writers_at_once_lose_no_step(counters: Store[tally.Counter]) -> None:
    await counters.create(lambda: (tally.Counter(id="a"), []), cause=because("c0"))

    async def write(writer: int) -> None:
        for step in range(5):
            await counters.update("a", tally.count, cause=because(f"{writer}.{step}"))

    await asyncio.gather(*(write(writer) for writer in range(32)))
    document = await stored(counters)
    assert (document["total"], document["version"]) == (160, 161)
    assert sorted(event["data"]["total"] for event in document["outbox"]) == list(range(1, 161))


async def test_a_refused_decision_changes_nothing(counters: Store[tally.Counter]) -> None:
    await counters.create(lambda: (tally.Counter(id="a", limit=1), []), cause=because("c0"))
    before = await stored(counters)
    with pytest.raises(Refused, match=r"counter\.full"):
        await counters.update("a", lambda counter: tally.count(counter, 2), cause=because("c1"))
    assert await stored(counters) == before


class Note(Aggregate):
    """Keeps any JSON."""

    value: Any = None


async def test_one_and_true_are_not_the_same(counters: Store[tally.Counter]) -> None:
    notes = Store(counters.mongo, "notes", Note)
    await notes.create(lambda: (Note(id="n", value={"flag": 1}), []), cause=because("c1"))
    changed = await notes.update("n", lambda note: (note.becomes(value={"flag": True}), []), cause=because("c2"))
    assert changed.version == 2
    assert (await notes.get("n")).value["flag"] is True


async def test_an_unknown_id_is_not_found(counters: Store[tally.Counter]) -> None:
    with pytest.raises(NotFound):
        await counters.update("nobody", tally.count, cause=because("c1"))


async def test_a_coroutine_as_decision_fails_loudly(counters: Store[tally.Counter]) -> None:
    async def decide(counter: tally.Counter) -> object:
        return counter, []

    await counters.create(partial(tally.new, "a"), cause=because("c1"))
    with pytest.raises(TypeError, match="plain def"):
        await counters.update("a", decide, cause=because("c2"))  # type: ignore[arg-type]


async def test_put_creates_or_changes_what_its_caller_named(counters: Store[tally.Counter]) -> None:
    def decide(before: tally.Counter | None) -> tuple[tally.Counter, list[tally.Counted]]:
        return (before or tally.Counter(id="a")).becomes(total=7), []

    assert (await counters.put("a", decide, cause=because("c1"))).version == 1
    assert (await counters.put("a", decide, cause=because("c2"))).version == 1, "nothing changed, nothing written"


async def test_a_projection_keeps_the_newest_version_in_any_order(databases: Environment) -> None:
    mongo = Mongo(databases.settings("echo"))
    mirror = tally.Echo(mongo).mirror
    rows = [tally.Seen(id=f"k{n % 30}", version=n // 30 + 1, total=n) for n in range(300)]
    shuffled = sorted(rows, key=lambda row: hash((row.id, row.version, 7)))
    await asyncio.gather(*(mirror.save(shuffled[start::3] * 2) for start in range(3)))
    found = await mirror.find(limit=0)
    assert {row.id: row.version for row in found} == {f"k{n}": 10 for n in range(30)}
    await mongo.close()


async def test_who_decided_on_another_version_is_stale_and_a_repetition_is_not(counters: Store[tally.Counter]) -> None:
    await counters.create(partial(tally.new, "a"), cause=because("c1"))
    seen = replace(because("c2"), expected_version=1)
    assert (await counters.update("a", tally.count, cause=seen)).version == 2
    with pytest.raises(Stale, match=r"version\.stale"):
        await counters.update("a", tally.count, cause=replace(because("c3"), expected_version=1))
    assert (await counters.update("a", tally.count, cause=seen)).repeated
    with pytest.raises(Stale, match=r"version\.stale"):
        await counters.create(partial(tally.new, "b"), cause=replace(because("c4"), expected_version=1))


async def test_what_is_shipped_is_put_in_place_once_and_then_left_alone(counters: Store[tally.Counter]) -> None:
    await counters.seed("a", partial(tally.new, "a"))
    await counters.update("a", tally.count, cause=because("c1"))
    await counters.seed("a", partial(tally.new, "a"))
    assert (await counters.get("a")).total == 2
    assert len((await stored(counters))["causes"]) == 2
