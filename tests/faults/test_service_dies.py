"""Killing any one service with -9 at any step of its work loses nothing and doubles nothing."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from examples import journey
from examples.client import Client, Refusal
from tests.support.actors.journey import Account, verify, walk
from tests.support.chaos.doomed import STEPS
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

EARLY = ("before the handler", "before the ack", "after the ack", "after the creation")
REST = tuple(step for step in STEPS if step not in EARLY)
# Submissions are heard and brands created early in the journey. What a service never does cannot kill it: notify tells
# nothing and keeps only what others told.
PLANS = {
    "registry": (EARLY[3], *REST, *EARLY[:3]),
    "review": (EARLY[3], *EARLY[:3], *REST),
    "activities": (*EARLY, *REST),
    "notify": EARLY[:3],
}


async def _die_at_every_step(system: System, name: str, armed: asyncio.Event) -> list[str]:
    """Let the service run into each step in turn; returns those at which it died. ``armed``: the first is set."""
    died = []
    for step in PLANS[name]:
        await asyncio.to_thread(system.stop, name)
        times = "2" if step in REST and name != "activities" else "1"
        await asyncio.to_thread(system.run, name, "tests.support.chaos.doomed", name, step, times)
        armed.set()
        await eventually(lambda: system.processes[name].pid is None, within=180, what=f"{name} dies {step}")
        died.append(step)
    system.start(name)
    return died


async def _keep_filing(system: System, account: Account) -> None:
    """File a plan now and then: on a slow machine the journey's own may all be filed between two deaths."""
    story = next(iter(yaml.safe_load(journey.BRANDS.read_text(encoding="utf-8")).values()))
    client = Client(system.urls, system.token, account)
    plan = {
        "kind": "open_day",
        "title": "开放日",
        "place": "党员之家",
        "content": "互访",
        "organisation": story["owner"],
    }
    while True:
        starts = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
        with suppress(Refusal):
            await client.post(
                story["journey"]["secretary"], "activities", "/activities", {**plan, "starts_at": starts.isoformat()}
            )
        await asyncio.sleep(2)


@pytest.mark.parametrize("name", PLANS)
async def test_the_journey_ends_the_same_when_a_service_is_killed_at_each_step(system: System, name: str) -> None:
    account = Account()
    armed = asyncio.Event()
    chaos = asyncio.create_task(_die_at_every_step(system, name, armed))
    filing = asyncio.create_task(_keep_filing(system, account))
    try:
        await armed.wait()
        await walk(system, account, within=500)
        died = await chaos
    finally:
        chaos.cancel()
        filing.cancel()
    assert tuple(died) == PLANS[name]
    await verify(system, account)
