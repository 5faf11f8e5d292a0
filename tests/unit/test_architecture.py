"""The laws of the tree: small files, small library, no swallowed errors, no empty names, no effect of an import.

The laws of who may import whom are broken here one by one, to see that each break is caught.
"""

import ast
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_CATCH_ALL = {"infra/messaging.py", "infra/lanes.py", "infra/service.py", "infra/problems.py"}
NAMELESS = {"utils", "util", "common", "helpers", "helper", "constants", "misc", "base", "service"}


def files(*folders: str) -> Iterator[Path]:
    """Every Python file below these folders."""
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in files("infra", "services", "tests", "examples")}
    assert {name: count for name, count in long.items() if count > 250} == {}


def statements(path: Path) -> int:
    """The lines that do something: no blank ones, no comments, no docstrings."""
    text = path.read_text(encoding="utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    written = enumerate(text.splitlines(), 1)
    return sum(1 for number, line in written if line.strip() and line.lstrip()[0] != "#" and number not in told)


def imported(path: Path) -> set[Path]:
    """The modules of ``infra`` that this file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    found = {ROOT / f"{name.replace('.', '/')}.py" for name in names if name.startswith("infra.")}
    return {path for path in found if path.exists()}


def library() -> set[Path]:
    """What a service's process loads; the rest of ``infra`` runs the system on one machine and keeps it well."""
    found: set[Path] = set()
    fresh = {path for service in files("services") for path in imported(service)}
    while fresh:
        found |= fresh
        fresh = {path for one in fresh for path in imported(one)} - found
    return found


def test_the_library_stays_small() -> None:
    assert {"store.py", "relay.py", "messaging.py", "http.py", "service.py"} <= {path.name for path in library()}
    assert sum(map(statements, library())) <= 2000


def test_no_service_carries_the_tools_of_its_keeper() -> None:
    """No service can start processes, make tokens or change the broker's users."""
    tools = {"cli.py", "embedded.py", "issuer.py", "launcher.py", "management.py", "processes.py"}
    assert tools & {path.name for path in library()} == set()


def test_registry_has_one_clock() -> None:
    """Its day decides what is due and what HR's changes mean, so that one day must be everybody's."""
    assert [path.name for path in files("services/registry") if "datetime.now(" in path.read_text("utf-8")] == []


def test_the_typical_file_is_short() -> None:
    assert statistics.median(map(lines, files("infra", "services"))) <= 90


def test_no_name_is_without_a_subject() -> None:
    nameless = {path for path in files("services") if path.stem in NAMELESS}
    nameless |= {path for path in (ROOT / "services").rglob("*") if path.is_dir() and path.name in NAMELESS}
    assert nameless == set()


def catches_all(path: Path) -> list[int]:
    """The lines on which everything is caught and not raised again."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler) and ast.dump(node.body[-1]) != ast.dump(ast.Raise()):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {getattr(one, "id", None) for one in caught}
            if node.type is None or names & {"Exception", "BaseException"}:
                found.append(node.lineno)
    return found


def test_errors_are_swallowed_nowhere() -> None:
    """Only where a message, a batch, a background task or a request ends may everything be caught: it is told there."""
    found = {str(path.relative_to(ROOT)): catches_all(path) for path in files("infra", "services")}
    assert {name for name, caught in found.items() if caught} - MAY_CATCH_ALL == set()


IMPORT_ALL = """
import importlib, pkgutil, socket, subprocess, sys, threading, signal

def forbidden(*_, **__):
    raise AssertionError("an import had an effect")

for name in ("bind", "connect", "connect_ex", "listen", "sendto"):
    setattr(socket.socket, name, forbidden)
socket.create_connection = socket.getaddrinfo = subprocess.Popen.__init__ = forbidden
threading.Thread.start = signal.signal = forbidden

import infra, services
count = 0
for package in (infra, services):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


def test_importing_has_no_effect(tmp_path: Path) -> None:
    """Every module is imported in a process that may not connect, listen, start threads or processes, nor write."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{IMPORT_ALL}"],
        cwd=tmp_path,
        env={"BRANDMATRIX_HTTP_PORT": "not a number", "BRANDMATRIX_MONGO_URL": "not a url"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= len(list(files("infra", "services"))) - 5
    assert list(tmp_path.iterdir()) == []


OFFENCES = {
    "no service imports another": [
        ("services/notify/handlers.py", "import services.review.events"),
        ("services/registry/events.py", "import services.activities.events"),
    ],
    "the library knows no service and no example": [("infra/store.py", "import services.registry.events")],
    "inside a service imports point inwards": [
        ("services/registry/events.py", "import services.registry.model.brand"),
        ("services/review/store.py", "import services.review.api"),
        ("services/review/handlers.py", "import services.review.api"),
        ("services/review/scoring/rubric.py", "import services.review.model.review"),
        ("services/notify/api.py", "import services.notify.app"),
    ],
    "decisions and facts know no I/O": [
        ("services/registry/model/brand.py", "import httpx"),
        ("services/review/model/review.py", "import infra.store"),
        ("services/review/scoring/result.py", "import infra.mongo"),
        ("services/activities/model/activity.py", "import random"),
        ("services/notify/events.py", "import asyncio"),
        ("infra/aggregate.py", "import infra.settings"),
    ],
    "only infra.mongo knows the MongoDB driver": [
        ("infra/store.py", "import bson"),
        ("services/review/store.py", "import pymongo"),
    ],
    "only infra.messaging and infra.publisher know FastStream and aio-pika": [
        ("infra/relay.py", "import aio_pika"),
        ("services/notify/handlers.py", "import faststream"),
    ],
}


def judged(tree: Path) -> tuple[dict[str, bool], str]:
    """Each law by name and whether it is kept, and what was found against them."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)
    laws = re.findall(r"^(\w.*) (KEPT|BROKEN)", done.stdout, re.MULTILINE)
    return {name: verdict == "KEPT" for name, verdict in laws}, done.stdout.partition("Broken contracts")[2]


def test_every_import_law_holds_and_is_broken_below() -> None:
    laws, found = judged(ROOT)
    assert set(laws) == set(OFFENCES)
    assert all(laws.values()), found


@pytest.mark.parametrize("law", OFFENCES)
def test_each_offence_against_an_import_law_is_caught(law: str, tmp_path: Path) -> None:
    for folder in ("infra", "services"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, offence in OFFENCES[law]:
        with (tmp_path / file).open("a", encoding="utf-8") as code:
            code.write(f"\n{offence}\n")
    laws, found = judged(tmp_path)
    assert laws[law] is False
    mine = found.partition(f"\n{law}\n")[2]
    for file, offence in OFFENCES[law]:
        edge = f"{file.removesuffix('.py').replace('/', '.')} -> {offence.removeprefix('import ')} "
        assert edge in mine, f"{edge} was not caught by: {law}"


@pytest.mark.security
@pytest.mark.parametrize("forbidden", ["pickle", "marshal", "shelve", "eval", "exec", "os.system", "yaml.load"])
def test_no_data_is_ever_run_as_code(forbidden: str) -> None:
    pattern = re.compile(rf"(\bimport {forbidden}\b|(?<![\w.]){re.escape(forbidden)}\()")
    found = [path for path in files("infra", "services") if pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []
