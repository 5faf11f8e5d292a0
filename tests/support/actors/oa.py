"""Notify as a process of its own with simulated office systems: for faults, and for killing in the middle."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from infra.storage.mongo import Mongo
from tests.support.actors.office import ADMIN, KIND, KINDS, Reviews, channel
from tests.support.harness.environment import Environment
from tests.support.harness.publisher import FactPublisher
from tests.support.harness.service import Json
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually
from tests.support.vendors.vendor import Vendor
from tests.support.vendors.weather import Limit, Weather

PER_SECOND = {"weaver": 40, "generic": 40}
"""Where a vendor documents no rate the installation has one; 飞书 keeps its own."""
PEOPLE = [f"{1000 + number}" for number in range(12)]


class Oa(System):
    """Notify with three channels; ``reviews`` is what review says."""

    def __init__(self, environment: Environment, home: Path, *names: str, **settings: object) -> None:
        super().__init__(environment, home, ["notify"])
        self.vendors: dict[str, Vendor] = {}
        for name in names or KINDS:
            self.vendors[name] = KINDS[name][0]((Limit(PER_SECOND[name], 1),) if name in PER_SECOND else None)
        self.reviews, self.facts, self.mongo = (
            Reviews(),
            FactPublisher(environment),
            Mongo(environment.settings("notify")),
        )
        self.chance, self._settings = random.Random(5), settings
        self.file = home / "oa.yaml"
        self._first = 0

    def _configure(self) -> None:
        limit = {name: {"per_second": rate} for name, rate in PER_SECOND.items()}
        channels = [
            channel(name, one.url, self.home, breaker_seconds=1, **{**limit.get(name, {}), **self._settings})
            for name, one in self.vendors.items()
        ]
        self.file.write_text(yaml.safe_dump({"channels": channels}), encoding="utf-8")

    def environ(self, name: str) -> dict[str, str]:
        more = {"NOTIFY_OA_FILE": str(self.file), "NOTIFY_RECONCILE_SECONDS": "3", "LOG_LEVEL": "WARNING"}
        return super().environ(name) | {f"BRANDMATRIX_{key}": value for key, value in more.items()}

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Oa"]:
        """All of it up inside the block."""
        async with AsyncExitStack() as stack:
            for one in self.vendors.values():
                await stack.enter_async_context(one.running())
            self._configure()
            await self.facts.connect()
            stack.push_async_callback(self.facts.close)
            stack.push_async_callback(self.mongo.close)
            await stack.enter_async_context(self.running())
            yield self

    async def tell(self, review: str, states: dict[str, str], number: int = 1, *, again: bool = False) -> None:
        """Review tells; ``again``: the broker delivers it twice."""
        fact = self.reviews.fact(review, states, number)
        for _ in range(2 if again else 1):
            await self.facts.tell(KIND, *fact)

    async def stream(self, reviews: int) -> None:
        """To-dos of the newest reviews open, are done, withdrawn, passed on and opened again, mixed with each other."""
        moves = [f"r{self._first + number}" for number in range(reviews) for _ in range(4)]
        self._first += reviews // 2  # half of them go on in the next stream
        self.chance.shuffle(moves)
        for review in moves:
            await self._move(review)

    async def _move(self, review: str) -> None:
        mine = {key: task for key, task in self.reviews.todos.items() if key.startswith(f"{review}:")}
        number = max((task["round"] for task in mine.values()), default=1)
        waiting = [task["person"] for task in mine.values() if task["state"] == "open" and task["round"] == number]
        again = self.chance.random() < 0.2
        if not waiting:
            number += bool(mine) and self.chance.random() < 0.5
            people = self.chance.sample(PEOPLE, 2)
            await self.tell(review, dict.fromkeys(people, "open"), number, again=again)
            return
        who, kind = waiting[0], self.chance.choice(("complete", "withdraw", "reassign", "repeat"))
        if kind == "complete":  # one did it: the others need not
            await self.tell(review, {who: "done", **dict.fromkeys(waiting[1:], "withdrawn")}, number, again=again)
        elif kind == "withdraw":
            await self.tell(review, dict.fromkeys(waiting, "withdrawn"), number, again=again)
        elif kind == "reassign":
            other = self.chance.choice([person for person in PEOPLE if person not in waiting])
            await self.tell(review, {who: "withdrawn", other: "open"}, number, again=again)
        else:
            await self.tell(review, dict.fromkeys(waiting, "open"), number, again=again)

    async def get(self, path: str, method: str = "GET") -> Any:  # noqa: ANN401 - any JSON
        """Ask notify as an administrator; of a page its items."""
        headers = {"authorization": f"Bearer {self.token('admin', ADMIN)}"}
        async with httpx.AsyncClient(base_url=self.urls["notify"], timeout=30, trust_env=False) as client:
            answer = await client.request(method, path, headers=headers)
        answer.raise_for_status()
        return answer.json()["items"] if method == "GET" else answer.json()

    def weather(self, **weather: Any) -> None:  # noqa: ANN401 - fields of Weather
        """The same weather everywhere; fine, if nothing is said."""
        for one in self.vendors.values():
            one.sky.set(Weather(**weather))

    def calls(self) -> dict[str, int]:
        """How many calls each vendor had."""
        return {name: one.sky.total for name, one in self.vendors.items()}

    async def _consumed(self) -> bool:
        """Whether notify has heard all that review said, and wants it of every channel."""
        kept = {one["_id"]: one["state"] async for one in self.mongo.collection("todos").find()}
        rows = {
            (one["channel"], one["todo"]): one["wanted"]
            async for one in self.mongo.collection("oa_channel_deliveries").find()
        }
        said = {key: task["state"] for key, task in self.reviews.todos.items()}
        return all(kept.get(key) == state for key, state in said.items()) and all(
            rows.get((name, key), "" if state == "open" else state) == state
            for name in self.vendors
            for key, state in said.items()
        )

    async def agreed(self, within: float = 120) -> None:
        """Wait until every vendor lists exactly what is open here, and everything is settled."""

        def equal() -> bool:
            return all(one.open == self.reviews.open for one in self.vendors.values())

        async def same() -> bool:
            # equal by chance, while a fact is on its way, is not yet agreed
            if not (equal() and await self._consumed()):
                return False
            backlogs = await self.get("/oa/channels")
            return equal() and not any(one["waiting"] or one["failed"] for one in backlogs)

        try:
            await eventually(same, within)
        except AssertionError as error:
            shown = {name: len(one.open) for name, one in self.vendors.items()}
            raise AssertionError(f"{shown} not {len(self.reviews.open)}: {await self.get('/oa/channels')}") from error

    async def delivered(self, name: str) -> list[Json]:
        """The delivery log of one channel."""
        return [dict(one) async for one in self.mongo.collection("oa_deliveries").find({"channel": name})]
