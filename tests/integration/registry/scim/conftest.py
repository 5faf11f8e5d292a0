"""The registry on a real port; one for all tests of a module."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from infra.runtime.service import Service
from services.registry.app import build
from tests.support.harness.environment import Environment
from tests.support.harness.service import ServiceHarness
from tests.support.harness.waiting import eventually

HR = ("hr_system@*",)


class Served:
    """A registry behind uvicorn, and clients that sign in as HR's systems or as whoever they are told."""

    def __init__(self, environment: Environment) -> None:
        self.issuer, self.harness = environment.issuer, ServiceHarness(environment, "registry", build)
        self.service: Service = self.harness.service
        self._server = uvicorn.Server(uvicorn.Config(self.service.app, port=0, log_config=None, access_log=False))

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Served"]:
        """Up inside the block."""
        task = asyncio.create_task(self._server.serve())
        await eventually(self._ready)
        await self.harness.connect()
        try:
            await self.harness.remember()
            yield self
        finally:
            await self.harness.close()
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


@pytest.fixture(scope="module")
async def listening(shared: Environment) -> AsyncIterator[Served]:
    """A running registry."""
    async with Served(shared).running() as one:
        yield one


@pytest.fixture
async def served(listening: Served) -> Served:
    """The registry, knowing nothing."""
    await listening.harness.rewind()
    return listening
