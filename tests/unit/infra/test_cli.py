"""What the console script does before it looks at any server: its version, completion, and the doctor for programs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.ops.cli import app

ROOT = Path(__file__).parents[3]
SCRIPT = Path(sys.executable).with_name("brandmatrix")


def test_the_version_is_that_of_the_project() -> None:
    said = subprocess.run([SCRIPT, "--version"], capture_output=True, text=True, check=True)
    wanted = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert wanted
    assert said.stdout == f"{wanted[1]}\n"


@pytest.mark.parametrize(("typed", "completed"), [("brandmatrix doc", "doctor"), ("brandmatrix doctor --j", "--json")])
def test_a_shell_completes_commands_and_options(typed: str, completed: str) -> None:
    place = str(len(typed.split()) - 1)
    asked = {"_BRANDMATRIX_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": place}
    said = subprocess.run([SCRIPT], env=os.environ | asked, capture_output=True, text=True, check=True)
    assert said.stdout.split() == [completed]


def test_the_doctor_tells_programs_what_is_wrong_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {"HOME": str(tmp_path), "MONGO_URL": "mongodb://127.0.0.1:1", "AMQP_URL": "amqp://127.0.0.1:1"}
    for name, value in nowhere.items():
        monkeypatch.setenv(f"BRANDMATRIX_{name}", value)
    result = CliRunner().invoke(app, ["doctor", "--json"])
    findings = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {finding["place"] for finding in findings} == {"registry", "review", "activities", "notify"}
    assert {finding["fine"] for finding in findings} == {False}
    for finding in findings:
        assert not finding["what"]["zh"].isascii()
        assert finding["what"]["en"]
        assert finding["remedy"]["zh"]
        assert finding["remedy"]["en"]
