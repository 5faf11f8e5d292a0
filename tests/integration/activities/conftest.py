"""The activities service on real servers, with the examples told to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.activities.app import build
from tests.conftest import Ground
from tests.integration.activities.branch import tell_registry
from tests.support.standing import Standing


@pytest.fixture
async def activities(ground: Ground, tmp_path: Path) -> AsyncIterator[Standing]:
    """A running service that knows the examples."""
    async with Standing(ground, "activities", build, tmp_path).running() as standing:
        await tell_registry(standing)
        yield standing
