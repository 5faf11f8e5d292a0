"""The four services as real processes on a test's own environment, with tokens for whoever acts."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx

from infra.local.demo_issuer import DemoIssuer
from infra.local.launcher import declare_all
from infra.local.management import SERVICES
from infra.local.processes import Daemon, ports
from infra.storage.mongo import Mongo
from tests.support.harness.clock import lead
from tests.support.harness.environment import Environment
from tests.support.harness.snapshot import Snapshot
from tests.support.harness.waiting import eventually

ROOT = Path(__file__).parents[3]


class System:
    """Registry, review, activities and notify, each with its own RabbitMQ user, database and port."""

    def __init__(
        self, environment: Environment, home: Path, services: Sequence[str] = SERVICES, clock: date | None = None
    ) -> None:
        """With a ``clock`` all of them live on the day that ``lead`` says, one that lies in the past."""
        self.environment, self.home, self.services = environment, home, tuple(services)
        self._chosen = ports(home, *self.services)
        self.urls = {name: f"http://127.0.0.1:{port}" for name, port in self._chosen.items()}
        self.amqp = environment.management.provision(environment.name, self.services)
        self.issuer = DemoIssuer(home)
        self.processes = {name: Daemon(home, name) for name in self.services}
        self._beginning: list[Snapshot] = []
        self._clock = home / "clock" if clock else None
        if clock:
            self.lead(clock)

    def environ(self, name: str) -> dict[str, str]:
        """The environment of one service."""
        own = self.environment.environ(
            name,
            http_port=str(self._chosen[name]),
            amqp_url=self.amqp[name],
            auth_jwks_file=str(self.issuer.jwks_file),
            retry_delays="0.3,1,3,8",
            poll_seconds="0.5",
        )
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith(("BRANDMATRIX_", "COVERAGE_"))},
            **own,
        }

    def start(self, name: str) -> None:
        """Start one service's process; it may still be getting ready."""
        led = ["tests.support.harness.clock", name, str(self._clock)]
        command = [sys.executable, "-m", *(led if self._clock else [f"services.{name}"])]
        self.processes[name].start(command, self.environ(name), ROOT)

    def lead(self, day: date) -> None:
        """It is nine o'clock of this day, for every service."""
        assert self._clock is not None, "a system without a clock of its own lives today"
        self.day = day
        lead(self._clock, day)

    def kill(self, name: str) -> None:
        """End one service with SIGKILL, in the middle of whatever it does."""
        self.processes[name].kill()

    def stop(self, name: str) -> None:
        """Ask one service to drain and end."""
        self.processes[name].stop()

    def token(self, person: str, roles: Iterable[str] = ()) -> str:
        """A token for a person with these roles."""
        return self.issuer.token(person, tuple(roles))

    async def ready(self, *names: str, within: float = 60) -> None:
        """Wait until these services (all, if none is named) are ready with the broker connected."""
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            for name in names or self.services:

                async def answers(name: str = name) -> bool:
                    try:
                        answer = await client.get(f"{self.urls[name]}/readyz")
                    except httpx.HTTPError:
                        return False
                    return answer.is_success and not answer.json()["degraded"]

                await eventually(answers, within)

    @asynccontextmanager
    async def running(self, *names: str) -> AsyncIterator["System"]:
        """These services (all, if none is named) up inside the block, ended after it."""
        try:
            await asyncio.to_thread(declare_all, {name: self.environ(name) for name in self.services})
            for name in names or self.services:
                self.start(name)
            await self.ready(*names)
            yield self
        finally:
            await asyncio.gather(*(asyncio.to_thread(self.processes[name].kill) for name in self.services))

    async def remember(self) -> None:
        """Keep what is stored now as what every test of a module begins with; nothing may be on its way."""
        databases = [Mongo(self.environment.settings(name)) for name in self.services]
        self._beginning = [await Snapshot.of(database) for database in databases]

    async def rewind(self) -> None:
        """Back to what is remembered; nothing may be on its way."""
        await asyncio.gather(*(snapshot.restore() for snapshot in self._beginning))

    def log(self, name: str) -> str:
        """What a service has logged."""
        return self.processes[name].log.read_text(encoding="utf-8", errors="replace")
