"""The activities service on real servers, with the examples told to it; one for all tests of a module."""

from collections.abc import AsyncIterator

import pytest

from services.activities.app import build
from tests.integration.activities.branch import tell_registry
from tests.support.harness.environment import Environment
from tests.support.harness.service import ServiceHarness


@pytest.fixture(scope="module")
async def knowing_the_branch(shared: Environment) -> AsyncIterator[ServiceHarness]:
    """A running service that knows the examples."""
    async with ServiceHarness(shared, "activities", build).running() as harness:
        await tell_registry(harness)
        await harness.remember()
        yield harness


@pytest.fixture
async def activities(knowing_the_branch: ServiceHarness) -> ServiceHarness:
    """The service, knowing the examples and nothing else."""
    await knowing_the_branch.rewind()
    return knowing_the_branch


@pytest.fixture
def environment(activities: ServiceHarness) -> Environment:
    """Where the service runs: what other departments send, they send there."""
    return activities.environment
