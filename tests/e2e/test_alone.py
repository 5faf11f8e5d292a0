"""Each service starts alone, with its own settings, database and RabbitMQ user."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from infra.local.management import SERVICES
from tests.support.harness.environment import Servers
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

PAGES = {"registry": "/matrix", "review": "/procedures", "activities": "/kinds", "notify": "/inbox"}


@pytest.fixture(scope="module")
async def alone(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, System]]:
    """Each service where nothing of the others was ever declared; all at once, for starting takes its time."""
    async with AsyncExitStack() as stack:
        systems = {}
        for name in SERVICES:
            its = stack.enter_context(servers.environment())
            systems[name] = System(its, tmp_path_factory.mktemp(name), [name])
        await asyncio.gather(*(stack.enter_async_context(system.running()) for system in systems.values()))
        yield systems


@pytest.mark.parametrize("name", SERVICES)
async def test_one_service_alone_serves_its_pages(alone: dict[str, System], name: str) -> None:
    system = alone[name]
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        headers = {"Authorization": f"Bearer {system.token('E001')}"}
        answer = await client.get(system.urls[name] + PAGES[name], headers=headers)
        assert answer.status_code == 200, answer.text
        docs = await client.get(f"{system.urls[name]}/docs")
        assert "swagger-ui" in docs.text
        assert "https://" not in docs.text, "the pages work without the internet"

    def only_its_own_user() -> bool:  # the broker's statistics follow some seconds later
        connections = system.environment.management.call("GET", "connections")
        return {c["user"] for c in connections if c.get("vhost") == system.environment.name} == {
            f"{system.environment.name}.{name}"
        }

    await eventually(only_its_own_user)
