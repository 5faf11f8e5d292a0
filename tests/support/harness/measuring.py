"""Branch coverage of the unit tests (``pytest -p tests.support.harness.measuring``), by each of pytest's processes.

It begins before anything of ours is imported. While other tests run it pauses: measured, they take twice as long, and
what they pass says little about what they look at.
"""

import os
from pathlib import Path

import coverage
import pytest

UNIT = Path(__file__).parents[2] / "unit"
MEASURED = coverage.Coverage()
on = "PYTEST_XDIST_WORKER" in os.environ  # the process that only hands tests out passes nothing
if on:
    MEASURED.start()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Go on with a unit test, pause with another."""
    global on  # noqa: PLW0603 - the state of this process
    unit = UNIT in item.path.parents
    if on is not unit:
        on = unit
        (MEASURED.start if on else MEASURED.stop)()


def pytest_unconfigure() -> None:
    """Write what was passed into a file of this process."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        MEASURED.stop()
        MEASURED.save()
