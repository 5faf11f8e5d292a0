"""What is done for one key happens one after the other; different keys run side by side."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class KeyedLocks:
    """One lock for each subject: what is about the same thing waits its turn, different things run side by side."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, subject: str) -> AsyncIterator[None]:
        """Hold the lock of a subject; waiters get it in the order in which they came."""
        self._users[subject] += 1
        try:
            async with self._locks[subject]:
                yield
        finally:
            self._users[subject] -= 1
            if not self._users[subject]:
                del self._users[subject], self._locks[subject]
