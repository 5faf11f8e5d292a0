"""Every event delivered three times, each copy at its own time: the journey ends the same."""

import pytest

from tests.support.actors.journey import Account, verify, walk
from tests.support.chaos.repeating import repeating
from tests.support.harness.system import System


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_event_thrice_and_in_another_order(system: System, seed: int) -> None:
    account = Account()
    async with repeating(system.environment, copies=3, seed=seed):
        await walk(system, account)
        await verify(system, account)
