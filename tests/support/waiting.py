"""Waiting with a deadline instead of sleeping."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable


async def eventually(
    ready: Callable[[], bool | Awaitable[bool]], within: float = 20, what: str = "", pause: float = 0.02
) -> None:
    """Return as soon as ``ready()`` holds; raise ``AssertionError`` when it does not within so many seconds."""
    end = time.monotonic() + within
    while True:
        answer = ready()
        if (await answer) if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > end:
            raise AssertionError(f"not within {within} s: {what or ready}")
        await asyncio.sleep(pause)
