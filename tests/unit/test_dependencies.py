"""Users install what the code imports, and nothing else; ``make run`` needs no developers' package."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RUN = ("infra", "services", "examples", "tests/support/vendors")
"""What ``make run`` loads; the vendors are its simulated office system."""
OURS = {"infra", "services", "examples", "tests"}
PACKAGES = importlib.metadata.packages_distributions()


def normal(name: str) -> str:
    """A package's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]  # type: ignore[no-any-return]


def pins(lock: str) -> dict[str, str]:
    """Name and version of everything that a lock names."""
    found = re.findall(
        r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {normal(name): version for name, version in found}


def imported(path: Path) -> Iterator[str]:
    """The topmost packages that a file imports, early or late, without Python's own and ours."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        yield from (
            top for top in (name.partition(".")[0] for name in names) if top not in sys.stdlib_module_names | OURS
        )


@cache
def of_the_run() -> dict[str, set[str]]:
    """Each package that ``make run`` imports, with the distributions it may come from."""
    tops = {top for folder in RUN for path in (ROOT / folder).rglob("*.py") for top in imported(path)}
    return {top: {normal(name) for name in PACKAGES.get(top, ())} for top in tops}


def test_every_dependency_is_imported_somewhere() -> None:
    declared = {normal(re.split(r"[^\w.-]", line)[0]) for line in project()["dependencies"]}
    assert declared - set().union(*of_the_run().values()) == set()


def test_what_make_run_imports_is_in_the_lock_that_it_installs() -> None:
    locked = set(pins("requirements.lock"))
    assert {top for top, names in of_the_run().items() if not names & locked} == set()


def test_developers_have_the_same_versions_as_users() -> None:
    users, developers = pins("requirements.lock"), pins("requirements-dev.lock")
    assert users
    assert {name: (pin, developers.get(name)) for name, pin in users.items() if developers.get(name) != pin} == {}
    assert {"pytest", "mypy", "ruff", "setuptools"} & set(users) == set()
