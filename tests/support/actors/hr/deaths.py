"""The registry is killed with SIGKILL at random moments of chosen days, and started again each time."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date

from tests.support.actors.hr.registry import Registry

LONGEST = 2.5
"""Seconds after the beginning of a day's work; a list is received, compared and applied in that time."""


class Deaths:
    """So many deaths, spread over days; the seed says at which moments, and they are printed."""

    def __init__(self, seed: int, times: int, days: Sequence[date]) -> None:
        chance = random.Random(seed)
        self._left: defaultdict[date, list[float]] = defaultdict(list)
        for _ in range(times):
            self._left[chance.choice(days)].append(round(chance.uniform(0.02, LONGEST), 3))
        self.died: list[str] = []

    @asynccontextmanager
    async def of(self, day: date, registry: Registry) -> AsyncIterator[None]:
        """The deaths of this day happen while the block goes on; the block ends when all have happened."""
        moments = sorted(self._left.pop(day, []))
        dying = asyncio.create_task(self._die(day, registry, moments))
        try:
            yield
            await dying
        finally:
            dying.cancel()

    async def _die(self, day: date, registry: Registry, moments: Sequence[float]) -> None:
        begun = asyncio.get_running_loop().time()
        for moment in moments:
            await asyncio.sleep(max(begun + moment - asyncio.get_running_loop().time(), 0))
            await asyncio.to_thread(registry.system.kill, "registry")
            await asyncio.to_thread(registry.start)
            self.died.append(f"{day} +{moment} s")
            print(f"killed on {day}, {moment} s after nine o'clock")  # noqa: T201 - a failed run shows its moments
            if moment != moments[-1]:
                await registry.system.ready()
                begun = asyncio.get_running_loop().time() - moment
