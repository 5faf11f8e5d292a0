"""Jobs: work in the background, in bounded turns, by one replica at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infra.storage.lease import Lease


@dataclass(frozen=True)
class Job:
    """Work in the background: ``turn`` does a bounded piece of it and says whether more waits.

    One replica at a time works (lease), but a turn that is longer than the lease may overlap another one: it must be
    idempotent. ``pause`` seconds pass when nothing waits.
    """

    name: str
    turn: Callable[[], Awaitable[bool]]
    pause: float = 1.0

    async def run(self, lease: Lease) -> None:
        """Take turns until cancelled; raises what a turn raises."""
        while True:
            if not (await lease.hold() and await self.turn()):
                await asyncio.sleep(self.pause)
