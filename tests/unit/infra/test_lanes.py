"""One lane for each subject: the same thing waits its turn, different things run side by side, nothing is kept."""

import asyncio
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.storage.lease import KeyedLocks


class Road:
    """Workers that note when they enter and leave the lane of their subject."""

    def __init__(self) -> None:
        self.lanes = KeyedLocks()
        self.done: list[tuple[str, int]] = []
        self.inside: set[str] = set()
        self.most = 0

    async def drive(self, subject: str, number: int, turns: int = 1) -> None:
        """Hold the lane for some turns of the event loop."""
        async with self.lanes.of(subject):
            assert subject not in self.inside, "two in one lane"
            self.inside.add(subject)
            self.most = max(self.most, len(self.inside))
            for _ in range(turns):
                await asyncio.sleep(0)
            self.inside.remove(subject)
            self.done.append((subject, number))

    @property
    def kept(self) -> int:
        """How many subjects are still remembered."""
        return len(self.lanes._locks) + len(self.lanes._users)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4)), max_size=20))
async def test_each_subject_is_served_in_order_and_nothing_is_kept(cars: list[tuple[str, int]]) -> None:
    road = Road()
    await asyncio.gather(*(road.drive(subject, n, turns) for n, (subject, turns) in enumerate(cars)))
    for subject in "abc":
        assert numbers(road.done, subject) == numbers(((name, n) for n, (name, _) in enumerate(cars)), subject)
    assert road.kept == 0


def numbers(entries: Iterable[tuple[str, int]], subject: str) -> list[int]:
    return [number for name, number in entries if name == subject]


async def test_different_subjects_run_side_by_side() -> None:
    road = Road()
    await asyncio.gather(*(road.drive(f"k{n}", n, turns=3) for n in range(10)))
    assert road.most == 10


async def test_a_waiting_subject_holds_up_no_other() -> None:
    road = Road()
    async with road.lanes.of("stuck"):
        waiting = asyncio.create_task(road.drive("stuck", 0))
        await road.drive("free", 1)
        assert road.done == [("free", 1)]
    await waiting
    assert road.done == [("free", 1), ("stuck", 0)]


async def test_whoever_gives_up_waiting_leaves_the_lane_to_the_next() -> None:
    road = Road()
    async with road.lanes.of("a"):
        first, second = (asyncio.create_task(road.drive("a", n)) for n in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    await second
    assert (road.done, road.kept) == ([("a", 1)], 0)


async def test_an_error_frees_the_lane() -> None:
    road = Road()
    with pytest.raises(ValueError, match="broken"):
        async with road.lanes.of("a"):
            raise ValueError("broken")
    await road.drive("a", 1)
    assert (road.done, road.kept) == ([("a", 1)], 0)
