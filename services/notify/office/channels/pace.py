"""How fast and how stubbornly a vendor is called: evenly below its rate, and not at all while it is down."""

import asyncio
import time
from dataclasses import dataclass, field

from services.notify.office.channels.port import Postponed


@dataclass
class Pace:
    """Spreads calls evenly: between two of them there is always ``1 / per_second``, never a burst after a pause.

    Nobody waits longer than ``patience`` seconds for a place; ``turn`` raises ``Postponed`` instead.
    """

    per_second: float
    patience: float = 5.0
    _next: float = 0.0
    _queue: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def wait(self) -> None:
        """Wait for this call's place. It counts from when the call before it really went."""
        async with self._queue:
            while (rest := self._next - time.monotonic()) > 0:
                if rest > self.patience:
                    raise Postponed(f"the vendor asked for {rest:.0f} s more of rest", after=rest, ours=True)
                await asyncio.sleep(rest)
            self._next = time.monotonic() + 1 / self.per_second

    @property
    def resting(self) -> bool:
        """Whether the vendor asked for a rest that is not over."""
        return self._next - time.monotonic() > max(self.patience, 1 / self.per_second)

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

    def worked(self) -> bool:
        """A call worked; whether the vendor was given up before."""
        closes = self._count >= self.failures
        self._count = 0
        self.last_error = None
        return closes
