"""The platform team's guide, followed word by word in a new folder with the images that were built."""

import os
from pathlib import Path

from tests.support.actors.guide import follow
from tests.support.harness.containers import Installation, script
from tests.support.harness.system import ROOT

GUIDE = ROOT / "docs" / "guides" / "for-the-platform-team.md"
BLOCK_SECONDS = 300.0


def test_the_platform_team_follows_its_guide_to_the_end(built: Installation, tmp_path: Path) -> None:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("BRANDMATRIX_")}
    trial = {"COMPOSE_PROJECT_NAME": f"{built.env['COMPOSE_PROJECT_NAME']}-guide"}
    try:
        assert follow(GUIDE, tmp_path, mine | trial | {"BRAND_MATRIX": str(ROOT)}, BLOCK_SECONDS) > 0
    finally:  # its last step does so too, if it came that far
        script("down", "-v", **trial, SECRETS=str(tmp_path / "secrets"), ISSUER=str(tmp_path / "issuer"))
