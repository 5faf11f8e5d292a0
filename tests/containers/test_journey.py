"""The journey in containers: every service is stopped and started on the way, one is killed; the ledger stays clean."""

import asyncio
import time
from collections.abc import Callable

from tests.support.actors.journey import Account, verify, walk
from tests.support.harness.containers import Installation
from tests.support.harness.waiting import eventually

BETWEEN_COMMANDS = 4
"""How many more commands are answered between two stops: the journey is somewhere else by then."""
PACE_SECONDS = 0.3
CRASHED = "activities"


class Unhurried(Account):
    """Somebody takes a moment before each command, so that every service has its turn before the journey is over."""

    def tried(self, person: str, key: str) -> None:
        """A command is about to be sent."""
        time.sleep(PACE_SECONDS)
        super().tried(person, key)


async def test_the_journey_in_containers_loses_nothing_while_every_service_is_stopped_and_started(
    installation: Installation,
) -> None:
    account = Unhurried()
    journey = asyncio.create_task(walk(installation, account, within=600))
    answered = account.ledger.acknowledged

    async def on_the_way(work: Callable[[str], None], name: str) -> float:
        mark = len(answered) + BETWEEN_COMMANDS
        await eventually(lambda: len(answered) >= mark or journey.done(), within=90)
        assert not journey.done(), f"{name}: the journey was over before its turn came"
        begun = time.monotonic()
        await asyncio.to_thread(work, name)
        return time.monotonic() - begun

    async def stopped_and_started(name: str) -> None:
        took = await on_the_way(installation.stop, name)
        print(f"{name} stopped after {len(answered)} commands, in {took:.1f} s")  # noqa: T201 - shows progress
        # 137 if the grace period had run out
        assert installation.look(name, "{{.State.Status}} {{.State.ExitCode}}") == "exited 0"
        await asyncio.to_thread(installation.start, name)

    try:
        await stopped_and_started("registry")  # without these two the journey waits
        await stopped_and_started("review")
        await on_the_way(installation.kill, CRASHED)
        print(f"{CRASHED} killed after {len(answered)} commands")  # noqa: T201
        await installation.ready(CRASHED)
        assert int(installation.look(CRASHED, "{{.RestartCount}}")) == 1
        await stopped_and_started("activities")
        await stopped_and_started("notify")  # its end asks for this one
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
