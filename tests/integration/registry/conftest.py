"""One registry on real servers for all tests of this folder, with several beginnings."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from services.registry.app import build
from tests.integration.registry.company import Company
from tests.integration.registry.office import Office
from tests.support.harness.environment import Servers
from tests.support.harness.service import ServiceHarness


@dataclass(frozen=True)
class Begun:
    """The running registry, and the company that it knows in one of its beginnings."""

    harness: ServiceHarness
    company: Company


@pytest.fixture(scope="package")
async def begun(servers: Servers) -> AsyncIterator[Begun]:
    """It remembers knowing nothing, the example enterprise, and the company."""
    with servers.environment() as its:
        async with ServiceHarness(its, "registry", build).running() as harness:
            await harness.remember("nothing")
            await Office(harness).load()
            await harness.remember("examples")
            await harness.rewind("nothing")
            company = Company(harness)
            await company.found()
            await company.status("1001", "active", "DA")
            await harness.remember("company")
            yield Begun(harness, company)


@pytest.fixture
async def registry(begun: Begun) -> ServiceHarness:
    """The registry, knowing nothing."""
    await begun.harness.rewind("nothing")
    return begun.harness


@pytest.fixture
async def office(begun: Begun) -> Office:
    """The registry, knowing the example enterprise and nothing else."""
    await begun.harness.rewind("examples")
    return Office(begun.harness)


@pytest.fixture
async def company(begun: Begun) -> Company:
    """The company as it stood long ago and nothing else."""
    await begun.harness.rewind("company")
    return begun.company.again()
