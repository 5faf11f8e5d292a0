"""Every test of this folder is a fault test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Ground
from tests.support.journey import load
from tests.support.system import System

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, so that they run on their own (``make faults``)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture
async def system(ground: Ground, tmp_path: Path) -> AsyncIterator[System]:
    """All four services up and the example enterprise loaded."""
    async with System(ground, tmp_path).running() as running:
        await load(running)
        yield running
