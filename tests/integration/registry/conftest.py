"""The registry on real servers, with the example enterprise recorded or empty; one for all tests of a module."""

from collections.abc import AsyncIterator

import pytest

from services.registry.app import build
from tests.integration.registry.company import Company
from tests.integration.registry.office import Office
from tests.support.harness.environment import Environment
from tests.support.harness.service import ServiceHarness


@pytest.fixture(scope="module")
async def knowing_the_examples(shared: Environment) -> AsyncIterator[ServiceHarness]:
    """A running registry that knows the examples."""
    async with ServiceHarness(shared, "registry", build).running() as harness:
        await Office(harness).load()
        await harness.remember()
        yield harness


@pytest.fixture
async def office(knowing_the_examples: ServiceHarness) -> Office:
    """The registry, knowing the examples and nothing else."""
    await knowing_the_examples.rewind()
    return Office(knowing_the_examples)


@pytest.fixture(scope="module")
async def knowing_nothing(shared: Environment) -> AsyncIterator[ServiceHarness]:
    """A running registry."""
    async with ServiceHarness(shared, "registry", build).running() as harness:
        await harness.remember()
        yield harness


@pytest.fixture
async def registry(knowing_nothing: ServiceHarness) -> ServiceHarness:
    """The registry, knowing nothing."""
    await knowing_nothing.rewind()
    return knowing_nothing


@pytest.fixture(scope="module")
async def founded(shared: Environment) -> AsyncIterator[Company]:
    """The company as it stood long ago, with registry running."""
    async with ServiceHarness(shared, "registry", build).running() as harness:
        made = Company(harness)
        await made.found()
        await made.status("1001", "active", "DA")
        await harness.remember()
        yield made


@pytest.fixture
async def company(founded: Company) -> Company:
    """The company as it stood long ago and nothing else."""
    await founded.registry.rewind()
    return founded.again()
