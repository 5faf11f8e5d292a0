"""scim2-client over the HTTP library of this project; the engine that comes with it wants another one."""

from typing import Any, cast

import httpx
from scim2_client import BaseSyncSCIMClient
from scim2_client.client import RawResponse


class Client(BaseSyncSCIMClient):
    """Sends what scim2-client has made, and checks the answers as it does."""

    def __init__(self, http: httpx.Client) -> None:
        super().__init__()
        self._http = http

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - see httpx
        """Send a request."""
        return self._http.request(method, url, **more)

    def _stays_under_base_url(self, endpoint: str) -> bool:
        return str(self._http.build_request("GET", endpoint).url).startswith(str(self._http.base_url))

    def _parse_json(self, response: RawResponse) -> Any:  # noqa: ANN401 - any JSON
        return cast("httpx.Response", response).json()
