"""The review service on real servers, knowing one branch and the committee above it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.review.app import build
from tests.conftest import Ground
from tests.integration.review.cast import Ear, listening, settled, tell_registry
from tests.support.days import MONDAY
from tests.support.led_clock import LedClock
from tests.support.standing import Standing


@pytest.fixture
async def reviews(ground: Ground, tmp_path: Path) -> AsyncIterator[Standing]:
    """A running service that knows the cast."""
    async with Standing(ground, "review", build, tmp_path).running() as standing:
        await tell_registry(standing)
        await settled(standing)
        yield standing


@pytest.fixture
async def ear(ground: Ground, reviews: Standing) -> AsyncIterator[Ear]:
    """What review tells during the test."""
    assert reviews.service
    async with listening(ground) as listening_ear:
        yield listening_ear


@pytest.fixture
def led(monkeypatch: pytest.MonkeyPatch) -> LedClock:
    """The clock, on the Monday."""
    leading = LedClock(monkeypatch)
    leading.lead(MONDAY)
    return leading
