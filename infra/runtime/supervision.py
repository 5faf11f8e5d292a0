"""Background tasks run for ever: one that dies is said and started again."""

import asyncio
from collections.abc import Awaitable, Callable

from infra.kernel.telemetry import log
from infra.storage.mongo import PyMongoError

RESTART_SECONDS = 1.0


async def _supervised(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run a background task for ever: one that dies silently would take its promise with it."""
    while True:
        try:
            await work()
        except PyMongoError as error:  # comes back by itself, and is no reason for a stack
            log.warning("database.unreachable", task=name, error=str(error))
            await asyncio.sleep(RESTART_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever it was, say it and go on
            log.exception("task.died", task=name, error=repr(error))
            await asyncio.sleep(RESTART_SECONDS)
        else:
            return
