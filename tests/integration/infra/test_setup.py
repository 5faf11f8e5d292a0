"""``infra/deploy/setup.sh``, run on a small project with packages of its own making: nothing comes from an index."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(600)  # a busy machine takes minutes for a virtual environment
SETUP = Path(__file__).parents[3] / "infra" / "deploy" / "setup.sh"
BACKEND = """
import pathlib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(pathlib.Path(folder) / "whole-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("whole-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: whole\\nVersion: 1\\n")
        wheel.writestr("whole-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("whole-1.dist-info/RECORD", "")
    return "whole-1-py3-none-any.whl"
"""


class Project:
    """A folder with the script, two locks and their wheels."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.wheels = folder, folder / "wheels"
        self.wheels.mkdir()
        (folder / "infra" / "deploy").mkdir(parents=True)
        (folder / "services").mkdir()
        shutil.copy(SETUP, folder / "infra" / "deploy")
        (folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "setuptools.build_meta"\n'
        )
        served = self.line("served", "1")
        self.lock("requirements.lock", served)
        self.lock("requirements-dev.lock", served, self.line("setuptools", "990", BACKEND), self.line("tested", "1"))

    def line(self, name: str, version: str, backend: str = "") -> str:
        """A wheel, and the line of a lock that names it."""
        wheel = self.wheels / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as file:
            file.writestr(f"{name}/__init__.py", "")
            file.writestr(f"{name}/build_meta.py", backend)
            info = f"{name}-{version}.dist-info"
            file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            file.writestr(f"{info}/RECORD", f"{name}/__init__.py,,\n{name}/build_meta.py,,\n{info}/METADATA,,\n")
        return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"

    def lock(self, name: str, *lines: str) -> None:
        """Write a lock."""
        (self.folder / name).write_text("".join(lines), encoding="utf-8")

    def setup(self, whom: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """Run the script for users or developers."""
        environ = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        environ |= {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHON": sys.executable, **more}
        command = [str(self.folder / "infra" / "deploy" / "setup.sh"), whom]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    @property
    def installed(self) -> set[str]:
        """The packages in the environment that came from the locks, ``name-version``."""
        found = {path.stem for path in self.folder.glob(".venv/lib/python*/site-packages/*.dist-info")}
        return {name for name in found if name.startswith(("served-", "tested-"))}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """For those that install: each makes .venv only where the one before did not."""
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.slow
def test_users_get_their_lock_developers_both_and_nothing_is_done_twice(installed: Project) -> None:
    assert "the environment is ready" in installed.setup("users").stderr
    assert installed.installed == {"served-1"}
    assert installed.setup("users").stderr == ""
    assert "the environment is ready" in installed.setup("developers").stderr
    assert installed.installed == {"served-1", "tested-1"}
    assert [installed.setup(whom).stderr for whom in ("users", "developers", "users")] == ["", "", ""]
    installed.lock("requirements.lock", installed.line("served", "2"))
    assert "the environment is ready" in installed.setup("users").stderr
    assert installed.installed == {"served-2", "tested-1"}, "a changed lock takes nothing away"
    assert "installing" in installed.setup("developers").stderr, "what developers have is looked at again"


@pytest.mark.slow
def test_what_has_another_hash_is_not_installed_and_will_be_tried_again(installed: Project) -> None:
    installed.lock("requirements.lock", installed.line("served", "3").replace("sha256:", "sha256:0")[:-2] + "\n")
    failed = installed.setup("users")
    assert failed.returncode == 1
    assert "the installation failed" in failed.stderr
    assert not list(installed.folder.glob(".venv/.stamp*"))


def test_a_full_disk_is_said_before_anything_is_written(project: Project, tmp_path: Path) -> None:
    full = tmp_path / "bin" / "df"
    full.parent.mkdir()
    full.write_text("#!/bin/sh\necho Avail\necho 20000\n", encoding="utf-8")
    full.chmod(0o755)
    refused = project.setup("users", PATH=f"{full.parent}:{os.environ['PATH']}")
    assert refused.returncode == 1
    assert "MB of disk" in refused.stderr
    assert "20 MB are free" in refused.stderr
    assert not (tmp_path / ".venv").exists()


def test_nobody_else_is_set_up_for(project: Project) -> None:
    assert project.setup("everybody").returncode == 2
