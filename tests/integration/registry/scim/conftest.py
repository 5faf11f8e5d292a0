"""The registry on a real port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from infra.local.demo_issuer import DemoIssuer
from infra.runtime.service import Service
from services.registry.app import build
from tests.conftest import Ground
from tests.support.waiting import eventually

HR = ("hr_system@*",)


class Served:
    """A registry behind uvicorn, and clients that sign in as HR's systems or as whoever they are told."""

    def __init__(self, ground: Ground, home: Path) -> None:
        self.issuer = DemoIssuer(home)
        self.service: Service = build(ground.settings("registry", auth_jwks_file=str(self.issuer.jwks_file)))
        self._server = uvicorn.Server(uvicorn.Config(self.service.app, port=0, log_config=None, access_log=False))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Served"]:
        """Up inside the block."""
        task = asyncio.create_task(self._server.serve())
        await eventually(self._ready)
        try:
            yield self
        finally:
            self._server.should_exit = True
            await task

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def headers(self, by: str = "iam", roles: tuple[str, ...] = HR) -> dict[str, str]:
        """What a client sends to sign in."""
        return {"authorization": f"Bearer {self.issuer.token(by, roles)}"}

    def client(self, by: str = "iam", roles: tuple[str, ...] = HR) -> httpx.AsyncClient:
        """A client of the SCIM endpoint."""
        return httpx.AsyncClient(
            base_url=f"{self.url}/scim/v2", headers=self.headers(by, roles), timeout=60, trust_env=False
        )

    async def _ready(self) -> bool:
        if not self._server.started:
            return False
        async with httpx.AsyncClient(base_url=self.url, timeout=60, trust_env=False) as client:
            return (await client.get("/readyz")).status_code == 200


@pytest.fixture
async def served(ground: Ground, tmp_path: Path) -> AsyncIterator[Served]:
    """A running registry."""
    async with Served(ground, tmp_path).running() as one:
        yield one
