"""The line to one vendor: every call at its pace; errors of the way become ``Unavailable``; words stay short.

The pace is evenly below the vendor's rate; while it is down it is not called at all.
"""

import time
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx

from services.notify.office.channels.port import Common, Pace, Rejected, Unavailable

TOO_MANY, SERVER_ERROR = 429, 500
MOST_WORDS = 300
S = TypeVar("S", bound=Common)


@dataclass
class Breaker:
    """Opens after some failures in a row; after a while one call may try, and its outcome decides."""

    failures: int
    seconds: float
    last_error: str | None = None
    _count: int = 0
    _until: float = 0.0

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


class Line(Generic[S]):
    """What every vendor begins with: one client and one pace for all calls to it, tokens and lists included.

    It follows no redirects and takes no proxy from the environment.
    """

    def __init__(self, settings: S) -> None:
        self.settings = settings
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


def document(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; a page of a gateway instead is ``Unavailable``."""
    try:
        found = answer.json()
    except ValueError:
        found = None
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
