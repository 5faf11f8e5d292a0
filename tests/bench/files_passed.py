"""How many files one step of a journey passes: ``python -m tests.bench.files_passed`` (make files-passed).

The real servers and services run in a folder of their own, each service below coverage. While nothing else happens one
step is taken; counted are the files of ``infra/`` and ``services/`` in which a line of a function ran in the process of
the step's service, less those that run anyway: in a window of the same length with nothing but one ``GET /livez``. What
runs at import does not count, nor does a class without a function that runs (a fact, say), nor other processes (the
sandbox's, the other services'). The first round only warms up; the others must agree.

It knows HTTP, the command line, the environment and the examples' data, and no module: so it can measure any layout,
also another checkout with a ``.venv`` of its own (``--root``).
"""

import argparse
import ast
import inspect
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import coverage
import httpx
import yaml

SERVICES = ("registry", "review", "activities", "notify")
BRANDS = ("1010", "three-hearts", "fifth", "gps")  # of branches with members of their own; one for each round
OFFICE = "party_work_department@committee"
CHINA = timezone(timedelta(hours=8))
SETTLE, WITHIN = 5.0, 120.0
HR = "hr_system@*"
Lines = dict[str, set[int]]
"""By file: the lines that ran."""
Ran = dict[tuple[str, str], Lines]
"""By step and its service: what the service's process ran."""
Json = Any


def watch_service() -> None:
    """Answer each caller with the lines that ran since the last one; in every interpreter that is a service's process.

    Written into a ``sitecustomize.py`` of its own, so it brings along what it needs.
    """
    import json
    import os
    import socket
    import sys
    import threading

    *_, dash, module = ["", *sys.orig_argv]
    service = module.removeprefix("services.")
    if dash != "-m" or service == module or "." in service:
        return
    import coverage

    home, root = os.environ["BM_FILES_PASSED"], os.environ["BM_FILES_PASSED_ROOT"]
    watch = coverage.Coverage(data_file=None, config_file=False, include=[f"{root}/infra/*", f"{root}/services/*"])
    watch.start()  # before there is any thread, so every thread is watched
    watch.switch_context("0")
    door = socket.socket(socket.AF_UNIX)
    door.bind(f"{home}/{service}.sock")
    door.listen()

    def serve() -> None:
        window = 0
        while True:
            caller, _ = door.accept()
            watch.switch_context(str(window + 1))
            data = watch.get_data()
            data.set_query_context(str(window))
            with caller:
                caller.sendall(json.dumps({name: data.lines(name) for name in data.measured_files()}).encode())
            window += 1

    threading.Thread(target=serve, daemon=True).start()


class OfficeSystem(BaseHTTPRequestHandler):
    """A 泛微 that takes everything; ``told`` has what it was told."""

    published: ClassVar[list[Json]] = []

    def do_POST(self) -> None:
        self.published.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = json.dumps({"operResult": "1", "total": 0, "list": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class System:
    """The running installation of one checkout: its services, tokens, and what their processes ran."""

    def __init__(self, root: Path, home: Path, window: float) -> None:
        self.root, self.home, self.window = root, home, window
        self.urls: dict[str, str] = {}
        self._http = httpx.Client(timeout=30, trust_env=False)
        self._tokens: dict[tuple[str, ...], str] = {}
        self._command = str(root / ".venv/bin/brandmatrix")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("BRANDMATRIX_", "PYTHON"))}
        self._environ = clean | {
            "BRANDMATRIX_HOME": str(home),
            "BRANDMATRIX_NOTIFY_OA_FILE": str(home / "office.yaml"),
            "BRANDMATRIX_NOTIFY_RECONCILE_SECONDS": "86400",  # once, at the start
            "BRANDMATRIX_RETRY_DELAYS": "0.2,0.5,1,2,5",  # what comes too early is over before the next window
            "BM_FILES_PASSED": str(home),
            "BM_FILES_PASSED_ROOT": str(root),
            "COVERAGE_CORE": "ctrace",
            "PYTHONPATH": str(home / "hook"),
        }

    def run(self, *words: str) -> str:
        """Run ``brandmatrix …`` to its end; what it printed."""
        return subprocess.check_output([self._command, *words], env=self._environ, cwd=self.root, text=True)

    @contextmanager
    def up(self) -> Iterator[None]:
        """Everything up inside the block."""
        hook = self.home / "hook"
        hook.mkdir()
        hook.joinpath("coverage").symlink_to(Path(coverage.__file__).parent)  # the checkout may have none
        hook.joinpath("sitecustomize.py").write_text(f"{inspect.getsource(watch_service)}\nwatch_service()\n", "utf-8")
        office = ThreadingHTTPServer(("127.0.0.1", 0), OfficeSystem)
        threading.Thread(target=office.serve_forever, daemon=True).start()
        channel = {"name": "weaver", "kind": "weaver_ofs", "syscode": "brandmatrix", "per_second": 100}
        channel["base_url"] = f"http://127.0.0.1:{office.server_port}"
        self.home.joinpath("office.yaml").write_text(json.dumps({"channels": [channel]}), "utf-8")
        process = subprocess.Popen([self._command, "up"], env=self._environ, cwd=self.root)
        try:
            until(lambda: process.poll() is not None or all(map(self._ready, SERVICES)), "the services are ready")
            if process.poll() is not None:
                raise SystemExit(1)  # it has said why
            yield
        finally:
            process.terminate()
            process.wait(90)
            self.run("stop")
            office.shutdown()

    def _ready(self, service: str) -> bool:
        if not self.home.joinpath(f"{service}.sock").exists():  # before this, an address may be another installation's
            return False
        if not self.urls:
            said = dict(line.removeprefix("export ").split("=", 1) for line in self.run("addresses").splitlines())
            self.urls = {name: said[name.upper()].strip("'\"") for name in SERVICES}
        try:
            answer = self._http.get(f"{self.urls[service]}/readyz")
        except httpx.HTTPError:
            return False
        return answer.is_success and not answer.json()["degraded"]

    def ask(self, method: str, person: str, where: str, body: Json = None, *roles: str) -> Json:
        """Ask ``service/path`` in somebody's name; bytes are sent as they are."""
        who = (person, *itertools.chain.from_iterable(("--role", role) for role in roles))
        if who not in self._tokens:
            self._tokens[who] = self.run("token", *who).strip()
        headers = {"Authorization": f"Bearer {self._tokens[who]}", "Idempotency-Key": uuid.uuid4().hex}
        sent: dict[str, Any] = {"content": body} if isinstance(body, bytes | None) else {"json": body}
        service, path = where.split("/", 1)
        answer = self._http.request(method, f"{self.urls[service]}/{path}", headers=headers, **sent)
        if not answer.is_success:
            raise RuntimeError(f"{method} {where}: {answer.status_code} {answer.text}")
        return answer.json()

    def livez(self) -> None:
        """Ask every service whether it lives."""
        for url in self.urls.values():
            self._http.get(f"{url}/livez").raise_for_status()

    def cut(self, service: str) -> Lines:
        """The lines of functions that ran since the last cut, by file."""
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(30)
            door.connect(str(self.home / f"{service}.sock"))
            said = b"".join(iter(lambda: door.recv(65536), b""))
        inside = {name: functions(name) & {*lines} for name, lines in json.loads(said).items()}
        return {str(Path(name).relative_to(self.root)): lines for name, lines in inside.items() if lines}

    def windows(self, services: Sequence[str], step: Callable[[], object]) -> dict[str, Lines]:
        """What ran in these services from the beginning of the step until the window is over."""
        time.sleep(SETTLE)
        for service in services:
            self.cut(service)
        end = time.monotonic() + self.window
        step()
        time.sleep(max(0.0, end - time.monotonic()))
        return {service: self.cut(service) for service in services}


@cache
def functions(file: str) -> set[int]:
    """The lines inside functions."""
    found = set[int]()
    for node in ast.walk(ast.parse(Path(file).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.update(range(node.body[0].lineno, (node.end_lineno or 0) + 1))
        elif isinstance(node, ast.Lambda):
            found.update(range(node.body.lineno, (node.end_lineno or 0) + 1))
    return found


def until(true: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end = time.monotonic() + WITHIN
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {WITHIN:g} s: {what}")
        time.sleep(0.2)


class Round:
    """One brand's way through all steps, by the example's people; each measured step must have taken effect."""

    def __init__(self, system: System, content: Json, people: Json, plan: Json) -> None:
        self._system, self._ask, self._document, self._plan = system, system.ask, content["document"], plan
        self._owner, self._number = content["owner"], {"number": f"示例-{content['owner']}"}
        self._drafter, self._secretary = content["journey"]["drafter"], content["journey"]["secretary"]
        self._committee = [key for key, one in people.items() if "party_committee_member" in posts(one)]
        self._officer = next(key for key, one in people.items() if "party_work_officer" in posts(one))
        self._voters = [key for key, one in people.items() if (self._owner, "full_member") in branches(one)]
        self._moved = next(key for key in reversed(self._voters) if not posts(people[key]))
        self._row = f"工号,姓名,状态,部门编码\n{self._moved},{people[self._moved]['name']},在职,D-office-2\n".encode()
        now = datetime.now(CHINA)
        self._day, self._start = now.date().isoformat(), (now + timedelta(days=1)).isoformat(timespec="seconds")
        self._brand = self._review = ""
        self.ran: Ran = {}

    def _step(self, name: str, service: str, done: Callable[[], object], *request: Json) -> None:
        """Measure one request and what follows from it; what proves it is asked afterwards, for asking runs lines."""
        self.ran[name, service] = self._system.windows([service], lambda: self._ask("POST", *request))[service]
        if not done():
            raise RuntimeError(f"{name}: no effect within the window; make it longer")

    def walk(self) -> None:
        """All steps that are measured, and what lies between them."""
        draft = {"owner": self._owner, "document": self._document}
        self._brand = self._ask("POST", self._drafter, "registry/brands", draft)["id"]
        request: tuple[Json, ...] = (self._drafter, f"registry/brands/{self._brand}/submission", {})
        self._step("待办推送 to-do pushed", "notify", self._published(self._secretary), *request)
        self._review = f"review/reviews/{self._look()['review']}"
        request = (self._secretary, f"{self._review}/check", {"decision": "agree", "reason": "同意提交讨论。"})
        self._step("书记同意 secretary agrees", "review", self._published(*self._voters), *request)
        self._decide()
        plaque = {**self._number, "brand": self._brand, "awarded_on": self._day, "occasion": "示例", "flag": True}
        request = (self._officer, "registry/plaques", plaque, OFFICE)
        self._step("授旗授牌 plaque awarded", "registry", self._messages(), *request)
        plan = {**self._plan, "organisation": self._owner, "brand": self._brand, "starts_at": self._start}
        request = (self._secretary, "activities/activities", plan)
        self._step("活动报备 plan filed", "activities", self._messages(), *request)
        request = ("hr", "registry/hr/files?source=hr&kind=delta", self._row, HR)
        self._step("人事一行成建议 HR row to proposal", "registry", self._proposed, *request)

    def _decide(self) -> None:
        """From the discussion to the resolution: nothing but what must be."""
        for person in self._voters:
            self._do(person, "votes", {"choice": "for"})
        self._do(self._secretary, "discussion/closure", {})
        self._do(self._officer, "co-revision/closure", {}, OFFICE)
        meeting = {**self._number, "held_on": self._day, "agenda": ["审定"], "present": self._committee}
        self._do(self._officer, "meetings", meeting, OFFICE)
        for person in self._committee:
            self._do(person, "meetings/1/votes", {"choice": "for"})
        self._do(self._officer, "meetings/1/resolution", self._number, OFFICE)
        until(lambda: self._look()["state"] == "approved", "the brand is approved")

    def _do(self, person: str, path: str, body: Json, *roles: str) -> None:
        self._ask("POST", person, f"{self._review}/{path}", body, *roles)

    def _look(self) -> Json:
        return self._ask("GET", self._secretary, f"registry/brands/{self._brand}")

    @staticmethod
    def _published(*people: str) -> Callable[[], bool]:
        """Whether the office system will have been told of these people's to-dos: the way to there has been gone."""
        now = len(OfficeSystem.published)
        return lambda: {*people} <= {one.get("receiver") for one in OfficeSystem.published[now:]}

    def _messages(self) -> Callable[[], bool]:
        """Whether notify will have sent more messages than now: the fact of another service has arrived."""

        def sent() -> int:
            return sum(self._ask("GET", self._officer, "notify/statistics", None, OFFICE)["messages"].values())

        now = sent()
        return lambda: sent() > now

    def _proposed(self) -> bool:
        path = f"registry/hr/proposals?person={self._moved}"
        return bool(self._ask("GET", self._officer, path, None, OFFICE)["total"])


def posts(person: Json) -> list[str]:
    """The posts that somebody of the example holds."""
    return [one["post"] for one in person.get("posts", ())]


def branches(person: Json) -> list[tuple[str, str]]:
    """Where somebody of the example belongs, and as what."""
    return [(one["organisation"], one["status"]) for one in person["memberships"]]


def load(system: System, enterprise: Json) -> None:
    """The example enterprise, and a first HR list in which everybody works in the department of their branch."""
    system.run("load", str(system.root / "examples/enterprise.yaml"))
    units = enterprise["organisations"]
    for unit in units:
        path, since = f"registry/hr/mappings/D-{unit}/{unit}", {"since": "2020-01-01"}
        system.ask("PUT", "office", path, since, "administrator@*")
    departments = ["部门编码,部门名称,上级编码", "D,公司,", *(f"D-{unit},{unit},D" for unit in units)]
    employees = ["工号,姓名,状态,部门编码"]
    employees += [f"{key},{one['name']},在职,D-{branches(one)[0][0]}" for key, one in enterprise["people"].items()]
    about = f"source=hr&day={(datetime.now(CHINA) - timedelta(days=30)).date()}"
    for kind, rows in (("delta", departments), ("full", employees)):
        system.ask("POST", "hr", f"registry/hr/files?{about}&kind={kind}", "\n".join(rows).encode(), HR)

    def applied() -> bool:
        runs = system.ask("GET", "hr", "registry/hr/runs", None, HR)["items"]
        return all(run["state"] == "done" for run in runs)

    until(applied, "the first HR lists are applied")


def measure(system: System, rounds: int) -> list[tuple[Ran, Mapping[str, Lines]]]:
    """What each step ran in each round, and what ran in the services anyway."""
    enterprise, brands = (
        yaml.safe_load((system.root / f"examples/{one}.yaml").read_text("utf-8")) for one in ("enterprise", "brands")
    )
    load(system, enterprise)
    found: list[tuple[Ran, Mapping[str, Lines]]] = []
    for number, brand in enumerate(BRANDS[: rounds + 1]):
        say(f"· round {number} of {rounds}{'' if number else ' (warms up)'}")
        walk = Round(system, brands[brand], enterprise["people"], brands["gps"]["journey"]["activity"])
        walk.walk()
        if number:
            found.append((walk.ran, system.windows(SERVICES, system.livez)))
    return found


def report(root: Path, found: Sequence[tuple[Ran, Mapping[str, Lines]]]) -> bool:
    """Say what was found; whether all rounds found the same."""
    same, table = True, ["step | files | lines of those files", "--|--:|--:"]
    for (step, service), lines in found[0][0].items():
        first, *others = ({*ran[step, service]} - {*anyway[service]} for ran, anyway in found)
        sizes = {file: len((root / file).read_text("utf-8").splitlines()) for file in sorted(first)}
        say(f"\n{step} ({service}): {len(sizes)} files; lines of functions that ran / lines of the file")
        for file, size in sizes.items():
            say(f"{len(lines[file]):>5} /{size:>4}  {file}")
        more = sorted(file for file, ran in lines.items() if file not in first and ran - found[0][1][service][file])
        say(f"  {len(more)} more run anyway, but not all of these lines: {', '.join(more)}")
        for number, other in enumerate(others, 2):
            if first != other:
                same = False
                say(f"  round {number} differs in: {', '.join(sorted(first ^ other))}")
        table.append(f"{step} | {len(sizes)} | {sum(sizes.values())}")
    say("\n" + "\n".join(table))
    return same


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[2], help="the checkout, with its .venv")
    parser.add_argument("--window", type=float, default=15, help="seconds; longer than every poll and lease (15)")
    parser.add_argument("--rounds", type=int, default=2, choices=range(1, len(BRANDS)), help="after the first one")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="files-passed-"))
    system = System(asked.root.resolve(), home, asked.window)
    with system.up():
        found = measure(system, asked.rounds)
    shutil.rmtree(home)  # stays when something failed: its logs say why
    if not report(system.root, found):
        sys.exit("the rounds differ: make the window longer")


if __name__ == "__main__":
    main()
