"""The package as others would install it: everything that is read beside the code, types for whoever imports it."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
READ = {".json", ".yaml", ".typed", ".py"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the wheel."""
    place = tmp_path_factory.mktemp("package")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place)
    for name in ("infra", "services"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-index", "--quiet"]
    made = subprocess.run([*pip, "--no-deps", "--no-build-isolation", "."], cwd=place, capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode()
    (wheel,) = place.glob("brand_matrix-*.whl")
    with zipfile.ZipFile(wheel) as file:
        return {name for name in file.namelist() if ".dist-info/" not in name}


def test_the_package_holds_all_code_and_data_of_the_two_folders(packed: set[str]) -> None:
    paths = [path for folder in ("infra", "services") for path in (ROOT / folder).rglob("*") if path.suffix in READ]
    wanted = {str(path.relative_to(ROOT)) for path in paths if "secrets" not in path.parts}
    assert wanted - packed == set()
    assert {name.split("/")[0] for name in packed} == {"infra", "services"}


def test_the_package_says_that_it_is_typed_and_brings_the_servers_configuration(packed: set[str]) -> None:
    named = {"infra/py.typed", "services/py.typed", "infra/deploy/install.sh", "infra/deploy/rabbitmq/embedded.conf"}
    assert named <= packed


def test_the_hooks_of_a_commit_fetch_nothing_and_run_what_developers_have() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    programs = {hook["entry"].split()[0] for hook in hooks}
    assert programs == {".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/lint-imports"}
    assert {program for program in programs if not Path(sys.executable).with_name(Path(program).name).exists()} == set()
