"""One real service in this process on real servers; its neighbours are played by facts published to the broker."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from infra.kernel.settings import Settings
from infra.local.demo_issuer import DemoIssuer
from infra.runtime.service import Service
from tests.conftest import Ground
from tests.support.voice import Voice
from tests.support.waiting import eventually

Json = dict[str, Any]


class Standing:
    """The service, a client that signs in as whoever it is told, and a voice for every other service."""

    def __init__(
        self, ground: Ground, name: str, build: Callable[[Settings], Service], home: Path, **settings: str
    ) -> None:
        self._issuer = DemoIssuer(home)
        self._ground = ground
        own = {"auth_jwks_file": str(self._issuer.jwks_file), "retry_delays": "0.1,0.2,0.4,0.8,1.6", **settings}
        self.service = build(ground.settings(name, **own))
        self._voice = Voice(ground)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.service.app), base_url=f"http://{name}", timeout=20
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Standing"]:
        """The service runs inside the block."""
        await self.connect()
        app = self.service.app
        async with app.router.lifespan_context(app):
            await eventually(self._ready)
            yield self
        await self.close()

    async def connect(self) -> None:
        """Connect the voice, enough to tell facts while the service does not run."""
        await self._voice.connect()

    async def close(self) -> None:
        """Close the voice and the client."""
        await self._client.aclose()
        await self._voice.close()

    async def _ready(self) -> bool:
        answer = (await self._client.get("/readyz")).json()
        return bool(answer["ready"]) and not answer["degraded"]

    async def tell(self, kind: str, subject: str, sequence: int, data: Mapping[str, Any], **more: Any) -> None:  # noqa: ANN401
        """Publish a fact as its owner would; ``id`` and ``time`` may be given to repeat or to date it."""
        await self._voice.tell(kind, subject, sequence, data, **more)

    async def ask(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        by: str = "1001",
        roles: tuple[str, ...] = (),
        json: Json | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """Ask as this person with these system-wide roles."""
        headers = {"Authorization": f"Bearer {self._issuer.token(by, roles)}"}
        if key:
            headers["Idempotency-Key"] = key
        return await self._client.request(method, path, headers=headers, json=json)

    async def ask_as_system(self, method: str, path: str, *scopes: str, json: Json | None = None) -> httpx.Response:
        """Ask with the client credentials of a system that was granted these scopes."""
        headers = {"Authorization": f"Bearer {self._issuer.machine('sync', scopes)}"}
        return await self._client.request(method, path, headers=headers, json=json)

    async def upload(
        self, path: str, content: bytes, *, by: str, roles: tuple[str, ...], key: str | None = None
    ) -> httpx.Response:
        """Send a file as the body."""
        headers = {"Authorization": f"Bearer {self._issuer.token(by, roles)}"}
        if key:
            headers["Idempotency-Key"] = key
        return await self._client.post(path, headers=headers, content=content)

    async def post(self, path: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Send as a system that signs instead of carrying a token."""
        return await self._client.post(path, headers=dict(headers), content=content)
