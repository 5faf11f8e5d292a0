"""The line to one vendor: every call at its pace; errors of the way become ``Unavailable``; words stay short."""

from typing import Any

import httpx

from services.notify.office.channels.config import Common
from services.notify.office.channels.pace import Pace
from services.notify.office.channels.port import Rejected, Unavailable

TOO_MANY, SERVER_ERROR = 429, 500
MOST_WORDS = 300


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
