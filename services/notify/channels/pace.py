"""How fast and how stubbornly a vendor is called: evenly below its rate, and not at all while it is down."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Pace:
    """Spreads calls evenly: at most ``per_second`` in any second, never a burst after a pause."""

    per_second: float
    _next: float = 0.0

    async def turn(self) -> None:
        """Wait for this call's place."""
        now = time.monotonic()
        place = max(self._next, now)
        self._next = place + 1 / self.per_second
        if place > now:
            await asyncio.sleep(place - now)

    def slow_down(self, seconds: float) -> None:
        """The vendor asked for a rest: nobody calls before it is over."""
        self._next = max(self._next, time.monotonic() + seconds)


@dataclass
class Breaker:
    """Opens after some failures in a row; after a while one call may try, and its outcome decides."""

    failures: int
    seconds: float
    last_error: str | None = None
    _count: int = 0
    _until: float = field(default=0.0)

    @property
    def state(self) -> str:
        """``closed`` (calls go through), ``open`` (none does), ``half-open`` (one may try)."""
        if self._count < self.failures:
            return "closed"
        return "open" if time.monotonic() < self._until else "half-open"

    def failed(self, why: str) -> None:
        """A call failed for a reason that concerns the vendor as a whole."""
        self._count += 1
        self.last_error = why
        if self._count >= self.failures:
            self._until = time.monotonic() + self.seconds

    def worked(self) -> None:
        """A call worked."""
        self._count = 0
        self.last_error = None
