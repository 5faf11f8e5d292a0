"""Every test of this folder is a fault test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.actors.journey import load, still
from tests.support.harness.environment import Servers
from tests.support.harness.system import System

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, so that they run on their own (``make faults``)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="package")
async def loaded(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """All four services up and the example enterprise loaded, for all tests of this folder."""
    with servers.environment() as its:
        async with System(its, tmp_path_factory.mktemp("system")).running() as running:
            await load(running)
            await still(running)
            await running.remember()
            yield running


@pytest.fixture
async def system(request: pytest.FixtureRequest, loaded: System) -> AsyncIterator[System]:
    """The four services, knowing the examples and nothing else."""
    failed = request.session.testsfailed
    yield loaded
    for name in loaded.services:
        if request.session.testsfailed > failed:  # it may have left behind whatever it started
            loaded.kill(name)
        if loaded.processes[name].pid is None:
            loaded.start(name)
    await loaded.ready()
    await still(loaded, calm=0.5)  # what a test verifies had come to rest already
    await loaded.rewind()
