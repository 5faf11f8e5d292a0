"""Mirrors in batches: what queues up while one batch is written is the next one; a bad event harms no other."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.events import Event
from infra.messaging.consumer import Batcher
from tests.support.harness.tally import Counted


def event(number: int, kind: str = Counted.type) -> Event[Counted]:
    return Event[Counted](id=str(number), source="s", type=kind, data=Counted(counter="a", total=number))


class Writer:
    """A database that fails for some events, and waits while its door is shut."""

    def __init__(self, bad: frozenset[int] = frozenset()) -> None:
        self.bad = bad
        self.batches: list[list[int]] = []
        self.door, self.begun = asyncio.Event(), asyncio.Event()
        self.door.set()

    async def write(self, _: str, events: Sequence[Event[Any]]) -> None:
        """Write all of a batch or nothing of it."""
        numbers = [one.data.total for one in events]
        self.batches.append(numbers)
        self.begun.set()
        await self.door.wait()
        if self.bad.intersection(numbers):
            raise ValueError(f"cannot write {sorted(self.bad.intersection(numbers))}")


async def add(batches: Batcher, numbers: Sequence[int]) -> list[object]:
    return await asyncio.gather(*(batches.add(event(n)) for n in numbers), return_exceptions=True)


async def test_what_arrives_while_one_batch_is_written_is_gathered_into_the_next() -> None:
    writer = Writer()
    batches = Batcher(writer.write)
    writer.door.clear()
    first = asyncio.create_task(batches.add(event(0)))
    await writer.begun.wait()
    rest = [asyncio.create_task(batches.add(event(n))) for n in range(1, 6)]
    await asyncio.sleep(0)
    writer.door.set()
    await asyncio.gather(first, *rest)
    assert writer.batches == [[0], [1, 2, 3, 4, 5]]


async def test_nobody_is_told_done_before_the_write_is() -> None:
    writer = Writer()
    writer.door.clear()
    adding = asyncio.create_task(Batcher(writer.write).add(event(1)))
    await writer.begun.wait()
    assert not adding.done()
    writer.door.set()
    await adding


async def test_a_batch_has_a_limit() -> None:
    writer = Writer()
    await add(Batcher(writer.write, most=4), range(10))
    assert [len(batch) for batch in writer.batches] == [4, 4, 2]


async def test_different_types_are_not_mixed_and_do_not_wait_for_each_other() -> None:
    writer = Writer()
    batches = Batcher(writer.write)
    await asyncio.gather(*(batches.add(event(n, f"t{n % 2}.x.y.v1")) for n in range(6)))
    assert writer.batches == [[0, 2, 4], [1, 3, 5]]


async def test_the_error_of_an_event_is_its_own() -> None:
    writer = Writer(frozenset({2}))
    outcomes = await add(Batcher(writer.write), range(4))
    assert [type(outcome) for outcome in outcomes] == [type(None), type(None), ValueError, type(None)]


@settings(max_examples=60)
@given(
    numbers=st.lists(st.integers(0, 12), max_size=12, unique=True),
    bad=st.frozensets(st.integers(0, 12)),
    most=st.integers(1, 5),
)
async def test_each_event_gets_its_own_outcome_whatever_the_others_do(
    numbers: list[int], bad: frozenset[int], most: int
) -> None:
    writer = Writer(bad)
    batches = Batcher(writer.write, most)
    outcomes = dict(zip(numbers, await add(batches, numbers), strict=True))
    assert {n for n, outcome in outcomes.items() if isinstance(outcome, ValueError)} == bad.intersection(numbers)
    written = {n for batch in writer.batches if not bad.intersection(batch) for n in batch}
    assert written == set(numbers) - bad
    assert all(len(batch) <= most for batch in writer.batches)
    assert not batches._writers
    assert not any(batches._waiting.values())


async def test_whoever_gives_up_waiting_harms_no_other() -> None:
    writer = Writer()
    writer.door.clear()
    batches = Batcher(writer.write)
    adding = [asyncio.create_task(batches.add(event(n))) for n in range(3)]
    await writer.begun.wait()
    adding[1].cancel()
    writer.door.set()
    outcomes = await asyncio.gather(*adding, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), asyncio.CancelledError, type(None)]
    writer.bad = frozenset({9})
    with pytest.raises(ValueError, match="9"):
        await batches.add(event(9))
