"""One real service in this process on real servers; its neighbours are played by facts published to the broker."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from infra.kernel import clock
from infra.kernel.settings import Settings
from infra.runtime.service import Service
from tests.support.harness.environment import Environment
from tests.support.harness.publisher import FactPublisher
from tests.support.harness.snapshot import Snapshot
from tests.support.harness.waiting import eventually

Json = dict[str, Any]
RETRY_DELAYS = "0.1,0.2,0.4,0.8,1.6"


class ServiceHarness:
    """The service, a client that signs in as whoever it is told, and a publisher of every other service's facts.

    Many tests share one: ``remember`` what they begin with, and ``rewind`` to it before each; it may know several
    beginnings, by name.
    """

    def __init__(
        self, environment: Environment, name: str, build: Callable[[Settings], Service], **settings: str
    ) -> None:
        self.environment, self._issuer = environment, environment.issuer
        self.service = build(environment.settings(name, **{"retry_delays": RETRY_DELAYS, **settings}))
        self._facts = FactPublisher(environment)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.service.app), base_url=f"http://{name}", timeout=20
        )
        self._beginnings: dict[str, Snapshot] = {}
        self._at: str | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ServiceHarness"]:
        """The service runs inside the block."""
        await self.connect()
        app = self.service.app
        async with app.router.lifespan_context(app):
            await eventually(self._ready)
            yield self
        await self.close()

    async def connect(self) -> None:
        """Connect the publisher, enough to tell facts while the service does not run."""
        await self._facts.connect()

    async def close(self) -> None:
        """Close the publisher and the client."""
        await self._client.aclose()
        await self._facts.close()

    async def _ready(self) -> bool:
        answer = (await self._client.get("/readyz")).json()
        return bool(answer["ready"]) and not answer["degraded"]

    async def remember(self, beginning: str = "") -> None:
        """Keep what is stored now as what tests begin with."""
        await self.quiet()
        self._beginnings[beginning] = await Snapshot.of(self.service.mongo)
        self._at = beginning

    async def rewind(self, beginning: str = "") -> None:
        """Back to what is remembered, once nothing of the test before is on its way any more."""
        if self._at != beginning:
            await self.quiet()
            await self._beginnings[beginning].restore()
        self._at = None  # from here on it changes

    async def quiet(self, within: float = 30) -> None:
        """Wait until nothing is left to do: no fact unpublished, nothing due, no message in a queue or in hand."""
        calm = 0

        async def still() -> bool:
            nonlocal calm
            calm = 0 if await self._busy() else calm + 1
            return calm > 1  # a message on the way from its queue into a hand is seen by the second look

        await eventually(still, within, "quiet", 0.005)

    async def _busy(self) -> bool:
        queues = [queue.name for queue in self.service.topology.queues if not queue.name.startswith("brand.")]
        if self.service.consumer._busy or await self._facts.waiting(queues):
            return True
        unpublished: Json = {"outbox_since": {"$exists": True}}
        owing = [(store.name, unpublished) for store in self.service.stores]
        due = [(one.store.name, {one.field: {"$ne": None, "$lte": clock.now()}}) for one in self.service.schedule._due]
        found = await asyncio.gather(
            *(self.service.mongo.collection(name).find_one(where, {"_id": 1}) for name, where in [*owing, *due])
        )
        return any(one is not None for one in found)

    async def tell(self, kind: str, subject: str, sequence: int, data: Mapping[str, Any], **more: Any) -> None:  # noqa: ANN401
        """Publish a fact as its owner would; ``id`` and ``time`` may be given to repeat or to date it."""
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
