"""Notify and simulated office systems, each a process of its own: for faults, and for killing in the middle."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from infra.mongo import Mongo
from infra.processes import Daemon, ports
from tests.conftest import Ground
from tests.support.office import ADMIN, KIND, KINDS, Reviews, channel
from tests.support.standing import Json
from tests.support.system import ROOT, System
from tests.support.voice import Voice
from tests.support.waiting import eventually

PER_SECOND = {"weaver": 40, "generic": 40}
"""Where a vendor documents no rate the installation has one; 飞书 keeps its own."""
PEOPLE = [f"{1000 + number}" for number in range(12)]


class Simulator:
    """One office system as a process, looked at and disturbed over HTTP."""

    def __init__(self, home: Path, name: str) -> None:
        self.name = name
        self._process = Daemon(home, f"oa-{name}")
        self._port = ports(home, f"oa-{name}")[f"oa-{name}"]
        self.url = f"http://127.0.0.1:{self._port}"
        self._http = httpx.AsyncClient(base_url=self.url, timeout=10, trust_env=False)

    async def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "tests.support.vendors", self.name, "--port", str(self._port)]
        limit = PER_SECOND.get(self.name)
        more = ["--per-second", str(limit)] if limit else []
        environ = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
        await asyncio.to_thread(self._process.start, [*command, *more], environ, ROOT)

        async def answers() -> bool:
            try:
                return (await self._http.get("/_sim/state")).is_success
            except httpx.HTTPError:
                return False

        await eventually(answers, 20)

    async def stop(self) -> None:
        """End it."""
        await asyncio.to_thread(self._process.kill)
        await self._http.aclose()

    async def state(self) -> Json:
        """Everything that is there, and what the way there was like."""
        found: Json = (await self._http.get("/_sim/state")).json()
        return found

    async def open(self) -> list[tuple[str, str]]:
        """The open to-dos, as many times as they are shown."""
        return [(key, who) for key, who in (await self.state())["open"]]

    async def weather(self, **weather: Any) -> None:  # noqa: ANN401 - fields of Weather
        """Change the weather; fine, if nothing is said."""
        (await self._http.put("/_sim/weather", json=weather)).raise_for_status()

    async def expire(self, secret: str) -> None:
        """From now on the old token or secret is refused."""
        (await self._http.put("/_sim/expired", json={"secret": secret})).raise_for_status()

    async def by_hand(self, todo: str, receiver: str, state: str, stamp: int = 1) -> None:
        """Somebody over there changes the list."""
        entry = {"todo": todo, "receiver": receiver, "title": "x", "link": "", "state": state, "stamp": stamp}
        (await self._http.put("/_sim/entries", json=entry)).raise_for_status()


class Oa(System):
    """Notify with three channels; ``reviews`` is what review says."""

    def __init__(self, ground: Ground, home: Path, *names: str, **settings: object) -> None:
        super().__init__(ground, home, ["notify"])
        self.vendors = {name: Simulator(home, name) for name in names or KINDS}
        self.reviews, self.voice, self.mongo = Reviews(), Voice(ground), Mongo(ground.settings("notify"))
        self.chance = random.Random(5)
        self.file = home / "oa.yaml"
        limit = {name: {"per_second": rate} for name, rate in PER_SECOND.items()}
        channels = [
            channel(name, one.url, home, breaker_seconds=1, **{**limit.get(name, {}), **settings})
            for name, one in self.vendors.items()
        ]
        self.file.write_text(yaml.safe_dump({"channels": channels}), encoding="utf-8")

    def environ(self, name: str) -> dict[str, str]:
        more = {"NOTIFY_OA_FILE": str(self.file), "NOTIFY_RECONCILE_SECONDS": "3", "LOG_LEVEL": "WARNING"}
        return super().environ(name) | {f"BRANDMATRIX_{key}": value for key, value in more.items()}

    @asynccontextmanager
    async def up(self) -> AsyncIterator["Oa"]:
        """All of it up inside the block."""
        try:
            await asyncio.gather(self.voice.connect(), *(one.start() for one in self.vendors.values()))
            async with self.running():
                yield self
        finally:
            await asyncio.gather(self.voice.close(), self.mongo.close(), *(one.stop() for one in self.vendors.values()))

    async def tell(self, review: str, states: dict[str, str], number: int = 1, *, again: bool = False) -> None:
        """Review tells; ``again``: the broker delivers it twice."""
        fact = self.reviews.fact(review, states, number)
        for _ in range(2 if again else 1):
            await self.voice.tell(KIND, *fact)

    async def stream(self, first: int, reviews: int) -> None:
        """To-dos of some reviews open, are done, withdrawn, passed on and opened again, mixed with each other."""
        moves = [f"r{number}" for number in range(first, first + reviews) for _ in range(4)]
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
        """Ask notify as an administrator."""
        headers = {"authorization": f"Bearer {self.token('admin', ADMIN)}"}
        async with httpx.AsyncClient(base_url=self.urls["notify"], timeout=30, trust_env=False) as client:
            answer = await client.request(method, path, headers=headers)
        answer.raise_for_status()
        return answer.json()

    async def weather(self, **weather: Any) -> None:  # noqa: ANN401 - fields of Weather
        """The same weather everywhere."""
        await asyncio.gather(*(one.weather(**weather) for one in self.vendors.values()))

    async def calls(self) -> dict[str, int]:
        """How many calls each vendor had."""
        return {name: (await one.state())["calls"] for name, one in self.vendors.items()}

    async def agreed(self, within: float = 40) -> None:
        """Wait until every vendor lists exactly what is open here, and everything is settled."""

        async def same() -> bool:
            if any(await one.open() != self.reviews.open for one in self.vendors.values()):
                return False
            backlogs = await self.get("/oa/channels")
            return not any(one["waiting"] or one["failed"] for one in backlogs)

        try:
            await eventually(same, within)
        except AssertionError as error:
            shown = {name: len(await one.open()) for name, one in self.vendors.items()}
            raise AssertionError(f"{shown} not {len(self.reviews.open)}: {await self.get('/oa/channels')}") from error

    async def log(self, name: str) -> list[Json]:
        """The delivery log of one channel."""
        return [dict(one) async for one in self.mongo.collection("oa_deliveries").find({"channel": name})]
