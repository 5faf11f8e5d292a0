"""The guides, followed word by word in a new folder beside a running demonstration."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.processes import Daemon
from tests.support.actors.guide import follow

ROOT = Path(__file__).parent.parent.parent
GUIDES = ROOT / "docs" / "guides"
FOLLOWED = ("for-another-department.md", "for-the-hr-team.md", "for-the-oa-team.md")
"""The platform team's guide is followed in tests/containers, for it needs an engine."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a reader's shell has: the checkout's name, and ``make run`` in another terminal."""
    home = tmp_path_factory.mktemp("demo")
    mine = {name: value for name, value in os.environ.items() if not name.startswith("BRANDMATRIX_")}
    mine |= {"BRANDMATRIX_HOME": str(home / "home"), "BRAND_MATRIX": str(ROOT), "COLUMNS": "120"}
    demo = Daemon(home, "demo")
    demo.start([sys.executable, "-m", "infra.ops.cli", "run"], mine, ROOT)
    try:
        demo.until(lambda: "Ctrl-C" in demo.log.read_text(encoding="utf-8"), within=180)
        yield mine
    finally:
        demo.stop(within=60)


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_reader_follows_the_guide_to_its_end(name: str, environ: dict[str, str], tmp_path: Path) -> None:
    assert follow(GUIDES / name, tmp_path, environ) > 0
