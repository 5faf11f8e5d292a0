"""``tally`` or ``echo`` as a process of its own, with its real HTTP port, signals and exit code."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from infra.local.processes import ports
from infra.storage.mongo import Mongo
from tests.support.harness.environment import Environment
from tests.support.harness.forgery import Mint
from tests.support.harness.forkserver import PythonProcess
from tests.support.harness.waiting import eventually

Document = dict[str, Any]


class ServiceProcess:
    """One service on a test's own environment; ``settings`` are those of its process only."""

    def __init__(self, environment: Environment, home: Path, service: str, **settings: str) -> None:
        self.service, self.mint = service, Mint(home)
        self.process = PythonProcess(home, service)
        self.url = f"http://127.0.0.1:{ports(home, service)[service]}"
        own = {"http_port": self.url.rpartition(":")[2], "auth_jwks_file": str(self.mint.issuer.jwks_file), **settings}
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BRANDMATRIX_")},
            **environment.environ(service, **own),
            "BRANDMATRIX_TEST_SERVICE": service,
        }
        self.http = httpx.AsyncClient(
            base_url=self.url,
            headers={"authorization": f"Bearer {self.mint.issuer.token('10001')}"},
            timeout=30,
            trust_env=False,
        )
        self.mongo = Mongo(environment.settings(service))
        """The database as it is, whatever stands between it and the process."""

    def start(self, *arguments: str) -> None:
        """Start the process; it may still be getting ready."""
        self.process.run("tests.support.harness.tally_service", arguments, self.environ)

    @asynccontextmanager
    async def running(self, **ready: bool) -> AsyncIterator["ServiceProcess"]:
        """Up inside the block (in the state that ``ready`` says), gone after it."""
        self.start()
        try:
            await eventually(lambda: self.is_(**ready))
            yield self
        finally:
            self.process.kill()
            await self.http.aclose()
            await self.mongo.close()

    async def state(self) -> tuple[int, Document]:
        """What ``/readyz`` says; (0, {}) when nobody answers."""
        try:
            answer = await self.http.get("/readyz")
        except httpx.HTTPError:
            return 0, {}
        return answer.status_code, answer.json()

    async def is_(self, *, ready: bool = True, degraded: bool = False) -> bool:
        """Whether it says that it is ready, and whether it says that something is degraded."""
        status, said = await self.state()
        return status == (200 if ready else 503) and bool(said["degraded"]) is degraded

    async def count(self, counter: str, key: str | None = None) -> httpx.Response:
        """Command one step (only ``tally``)."""
        headers = {} if key is None else {"idempotency-key": key}
        return await self.http.post(f"/counters/{counter}/steps", json={}, headers=headers)

    async def total(self, counter: str) -> int:
        """How far ``tally`` has counted."""
        document = await self.mongo.collection("counters").find_one({"_id": counter})
        return int(document["total"]) if document else 0

    async def consumed(self, counter: str) -> list[int]:
        """What ``echo`` heard, in the order in which it heard it."""
        document = await self.mongo.collection("consumed").find_one({"_id": counter})
        return list(document["totals"]) if document else []

    async def unpublished(self) -> int:
        """How many documents hold facts that are still to be told."""
        name = "counters" if self.service == "tally" else "consumed"
        return int(await self.mongo.collection(name).count_documents({"outbox_since": {"$exists": True}}))

    async def published(self) -> list[Document]:
        """The journal, in the order of writing."""
        return [dict(fact) async for fact in self.mongo.collection("journal").find().sort("sequence", 1)]

    def log(self) -> str:
        """What the process has said."""
        return self.process.log.read_text(encoding="utf-8", errors="replace")
