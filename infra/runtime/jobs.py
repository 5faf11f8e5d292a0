"""Jobs: work in the background, in bounded turns, by one replica at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infra.storage.lease import Lease


@dataclass(frozen=True)
class Job:
    """Work in the background: ``run_once`` does a bounded piece of it and says whether more waits.

    One replica at a time works (lease), but one that takes longer than the lease may overlap another: it must be
    idempotent. ``pause`` seconds pass when nothing waits; unsaid, the service's own between two looks.
    """

    name: str
    run_once: Callable[[], Awaitable[bool]]
    pause: float | None = None

    async def run(self, lease: Lease, poll: float) -> None:
        """Work until cancelled; raises what ``run_once`` raises."""
        while True:
            if not (await lease.hold() and await self.run_once()):
                await asyncio.sleep(poll if self.pause is None else self.pause)
