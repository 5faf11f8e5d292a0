"""The registry on real servers with the example enterprise recorded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.registry.app import build
from tests.conftest import Ground
from tests.integration.registry.office import Office
from tests.support.standing import Standing


@pytest.fixture
async def office(ground: Ground, tmp_path: Path) -> AsyncIterator[Office]:
    """A running registry that knows the examples."""
    async with Standing(ground, "registry", build, tmp_path).running() as standing:
        made = Office(standing)
        await made.load()
        yield made
