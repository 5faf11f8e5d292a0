"""Two replicas of review as real processes on one environment, on days that a test leads them through."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from infra.local.demo_issuer import DemoIssuer
from infra.local.launcher import declare_all
from infra.local.processes import ports
from infra.storage.mongo import Mongo
from tests.support.harness.clock import lead
from tests.support.harness.environment import Environment
from tests.support.harness.forkserver import PythonProcess
from tests.support.harness.publisher import FactPublisher
from tests.support.harness.service import Json
from tests.support.harness.waiting import eventually

NAMES = ("first", "second")
LEASE = 6.0
"""Seconds: long enough that on a busy machine nobody but a frozen one loses it."""


class Replicas:
    """``first`` freezes when it is told to; both share database, queues and user."""

    def __init__(self, environment: Environment, home: Path) -> None:
        self._environment, self._issuer, self._facts = environment, DemoIssuer(home), FactPublisher(environment)
        amqp = environment.management.provision(environment.name, ["review"])["review"]
        chosen = ports(home, *NAMES)
        self._urls = {name: f"http://127.0.0.1:{port}" for name, port in chosen.items()}
        self._file = home / "ahead"
        own = {"amqp_url": amqp, "auth_jwks_file": str(self._issuer.jwks_file), "lease_seconds": f"{LEASE:g}"}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("BRANDMATRIX_")}
        self._environs = {
            name: {**clean, **environment.environ("review", http_port=str(port), **own)}
            for name, port in chosen.items()
        }
        self.processes = {name: PythonProcess(home, name) for name in NAMES}
        self.mongo = Mongo(environment.settings("review"))
        self._client = httpx.AsyncClient(timeout=30, trust_env=False)

    def to(self, day: date) -> None:
        """It is nine o'clock of this day in China for both."""
        lead(self._file, day)

    @asynccontextmanager
    async def running(self, day: date, freeze_at: int) -> AsyncIterator["Replicas"]:
        """Both up inside the block; the first came first, so that it is the one that looks for deadlines."""
        self.to(day)
        await asyncio.to_thread(declare_all, {"review": self._environs["first"]})
        await self._facts.connect()
        try:
            for name, at in (("first", freeze_at), ("second", 0)):
                arguments = [str(self._file), str(at)]
                await asyncio.to_thread(
                    self.processes[name].run, "tests.support.chaos.frozen", arguments, self._environs[name]
                )
                await eventually(lambda name=name: self._ready(name), 60, f"{name} is ready")  # type: ignore[misc] # bound now
            yield self
        finally:
            for process in self.processes.values():
                if process.pid is not None:
                    os.kill(process.pid, signal.SIGCONT)
                await asyncio.to_thread(process.kill)
            await self._client.aclose()
            await self._facts.close()
            await self.mongo.close()

    def is_frozen(self, name: str) -> bool:
        """Whether the process is stopped, by what the kernel says."""
        pid = self.processes[name].pid
        return pid is not None and Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "T"

    def done(self, freeze_at: int) -> list[str]:
        """What the replica that was to freeze then has done with the deadlines it found, one word for each."""
        record = Path(f"{self._file}.{freeze_at}")
        lines = record.read_text("utf-8").splitlines() if record.exists() else []
        return [line.partition(" ")[0] for line in lines]

    def go_on(self, name: str) -> None:
        """Let a frozen process continue."""
        pid = self.processes[name].pid
        assert pid is not None
        os.kill(pid, signal.SIGCONT)

    async def tell(self, kind: str, subject: str, sequence: int, data: Mapping[str, Any], **more: Any) -> None:  # noqa: ANN401
        """Publish a fact as its owner would."""
        await self._facts.tell(kind, subject, sequence, data, **more)

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
        """Ask the second replica, which never freezes, as this person with these system-wide roles."""
        headers = {"Authorization": f"Bearer {self._issuer.token(by, roles)}"}
        headers |= {"Idempotency-Key": key} if key else {}
        return await self._client.request(method, f"{self._urls['second']}{path}", headers=headers, json=json)

    async def journal(self) -> list[Json]:
        """Everything that review told, as its journal has it."""
        return [dict(row) async for row in self.mongo.collection("journal").find({})]

    async def _ready(self, name: str) -> bool:
        try:
            answer = await self._client.get(f"{self._urls[name]}/readyz")
        except httpx.HTTPError:
            return False
        return answer.is_success and not answer.json()["degraded"]
