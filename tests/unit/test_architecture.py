"""The laws of the tree: readable files, small library, no swallowed errors, no empty names, no effect of an import.

The laws of who may import whom are broken here one by one, to see that each break is caught.
"""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAY_CATCH_ALL = {
    "infra/messaging/consumer.py",
    "infra/runtime/service.py",
    "infra/web/problems.py",
}
MOST_STATEMENTS = 2500
NAMELESS = {"utils", "util", "common", "helpers", "helper", "constants", "misc", "base", "service"}


def files(*folders: str) -> Iterator[Path]:
    """Every Python file below these folders."""
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    """What Python makes of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in files("infra", "services", "tests", "examples")}
    assert {name: count for name, count in long.items() if count > 400} == {}


def statements(path: Path) -> int:
    """The lines that do something: no blank ones, no comments, no docstrings."""
    text = path.read_text(encoding="utf-8")
    published: set[int] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            published.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    written = enumerate(text.splitlines(), 1)
    return sum(1 for number, line in written if line.strip() and line.lstrip()[0] != "#" and number not in published)


def imported(path: Path) -> set[Path]:
    """The modules of ``infra`` that this file imports."""
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    found = {ROOT / f"{name.replace('.', '/')}.py" for name in names if name.startswith("infra.")}
    return {path for path in found if path.exists()}


@cache
def library() -> set[Path]:
    """What a service's process loads; the rest of ``infra`` runs the system on one machine and keeps it well."""
    found: set[Path] = set()
    fresh = {path for service in files("services") for path in imported(service)}
    while fresh:
        found |= fresh
        fresh = {path for one in fresh for path in imported(one)} - found
    return found


def test_the_library_stays_small() -> None:
    """What everybody who builds a service must read, sandbox apart; what services said twice may move in (0031)."""
    assert {"store.py", "outbox.py", "consumer.py", "http.py", "service.py"} <= {path.name for path in library()}
    proper = {path for path in library() if path.parent.name != "sandbox"}
    assert sum(map(statements, proper)) <= MOST_STATEMENTS


def test_no_service_carries_the_tools_of_its_keeper() -> None:
    """No service can start processes, make tokens or change the broker's users."""
    tools = {"cli.py", "embedded.py", "demo_issuer.py", "launcher.py", "management.py", "processes.py"}
    assert tools & {path.name for path in library()} == set()


CLOCKS = re.compile(r"\b(datetime|date)\.(now|today|utcnow)\(|\btime\.time(_ns)?\(")


def test_there_is_one_clock() -> None:
    """One day is everybody's, in whole milliseconds; only durations are measured otherwise (``time.monotonic``)."""
    found = [path.relative_to(ROOT) for path in files("infra", "services") if CLOCKS.search(path.read_text("utf-8"))]
    assert found == [Path("infra/kernel/clock.py")]


PLACED = {"__init__.py", "__main__.py", "handlers.py"}
"""Where everybody looks for them, whatever their length; so are the files of an ``api`` and each kind of step."""


def readers(name: str) -> set[Path]:
    """The files that import this module, tests included."""
    room, stem = map(re.escape, name.rsplit(".", 1))
    word = re.compile(rf"^\s*from ({room}\.{stem} import |{room} import (\([^)]*|.*)\b{stem}\b)", re.MULTILINE)
    return {path for path in files("infra", "services", "tests", "examples") if word.search(text_of(path))}


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_small_file_with_one_reader_beside_it_is_joined_with_it() -> None:
    """A reader follows one subject through one file: the two are read together anyway."""
    found = []
    for path in files("infra", "services"):
        if lines(path) < 60 and path.name not in PLACED and not {"api", "steps"} & set(path.parts):
            of = readers(".".join(path.relative_to(ROOT).with_suffix("").parts))
            if len(of) == 1 and of.pop().parent == path.parent:
                found.append(path.relative_to(ROOT))
    assert found == []


def test_no_name_is_without_a_subject() -> None:
    nameless = {path for path in files("services") if path.stem in NAMELESS}
    nameless |= {path for path in (ROOT / "services").rglob("*") if path.is_dir() and path.name in NAMELESS}
    assert nameless == set()


def catches_all(path: Path) -> list[int]:
    """The lines on which everything is caught and not raised again."""
    found = []
    for node in ast.walk(parsed(path)):
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
        ("services/notify/inbox/handlers.py", "import services.review.events"),
        ("services/registry/events/consumed.py", "import services.activities.events"),
    ],
    "the library knows no service and no example": [("infra/storage/store.py", "import services.registry.events")],
    "the rooms of the library stand on each other": [
        ("infra/kernel/errors.py", "import infra.storage.mongo"),
        ("infra/storage/store.py", "import infra.messaging.outbox"),
        ("infra/messaging/outbox.py", "import infra.web.http"),
        ("infra/web/http.py", "import infra.runtime.service"),
        ("infra/sandbox/pool.py", "import infra.messaging.consumer"),
        ("infra/contracts/catalogue.py", "import infra.sandbox.pool"),
        ("infra/runtime/service.py", "import infra.local.processes"),
        ("infra/local/launcher.py", "import infra.ops.doctor"),
    ],
    "web, sandbox and contracts keep nothing": [
        ("infra/web/problems.py", "import infra.storage.mongo"),
        ("infra/sandbox/pool.py", "import infra.storage.store"),
        ("infra/contracts/shapes.py", "import infra.storage.store"),
    ],
    "no service uses the operator's tools": [
        ("services/review/app.py", "import infra.local.embedded"),
        ("services/notify/findings.py", "import infra.ops.doctor"),
        ("services/registry/app.py", "import infra.contracts.catalogue"),
    ],
    "registry: api and handlers, use cases, stores, models, events": [
        ("services/registry/events/consumed.py", "import services.registry.brands.model.brand"),
        ("services/registry/brands/model/brand.py", "import services.registry.brands.store"),
        ("services/registry/hr/use_cases/runs.py", "import services.registry.hr.api.runs"),
        ("services/registry/party/store.py", "import services.registry.hr.use_cases.intake"),
    ],
    "review: api and handlers, use cases, stores and papers, models, events": [
        ("services/review/reviews/use_cases.py", "import services.review.reviews.api"),
        ("services/review/reviews/handlers.py", "import services.review.app"),
        ("services/review/shared/scoring/rubric.py", "import services.review.reviews.model.review"),
        ("services/review/reviews/papers/docx.py", "import services.review.reviews.use_cases"),
    ],
    "review: campaigns, standings, reviews, absences, shared": [
        ("services/review/absences/store.py", "import services.review.reviews.model.review"),
        ("services/review/reviews/use_cases.py", "import services.review.standings.model.standing"),
        ("services/review/standings/handlers.py", "import services.review.campaigns.use_cases"),
        ("services/review/shared/mirrors.py", "import services.review.absences.model"),
    ],
    "activities: api and handlers, use cases, stores, models, events": [
        ("services/activities/plans/model/activity.py", "import services.activities.plans.store"),
        ("services/activities/inbound/use_cases/intake.py", "import services.activities.inbound.handlers"),
    ],
    "notify: api and handlers, use cases, stores and channels, models, events": [
        ("services/notify/inbox/api.py", "import services.notify.app"),
        ("services/notify/office/channels/port.py", "import services.notify.office.use_cases.delivery"),
    ],
    "decisions and facts know no I/O": [
        ("services/registry/brands/model/brand.py", "import httpx"),
        ("services/review/reviews/model/review.py", "import infra.storage.store"),
        ("services/review/shared/scoring/result.py", "import infra.storage.mongo"),
        ("services/activities/plans/model/activity.py", "import random"),
        ("services/notify/events/consumed.py", "import asyncio"),
        ("infra/kernel/events.py", "import infra.kernel.settings"),
    ],
    "only infra.storage.mongo knows the MongoDB driver": [
        ("infra/storage/store.py", "import bson"),
        ("services/review/reviews/use_cases.py", "import pymongo"),
    ],
    "only consumer and publisher in infra.messaging know FastStream and aio-pika": [
        ("infra/messaging/outbox.py", "import aio_pika"),
        ("services/notify/inbox/handlers.py", "import faststream"),
    ],
}
"""For each law, what breaks it."""


def judged(tree: Path) -> tuple[dict[str, bool], dict[str, str]]:
    """Each law by name and whether it is kept, and what was found against it, on one line."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)
    laws = {name: kept == "KEPT" for name, kept in re.findall(r"^(\w.*) (KEPT|BROKEN)", done.stdout, re.MULTILINE)}
    parts = re.split(r"^(\w.*)\n-+\n", done.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return laws, {name: " ".join(text.split()) for name, text in found}


def test_every_import_law_holds_and_is_broken_below() -> None:
    laws, found = judged(ROOT)
    assert set(laws) == set(OFFENCES)
    assert all(laws.values()), found


@pytest.mark.parametrize("service", sorted(path.parent.name for path in ROOT.glob("services/*/app.py")))
def test_every_module_of_a_service_stands_in_its_law(service: str) -> None:
    """A module that no layer names could import whatever it likes, and be imported from everywhere."""
    laws = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [law] = [law for law in laws if law["id"] == service]
    named = {name for layer in law["layers"] for name in re.findall(r"[\w.]+", layer)}
    modules = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files(f"services/{service}")}
    modules = {name for name in modules if not name.endswith("__init__")}
    free = {name for name in modules if not any(f"{name}.".startswith(f"{one}.") for one in named)}
    assert free == set()


@pytest.fixture(scope="module")
def offended(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bool], dict[str, str]]:
    """The judgement on a copy of the tree in which every law is broken."""
    tree = tmp_path_factory.mktemp("offended")
    for folder in ("infra", "services"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for file, offence in (one for offences in OFFENCES.values() for one in offences):
        with (tree / file).open("a", encoding="utf-8") as code:
            code.write(f"\n{offence}\n")
    return judged(tree)


@pytest.mark.parametrize("law", OFFENCES)
def test_each_offence_against_an_import_law_is_caught(
    law: str, offended: tuple[dict[str, bool], dict[str, str]]
) -> None:
    laws, found = offended
    assert laws[law] is False
    for file, offence in OFFENCES[law]:
        edge = f"{file.removesuffix('.py').replace('/', '.')} -> {offence.removeprefix('import ')} "
        assert edge in found[law], f"{edge} was not caught by: {law}"


@pytest.mark.security
@pytest.mark.parametrize("forbidden", ["pickle", "marshal", "shelve", "eval", "exec", "os.system", "yaml.load"])
def test_no_data_is_ever_run_as_code(forbidden: str) -> None:
    pattern = re.compile(rf"(\bimport {forbidden}\b|(?<![\w.]){re.escape(forbidden)}\()")
    found = [path for path in files("infra", "services") if pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []
