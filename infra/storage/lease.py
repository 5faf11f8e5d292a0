"""Whose turn it is: that of one replica among several (a lease), and of one task among those of a process (locks).

What is done for one key of ``KeyedLocks`` happens one after the other; different keys run side by side.
"""

import asyncio
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.kernel.telemetry import log
from infra.storage.mongo import Mongo, PyMongoError, claim, release


class Lease:
    """The right to do ``name`` for some seconds; ``token`` grows with each change of holder (fencing).

    The holder believes in its lease only until ``seconds`` after it *asked* for it (its own monotonic clock), the
    server gives it away ``seconds`` after it *granted* it: so two never believe at the same time, unless one of them is
    frozen between looking and acting. What must not happen twice even then is guarded by a versioned write.
    """

    def __init__(self, mongo: Mongo, name: str, seconds: float) -> None:
        self._collection = mongo.collection("leases")
        self._name, self._seconds = name, seconds
        self.holder = uuid.uuid4().hex
        self.token: int | None = None
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether this process may act now."""
        return self.token is not None and time.monotonic() < self._until

    async def hold(self) -> bool:
        """Take the lease or make it longer; False while another process has it. A third of the time is left over."""
        if self.held and self._until - time.monotonic() > self._seconds * 2 / 3:
            return True
        asked = time.monotonic()
        self.token = await claim(self._collection, self._name, self.holder, self._seconds)
        self._until = asked + self._seconds if self.token is not None else 0.0
        return self.held

    async def give_back(self) -> None:
        """Let another process go on at once; best effort, the lease ends by itself."""
        self._until = 0.0
        try:
            async with asyncio.timeout(2):
                await release(self._collection, self._name, self.holder)
        except (PyMongoError, TimeoutError) as error:
            log.info("lease.not_given_back", lease=self._name, error=str(error))


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
