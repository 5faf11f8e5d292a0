"""Each service starts alone, with its own settings, database and RabbitMQ user, and holds no other service."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from infra.local.management import SERVICES
from tests.support.harness.environment import Environment
from tests.support.harness.system import ROOT, System
from tests.support.harness.waiting import eventually

PAGES = {"registry": "/matrix", "review": "/procedures", "activities": "/kinds", "notify": "/inbox"}
LOADED = "import sys, services.{0}.app as app; app.build(); print(*sorted(m for m in sys.modules if 'services.' in m))"


@pytest.mark.parametrize("name", SERVICES)
async def test_one_service_alone_serves_its_pages(environment: Environment, tmp_path: Path, name: str) -> None:
    system = System(environment, tmp_path, [name])
    async with system.running(), httpx.AsyncClient(trust_env=False, timeout=60) as client:
        headers = {"Authorization": f"Bearer {system.token('E001')}"}
        answer = await client.get(system.urls[name] + PAGES[name], headers=headers)
        assert answer.status_code == 200, answer.text
        docs = await client.get(f"{system.urls[name]}/docs")
        assert "swagger-ui" in docs.text
        assert "https://" not in docs.text, "the pages work without the internet"

        def only_its_own_user() -> bool:  # the broker's statistics follow some seconds later
            connections = environment.management.call("GET", "connections")
            return {c["user"] for c in connections if c.get("vhost") == environment.name} == {
                f"{environment.name}.{name}"
            }

        await eventually(only_its_own_user)


@pytest.mark.parametrize("name", SERVICES)
def test_its_process_contains_no_other_service(name: str) -> None:
    command = [sys.executable, "-c", LOADED.format(name)]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert f"services.{name}.app" in loaded
    assert {module.split(".")[1] for module in loaded} == {name}
