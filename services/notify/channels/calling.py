"""One HTTP call to a vendor: errors of the way become ``Unavailable``, and the vendor's words stay short."""

from typing import Any

import httpx

from services.notify.channels.port import Rejected, Unavailable

TOO_MANY, SERVER_ERROR = 429, 500
MOST_WORDS = 300


def client(base_url: str, timeout: float) -> httpx.AsyncClient:
    """A client for one vendor; it follows no redirects and takes no proxy from the environment."""
    return httpx.AsyncClient(base_url=base_url, timeout=timeout, trust_env=False)


async def call(http: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
    """Ask; raises ``Unavailable`` for everything that trying again may heal and ``Rejected`` for other refusals."""
    try:
        answer = await http.request(method, path, **more)
    except httpx.HTTPError as error:
        raise Unavailable(f"{type(error).__name__}: {error}") from error
    if answer.status_code == TOO_MANY:
        raise Unavailable("the vendor's rate limit", after=_seconds(answer), ours=True)
    if answer.status_code >= SERVER_ERROR or answer.status_code in {401, 403, 408, 425}:
        raise Unavailable(f"HTTP {answer.status_code}: {words(answer)}", after=_seconds(answer))
    if not answer.is_success:
        raise Rejected(f"HTTP {answer.status_code}: {words(answer)}")
    return answer


def document(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; a page of a gateway instead is ``Unavailable``."""
    try:
        found = answer.json()
    except ValueError as error:
        raise Unavailable(f"no JSON: {words(answer)}") from error
    if not isinstance(found, dict):
        raise Unavailable(f"no JSON object: {words(answer)}")
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
