"""Waiting with a deadline instead of sleeping.

A deadline here is a net for what never comes, no promise about speed: a busy machine may take many times as long.
"""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

LONGEST_PAUSE = 0.1


async def eventually(
    ready: Callable[[], bool | Awaitable[bool]], within: float = 60, what: str = "", pause: float = 0.02
) -> None:
    """Return as soon as ``ready()`` holds; raise ``AssertionError`` when it does not within so many seconds.

    The pauses grow: who asks a service of this process fifty times a second keeps it from its work.
    """
    end = time.monotonic() + within
    while True:
        answer = ready()
        if (await answer) if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > end:
            raise AssertionError(f"not within {within} s: {what or ready}")
        await asyncio.sleep(pause)
        pause = min(pause * 1.25, LONGEST_PAUSE)
