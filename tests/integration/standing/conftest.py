"""Registry and review on the same real servers, and a clock that a test leads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.registry.app import build as build_registry
from services.review.app import build as build_review
from tests.integration.registry.office import Office
from tests.integration.standing.years import Years
from tests.support.harness.clock import LedClock
from tests.support.harness.environment import Environment
from tests.support.harness.service import ServiceHarness
from tests.support.harness.waiting import eventually


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> LedClock:
    """The clock."""
    return LedClock(monkeypatch)


@pytest.fixture
async def years(environment: Environment, tmp_path: Path) -> AsyncIterator[Years]:
    """Both services, knowing the example enterprise."""
    registry = ServiceHarness(environment, "registry", build_registry)
    review = ServiceHarness(environment, "review", build_review)
    async with registry.running(), review.running():
        office = Office(registry)
        await office.load()
        await eventually(lambda: _known(registry, review))  # else a submission might give up waiting for them
        yield Years(office, review)


async def _known(registry: ServiceHarness, review: ServiceHarness) -> bool:
    """Whether review has mirrored everybody whom registry recorded."""
    for name in ("organisations", "people"):
        recorded, consumed = (one.service.mongo.collection(name) for one in (registry, review))
        if await recorded.count_documents({}) != await consumed.count_documents({}):
            return False
    return True
