"""The review service on real servers, knowing one branch and the committee above it."""

from collections.abc import AsyncIterator

import pytest

from services.review.app import build
from tests.integration.review.cast import Ear, listening, settled, tell_registry
from tests.support.actors.days import MONDAY
from tests.support.harness.clock import LedClock
from tests.support.harness.environment import Servers
from tests.support.harness.service import ServiceHarness


@pytest.fixture(scope="package")
async def knowing_the_cast(servers: Servers) -> AsyncIterator[ServiceHarness]:
    """A running service that knows the cast, for all tests of this folder."""
    with servers.environment() as its:
        async with ServiceHarness(its, "review", build).running() as harness:
            await tell_registry(harness)
            await settled(harness)
            await harness.remember()
            yield harness


@pytest.fixture
async def reviews(knowing_the_cast: ServiceHarness) -> ServiceHarness:
    """The service, knowing the cast and nothing else."""
    await knowing_the_cast.rewind()
    return knowing_the_cast


@pytest.fixture
async def ear(reviews: ServiceHarness) -> AsyncIterator[Ear]:
    """What review tells during the test."""
    async with listening(reviews.environment) as listening_ear:
        yield listening_ear


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> LedClock:
    """The clock, on the Monday."""
    leading = LedClock(monkeypatch)
    leading.lead(MONDAY)
    return leading
