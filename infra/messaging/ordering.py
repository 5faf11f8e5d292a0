"""How messages run side by side: mirrors in batches of whatever queued up while the last batch was written."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from infra.kernel.events import Event

Write = Callable[[str, Sequence[Event[Any]]], Awaitable[None]]


class Batcher:
    """Gathers events of one type while the last batch of that type is written; there is no timer to wait for."""

    def __init__(self, write: Write, most: int = 256) -> None:
        self._write, self._most = write, most
        self._waiting: defaultdict[str, list[tuple[Event[Any], asyncio.Future[None]]]] = defaultdict(list)
        self._writers: dict[str, asyncio.Task[None]] = {}

    async def add(self, event: Event[Any]) -> None:
        """Return when this event's batch is written; raise what its own write raised."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[event.type].append((event, written))
        if event.type not in self._writers:
            self._writers[event.type] = asyncio.create_task(self._drain(event.type))
        await written

    async def _drain(self, name: str) -> None:
        try:
            while self._waiting[name]:
                batch, self._waiting[name] = self._waiting[name][: self._most], self._waiting[name][self._most :]
                await self._settle(name, batch)
        finally:
            del self._writers[name]

    async def _settle(self, name: str, batch: list[tuple[Event[Any], asyncio.Future[None]]]) -> None:
        """Write a batch; when it fails, write its events one by one, so that the bad one harms no other."""
        try:
            await self._write(name, [event for event, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed to whoever added the event
            if len(batch) > 1:
                for one in batch:
                    await self._settle(name, [one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
        else:
            for _, written in batch:
                if not written.done():
                    written.set_result(None)
