"""The journey in containers: every service is stopped and started on the way, one is killed; the ledger stays clean."""

import asyncio
import time
from collections.abc import Callable

from tests.support.containers import Installation
from tests.support.journey import Account, verify, walk
from tests.support.waiting import eventually

BETWEEN_COMMANDS = 4
"""How many more commands are answered between two stops: the journey is somewhere else by then."""
CRASHED = "activities"


async def test_the_journey_in_containers_loses_nothing_while_every_service_is_stopped_and_started(
    installation: Installation,
) -> None:
    account = Account()
    journey = asyncio.create_task(walk(installation, account, within=600))
    answered = account.ledger.acknowledged

    async def on_the_way(work: Callable[[str], None], name: str) -> float:
        mark = len(answered) + BETWEEN_COMMANDS
        await eventually(lambda: len(answered) >= mark or journey.done(), within=90)
        assert not journey.done(), f"{name}: the journey was over before its turn came"
        begun = time.monotonic()
        await asyncio.to_thread(work, name)
        return time.monotonic() - begun

    try:
        for name in reversed(installation.services):  # what the end of the journey needs goes last
            took = await on_the_way(installation.stop, name)
            print(f"{name} stopped after {len(answered)} commands, in {took:.1f} s")  # noqa: T201 - shows progress
            # 137 if the grace period had run out
            assert installation.look(name, "{{.State.Status}} {{.State.ExitCode}}") == "exited 0"
            await asyncio.to_thread(installation.start, name)
        await on_the_way(installation.kill, CRASHED)
        print(f"{CRASHED} killed after {len(answered)} commands")  # noqa: T201
        await installation.ready(CRASHED)
        assert int(installation.look(CRASHED, "{{.RestartCount}}")) == 1
        await journey
    finally:
        journey.cancel()
    await verify(installation, account)
    print(f"{len(answered)} commands; the ledger is clean")  # noqa: T201


async def test_every_container_is_healthy_and_as_small_in_rights_as_the_file_says(installation: Installation) -> None:
    for name in installation.services:
        seen = installation.look(
            name, "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapAdd}} {{.EffectiveCaps}}"
        )
        assert seen == "10001:10001 true [] []"
        assert installation.look(name, "{{.State.OOMKilled}} {{.State.Running}}") == "false true"
