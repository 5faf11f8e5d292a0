"""Killing any one service with -9 at any step of its work loses nothing and doubles nothing."""

import asyncio
import sys

import pytest

from tests.support.doomed import STEPS
from tests.support.journey import Account, verify, walk
from tests.support.system import ROOT, System
from tests.support.waiting import eventually

TELLING = {"before the publish", "after the confirm", "after the journal", "after the removal"}
CREATING = {"after the creation"}
# what a service never does cannot kill it: notify tells nothing and activities hears mirrors only
PLANS = {
    "registry": list(STEPS),
    "review": list(STEPS),
    "activities": [step for step in STEPS if step not in CREATING],
    "notify": [step for step in STEPS if step not in TELLING and "write" not in step],
}


async def _die_at_every_step(system: System, name: str, steps: list[str]) -> list[str]:
    """Let the service run into each step in turn; returns those at which it really died."""
    died = []
    for step in steps:
        await asyncio.to_thread(system.stop, name)
        command = [sys.executable, "-m", "tests.support.doomed", name, step, "2" if name != "activities" else "1"]
        await asyncio.to_thread(system.processes[name].start, command, system.environ(name), ROOT)
        await eventually(lambda: system.processes[name].pid is None, within=60)
        died.append(step)
    system.start(name)
    return died


@pytest.mark.parametrize("name", PLANS)
async def test_the_journey_ends_the_same_when_a_service_is_killed_at_each_step(system: System, name: str) -> None:
    account = Account()
    chaos = asyncio.create_task(_die_at_every_step(system, name, PLANS[name]))
    try:
        await walk(system.urls, system.token, account)
        died = await chaos
    finally:
        chaos.cancel()
    assert died == PLANS[name]
    await verify(system, account)
