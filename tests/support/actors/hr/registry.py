"""A registry as a process on a day of the test's own, with HR, the identity system and people who talk to it.

Who got no answer asks again with the same Idempotency-Key, as every client should: so a registry that is killed at any
moment makes no difference to them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import aio_pika
import httpx

from infra.kernel.settings import Settings
from infra.local.launcher import declare_all
from infra.storage.mongo import Mongo
from tests.support.harness.clock import MORNING
from tests.support.harness.environment import Environment
from tests.support.harness.queues import waits
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

Json = dict[str, Any]
ADMIN = ("administrator@*",)
HR = ("hr_system@*",)
WITHIN, LOOK, CALM = 120.0, 0.05, 3
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
STORES = ("hr_employees", "hr_departments", "hr_mappings", "hr_proposals", "hr_runs", "people", "organisations", "scim")


class Registry:
    """The process and everybody's way to it."""

    def __init__(self, environment: Environment, home: Path) -> None:
        self.system = System(environment, home, ["registry"], date(2025, 1, 1))
        self._hr = environment.management.department(environment.name, "hr", ["hr."])
        self._environment = environment
        self.mongo = Mongo(Settings.of("registry", self.system.environ("registry")))
        self._client = httpx.AsyncClient(base_url=self.system.urls["registry"], trust_env=False, timeout=60)
        self._tokens: dict[tuple[str, ...], str] = {roles: self.system.token("office", roles) for roles in (ADMIN, HR)}
        self._sent = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Registry"]:
        """Up inside the block."""
        try:
            await asyncio.to_thread(declare_all, {"registry": self.system.environ("registry")})
            self.start()
            await self.system.ready()
            yield self
        finally:
            await asyncio.to_thread(self.system.kill, "registry")
            await self._client.aclose()

    def start(self) -> None:
        """Start the process."""
        self.system.start("registry")

    @property
    def day(self) -> date:
        """The day it lives on."""
        return self.system.day

    def lead(self, day: date) -> None:
        """It is nine o'clock of this day."""
        self.system.lead(day)

    async def ask(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        roles: tuple[str, ...] = ADMIN,
        json: Json | None = None,
        content: bytes | None = None,
        key: str | None = None,
        **query: str | int,
    ) -> httpx.Response:
        """Ask until there is an answer."""
        headers = {"Authorization": f"Bearer {self._tokens[roles]}"} | ({"Idempotency-Key": key} if key else {})
        answers: list[httpx.Response] = []

        async def answered() -> bool:
            try:
                answer = await self._client.request(
                    method, path, headers=headers, json=json, content=content, params=query or None
                )
            except httpx.HTTPError:
                return False
            answers.append(answer)
            return answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR

        await eventually(answered, WITHIN, f"{method} {path}")
        return answers[-1]

    async def done(self, method: str, path: str, **more: Any) -> Json:  # noqa: ANN401 - see ask
        """Ask, and expect success."""
        answer = await self.ask(method, path, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def every(self, path: str, **query: str) -> list[Json]:
        """All pages of a list."""
        found: list[Json] = []
        after: dict[str, str] = {}
        while True:
            page = await self.done("GET", path, limit=200, **query, **after)
            found += page["items"]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    async def remember(self) -> None:
        """Keep what is stored now as what every test of a module begins with."""
        await self.quiet()
        await self.system.remember()

    async def rewind(self) -> None:
        """Back to what is remembered, once nothing is left to do."""
        await self.quiet()
        await self.system.rewind()

    # ------------------------------------------------------------------ the feeds

    async def events(self, events: Iterable[tuple[str, Json]]) -> None:
        """HR's own user publishes, in order, each with confirm; ``twice`` in the data repeats the very same event."""
        async with await aio_pika.connect(self._hr) as connection:
            channel = await connection.channel(publisher_confirms=True)
            exchange = await channel.get_exchange("departments", ensure=False)
            for thing, said in events:
                self._sent += 1
                data = {"source_id": said.get("employee_no"), **said}
                again = data.pop("twice", False)
                data["seq"] = int(datetime.combine(self.day, MORNING).timestamp()) * 1000 + said.get("seq", 0)
                kind = f"hr.{thing}.{'withdrawn' if data.get('withdrawn') else 'changed'}"
                event = {"specversion": "1.0", "id": str(self._sent), "source": "/hr", "type": kind, "data": data}
                event["subject"] = str(data.get("employee_no") or data["source_id"])
                body = json.dumps(event).encode()
                for _ in range(2 if again else 1):
                    message = aio_pika.Message(body, content_type="application/cloudevents+json")
                    await exchange.publish(message, kind)

    async def file(self, content: bytes, key: str, kind: str = "full") -> str:
        """A list over HTTP; returns its run."""
        about = {"source": "hr", "kind": kind, "day": self.day.isoformat()}
        return str((await self.done("POST", "/hr/files", roles=HR, content=content, key=key, **about))["id"])

    async def ended(self, run: str) -> Json:
        """The run once it is worked off, or held."""

        async def there() -> bool:
            return (await self.done("GET", f"/hr/runs/{run}"))["state"] in {"done", "held"}

        await eventually(there, WITHIN, f"the end of run {run}", LOOK)
        return await self.done("GET", f"/hr/runs/{run}")

    async def directory(self, number: str, name: str, department: str) -> None:
        """The identity system states a user; a first answer that was lost is found again by the number."""
        body = {"schemas": [USER, WORK], "userName": f"u{number}", "displayName": name, "active": True}
        body[WORK] = {"employeeNumber": number, "department": department}
        found = await self.done("GET", "/scim/v2/Users", roles=HR, filter=f'userName eq "u{number}"')
        if found["totalResults"]:
            await self.done("PUT", f"/scim/v2/Users/{found['Resources'][0]['id']}", roles=HR, json=body)
            return
        made = await self.ask("POST", "/scim/v2/Users", roles=HR, json=body)
        assert made.status_code in {201, 409}, made.text

    # ------------------------------------------------------------------ when nothing is left to do

    async def quiet(self) -> None:
        """Wait until nothing waits: no fact untold, no message, no run, no directory entry, nothing due."""
        calm = 0

        async def still() -> bool:
            nonlocal calm
            calm = calm + 1 if await self._nothing_waits() else 0
            return calm > CALM  # what is in the hands of a handler is seen by one of the next looks

        await eventually(still, WITHIN, "quiet", LOOK)

    async def _nothing_waits(self) -> bool:
        for name in STORES:
            if await self.mongo.collection(name).find_one({"outbox_since": {"$exists": True}}, {"_id": 1}):
                return False
        if await self.mongo.collection("hr_runs").find_one({"state": {"$in": ["comparing", "applying"]}}, {"_id": 1}):
            return False
        if await self.mongo.collection("scim").find_one({"waiting": True}, {"_id": 1}):
            return False
        now = datetime.combine(self.day, MORNING).astimezone(UTC)
        for name in ("hr_employees", "hr_departments"):
            if await self.mongo.collection(name).find_one({"due_at": {"$ne": None, "$lte": now}}, {"_id": 1}):
                return False
        return not await waits(self._environment, lambda name: name.startswith("registry.") and "parked" not in name)
