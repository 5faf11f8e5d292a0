"""The line to one vendor: every call at its pace; errors of the way become ``Unavailable``; words stay short.

The pace is evenly below the vendor's rate; while it is down it is not called at all.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.notify.office.channels.config import Common
from services.notify.office.channels.port import Postponed, Rejected, Unavailable

TOO_MANY, SERVER_ERROR = 429, 500
MOST_WORDS = 300


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


class Line:
    """One client and one pace for all calls to a vendor, tokens and lists included.

    It follows no redirects and takes no proxy from the environment.
    """

    def __init__(self, settings: Common) -> None:
        self._http = httpx.AsyncClient(base_url=settings.base_url, timeout=settings.timeout, trust_env=False)
        self.pace = Pace(settings.rate)

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Ask, whatever the answer says; raises ``Unavailable`` when there is none or when it was too fast."""
        await self.pace.wait()
        try:
            answer = await self._http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise Unavailable(f"{type(error).__name__}: {error}".strip(": ")) from error
        if answer.status_code == TOO_MANY:
            raise self.too_fast(answer)
        return answer

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """Ask; raises ``Unavailable`` for all that trying again may heal and ``Rejected`` for other refusals."""
        answer = await self.ask(method, path, **more)
        if answer.status_code >= SERVER_ERROR or answer.status_code in {401, 403, 408, 425}:
            raise Unavailable(f"HTTP {answer.status_code}: {words(answer)}", after=_seconds(answer))
        if not answer.is_success:
            raise Rejected(f"HTTP {answer.status_code}: {words(answer)}")
        return answer

    def too_fast(self, answer: httpx.Response) -> Unavailable:
        """The vendor's limit was met (by us, or by others who share it): everybody rests as long as it asks."""
        rest = _seconds(answer) or 1.0
        self.pace.slow_down(rest)
        return Unavailable(f"the vendor's rate limit: {words(answer)}", after=rest, ours=True)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def document(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; a page of a gateway instead is ``Unavailable``."""
    try:
        found = answer.json()
    except ValueError as error:
        raise Unavailable(f"HTTP {answer.status_code}, no JSON: {words(answer)}") from error
    if not isinstance(found, dict):
        raise Unavailable(f"HTTP {answer.status_code}, no JSON object: {words(answer)}")
    return found


def words(answer: httpx.Response) -> str:
    """What the vendor said, shortened."""
    return answer.text[:MOST_WORDS]


def _seconds(answer: httpx.Response) -> float | None:
    for name in ("retry-after", "x-ogw-ratelimit-reset"):
        try:
            return max(float(answer.headers[name]), 0)
        except (KeyError, ValueError):
            continue
    return None
