"""The activities service on real servers, with the examples told to it; one for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest

from services.activities.app import build
from tests.integration.activities.branch import tell_registry
from tests.support.harness.environment import Environment, Servers
from tests.support.harness.service import ServiceHarness


@pytest.fixture(scope="package")
async def knowing_the_branch(servers: Servers) -> AsyncIterator[ServiceHarness]:
    """A running service that knows the examples."""
    with servers.environment() as its:
        async with ServiceHarness(its, "activities", build).running() as harness:
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
