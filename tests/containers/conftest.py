"""Images that are built once, an installation that is up once; gone at the end unless STAY=1 is set."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.actors.journey import load
from tests.support.harness.containers import Installation, script

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark them, so that they run on their own (``make containers``); the first one builds everything."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.containers)
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(scope="session")
def built() -> Installation:
    """All images, of the code as it is."""
    script("down", "-v")  # what an interrupted run may have left
    script("build")
    return Installation()


@pytest.fixture(scope="session")
def installation(built: Installation) -> Iterator[Installation]:
    """Everything of compose.yaml up and healthy, with the example enterprise loaded."""
    try:
        script("up", "-d")
        asyncio.run(load(built))
        yield built
    finally:
        if os.environ.get("STAY") == "1":
            print(f"\nup at {built.urls}; end it with: infra/deploy/containers.sh down -v")  # noqa: T201
        else:
            script("down", "-v")
