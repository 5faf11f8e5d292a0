"""Hostile rules and events against the activities process itself: it answers, its children are bounded and renewed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.kernel.events import CONTENT_TYPE
from infra.messaging import topology
from infra.messaging.publisher import Message, Publisher
from infra.sandbox.pool import PLACES
from infra.sandbox.worker import MOST_MEMORY
from tests.support.actors.catalogue import CONTEST, MINE, RESCUE, event
from tests.support.actors.departments import Office
from tests.support.actors.publishers import Structured
from tests.support.harness.environment import Environment
from tests.support.harness.system import System

pytestmark = [pytest.mark.security, pytest.mark.timeout(400)]
Json = dict[str, Any]
LONGEST_SECONDS = 10.0
"""What /livez may take at worst while every core is busy with bombs; one in the process itself would never end."""
SMALL: Json = MINE | {"title": "球赛", "held_at": "2026-05-04T14:00:00+08:00", "l": [1], "s": "x"}
BOMBS: dict[str, tuple[Json, Json]] = {
    # name: what the rule says otherwise, what the data of its bomb have otherwise; each is harmless for its own sample
    "endless": ({"when": "event.data.l.all(a, event.data.l.all(b, event.data.l.all(c, a + b + c >= 0)))"}, {"l": 3000}),
    "memory": ({"when": "event.data.l.map(a, event.data.l.map(b, event.data.s)).size() > 0"}, {"l": 3000, "s": 50_000}),
    "regex": ({"when": "event.data.s.matches('(x+x+)+y') || true"}, {"s": 300_000}),
    "doubling": (
        {"map": "{organisation: data.organisation, kind: 'open_day', title: data.title, content: to_string(data.l"
                 "[*].[@,@,@,@,@,@,@,@,@,@][].[@,@,@,@,@,@,@,@,@,@][].[@,@,@,@,@,@,@,@,@,@][])}"},
        {"l": 20_000},
    ),
}  # fmt: skip
STOPPED = {"rule.too_much", "rule.spared", "map.too_long", "map.nonsense", "map.failed"}


@pytest.fixture(scope="module")
async def activities(
    shared: Environment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[System, Office]]:
    """The one service, told of an organisation as the registry would."""
    async with System(shared, tmp_path_factory.mktemp("activities"), ("activities",)).running() as system:
        settings = shared.settings("others")
        voice = Publisher(settings, topology.of("others", [], [], settings.retry_delays))
        await voice.connect()
        data = {"organisation": "operations", "name": "营运", "kind": "general_branch", "parent": None}
        envelope = event("o1", "registry.organisation.recorded.v1", data | {"valid_from": "2020-01-01"}, sequence=1)
        body = httpx.Request("POST", "http://x", json=envelope).content
        await voice.publish(topology.EVENTS, envelope["type"], Message(body, {}, "o1", CONTENT_TYPE))
        await voice.close()
        office = Office(system)
        await office.known("league-event", MINE)
        yield system, office
        await office.client.close()


def grown(sizes: Json) -> Json:
    """The data of a bomb: lists and texts of these sizes."""
    return SMALL | {name: list(range(size)) if name == "l" else "x" * size for name, size in sizes.items()}


async def put_bombs(office: Office) -> None:
    """A rule for each bomb, in force: on its own sample each works."""
    for name, (changes, _) in BOMBS.items():
        sample = event("s", f"union.{name}", SMALL)
        await office.rewrite("union-contest", name, **({"event": f"union.{name}", "sample": sample} | changes))


class Pulse:
    """Asks /livez without a pause and keeps how long each answer took."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.took: list[float] = []

    @asynccontextmanager
    async def felt(self) -> AsyncIterator[None]:
        """Inside the block."""
        task = asyncio.create_task(self._feel())
        try:
            yield
        finally:
            task.cancel()

    async def _feel(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            while True:
                begun = time.monotonic()
                assert (await client.get(f"{self._url}/livez")).is_success
                self.took.append(time.monotonic() - begun)
                await asyncio.sleep(0.05)


def children(pid: int) -> dict[int, str]:
    """The limits of each child process, by its id, as the kernel says."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    pids = [int(one) for file in found for one in file.read_text(encoding="utf-8").split()]
    return {one: Path(f"/proc/{one}/limits").read_text(encoding="utf-8") for one in pids}


async def test_while_rules_explode_the_service_answers_and_the_events_of_others_have_their_effect(
    activities: tuple[System, Office],
) -> None:
    system, office = activities
    environment = system.environment
    await put_bombs(office)
    urls = {
        name: environment.management.department(environment.name, name, [f"{name}."]) for name in ("union", "safety")
    }
    union, safety = Structured(urls["union"]), Structured(urls["safety"])
    pid = system.processes["activities"].pid
    assert pid is not None
    before, pulse = children(pid), Pulse(system.urls["activities"])
    assert 1 <= len(before) <= PLACES
    assert all(f"{MOST_MEMORY}" in limits for limits in before.values())
    bombs = [
        event(f"{name}-{n}", f"union.{name}", grown(sizes)) for name, (_, sizes) in BOMBS.items() for n in range(3)
    ]
    good = [RESCUE | {"id": f"good-{n}", "subject": f"g{n}"} for n in range(20)]
    async with pulse.felt():
        await asyncio.gather(*map(union.event, bombs), *map(safety.event, good))
        arrivals = {one["event"]: one for one in await office.arrived(len(bombs) + len(good))}
    assert {arrivals[one["id"]]["state"] for one in good} == {"effected"}
    for one in bombs:
        found = arrivals[one["id"]]
        if one["type"] == "union.regex":
            assert found["state"] == "effected", "a regular expression runs in linear time"
        else:
            assert found["state"] == "failed", found
            assert {reason["code"] for reason in found["reasons"]} <= STOPPED, found["reasons"]
    assert len(pulse.took) > 20
    assert max(pulse.took) < LONGEST_SECONDS, sorted(pulse.took)[-5:]
    last = [RESCUE | {"id": f"last-{n}", "subject": f"l{n}"} for n in range(PLACES)]
    await asyncio.gather(*map(safety.event, last))  # a child is replaced when it is next asked
    arrivals = {one["event"]: one for one in await office.arrived(len(bombs) + len(good) + len(last))}
    assert {arrivals[one["id"]]["state"] for one in last} == {"effected"}
    after = children(pid)
    assert 1 <= len(after) <= PLACES
    assert after.keys() - before.keys(), "those that were stopped are replaced"
    assert pid == system.processes["activities"].pid


async def test_hostile_messages_do_not_hold_the_service_up(
    activities: tuple[System, Office],
) -> None:
    system, office = activities
    environment = system.environment
    union = Structured(environment.management.department(environment.name, "union", ["union."]))
    deep: Any = 1
    for _ in range(38):
        deep = [deep]
    nested = CONTEST | {
        "id": "deep",
        "data": MINE | {"title": "x", "held_at": "2026-05-04T14:00:00+08:00", "d": deep},
    }
    wide = CONTEST | {"id": "wide", "data": CONTEST["data"] | {"l": [0] * 150_000}}
    before = {one["id"] for one in await office.arrivals()}
    pulse = Pulse(system.urls["activities"])
    async with pulse.felt():
        for number in range(5):
            await union.raw(CONTEST["type"], b"[" * (60_000 + number))
            await union.raw(CONTEST["type"], b'{"a":' * (20_000 + number))
            await union.raw(CONTEST["type"], b"[" + b"0," * (3_000_000 + number) + b"0]")
            await union.raw(CONTEST["type"], b"1" * (5_000 + number))
        await union.event(nested)
        await union.event(wide)
        arrivals = [one for one in await office.arrived(len(before) + 22) if one["id"] not in before]
    states = {one["event"]: one["state"] for one in arrivals if one["event"]}
    assert states == {"deep": "effected", "wide": "failed"}, "too large for a rule is said so"
    assert {one["state"] for one in arrivals if not one["event"]} == {"quarantined"}
    assert max(pulse.took) < LONGEST_SECONDS, sorted(pulse.took)[-5:]
