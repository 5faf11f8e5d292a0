"""The services as processes of this machine: started together, started again when one crashes, stopped politely.

Each gets its own environment: its port, its database, its RabbitMQ user, nobody else's secrets. The same environment
is kept in ``<home>/<service>.env`` for whoever starts one alone. Servers that are configured are used, missing ones
are brought along (``infra.local.embedded``).
"""

import asyncio
import importlib
import os
import secrets
import shlex
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from dotenv import dotenv_values

from infra.kernel.settings import PREFIX, Settings
from infra.local.demo_issuer import DemoIssuer, demo
from infra.local.embedded import Servers
from infra.local.management import SERVICES, trusted
from infra.local.processes import Daemon, NotRunning, ports, remembered, write_private

ROOT = Path(__file__).parents[2]
FIRST_PORT = 8701
VHOST = "brandmatrix"
READY_WITHIN = 90.0
DEGRADED_WITHIN = 30.0
STOP_WITHIN = 20.0
DECLARED_WITHIN = 20.0


def environment() -> dict[str, str]:
    """The environment of this command, with the installation's ``.env`` below it, wherever it is called from."""
    return _read(ROOT / ".env") | dict(os.environ)


def home_of(environ: Mapping[str, str]) -> Path:
    """Where servers, logs, ports and keys of this installation live; a relative path is within its folder."""
    return (ROOT / (environ.get(f"{PREFIX}HOME") or ".runtime")).resolve()


def urls_of(environ: Mapping[str, str]) -> dict[str, str]:
    """Where each service answers: ``BRANDMATRIX_<SERVICE>_URL``, its port here, or the one it was last started on."""
    known = remembered(home_of(environ))
    urls = {}
    for number, name in enumerate(SERVICES):
        asked = f"{PREFIX}{name.upper()}_HTTP_PORT" in environ
        port = Settings.of(name, environ).http_port if asked else known.get(name, FIRST_PORT + number)
        urls[name] = environ.get(f"{PREFIX}{name.upper()}_URL") or f"http://127.0.0.1:{port}"
    return urls


def addresses(environ: Mapping[str, str]) -> dict[str, str]:
    """Where everything answers, without a password: a URL for each service, ``host:port`` for the broker's AMQP."""
    found = {name.upper(): url for name, url in urls_of(environ).items()}
    broker = urlsplit(settings_of()["registry"].amqp_url.get_secret_value())
    return found | {"AMQP_HOST": f"{broker.hostname}:{broker.port or 5672}"}


def settings_of() -> dict[str, Settings]:
    """Each service's settings as it was last started with here; what the environment says now where it never was."""
    environ = environment()
    home = home_of(environ)
    return {name: Settings.of(name, environ | _read(home / f"{name}.env")) for name in SERVICES}


def declare_all(environs: Mapping[str, Mapping[str, str]]) -> bool:
    """Declare every service's queues before the first one runs; False when the broker does not answer in time.

    What is published before a reader's queue is there never reaches that reader, so no service may be first.
    """
    services = [
        importlib.import_module(f"services.{name}.app").build(Settings.of(name, environ))
        for name, environ in environs.items()
    ]

    async def declare() -> None:
        for service in services:
            await service.declare()

    # a thread, for a connection that is being made swallows its cancellation; it goes on, and ends with this process
    work = threading.Thread(target=lambda: asyncio.run(declare()), name="declare", daemon=True)
    work.start()
    work.join(DECLARED_WITHIN)
    return not work.is_alive()


def _read(file: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(file).items() if value is not None}


class Launcher:
    """Runs the four services under one home; ``say`` gets a line for each thing that happens.

    ``more``: settings for single services beside those of the environment, by service and name.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        say: Callable[[str], None],
        more: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self._more = more or {}
        self.home = home_of(environ)
        self.environ, self._say = dict(environ), say
        self.servers = Servers(
            self.home, mongo=not self._configured("MONGO_URL"), rabbit=not self._configured("AMQP_URL")
        )
        self.services = {name: Daemon(self.home, name) for name in SERVICES}
        self.issuer: DemoIssuer | None = None
        self.urls: dict[str, str] = {}
        self._own: dict[str, dict[str, str]] = {}
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="launcher", daemon=True)

    def start(self) -> None:
        """Bring everything up and wait until all services are ready; raises ``NotRunning`` with the log to read."""
        me = Daemon(self.home, "launcher")
        if me.pid is not None:
            raise NotRunning(f"this home already runs (process {me.pid}); end it with: make stop")
        me.adopt()
        try:
            self._start()
        except BaseException:  # also Ctrl-C: nothing may be left running
            self.stop()
            raise

    def _start(self) -> None:
        begun = time.monotonic()
        for left in self.services.values():
            left.stop()
        self.servers.start()
        names = [
            name for name, server in (("MongoDB", self.servers.mongo), ("RabbitMQ", self.servers.rabbit)) if server
        ]
        if names:
            self._say(f"{' and '.join(names)} of our own ready, data in {self.home} ({time.monotonic() - begun:.1f} s)")
        self._prepare()
        begun = time.monotonic()
        if not declare_all(self._own):
            self._say("RabbitMQ does not answer yet: queues are declared when it does; check with: brandmatrix doctor")
        for name in SERVICES:
            self._spawn(name)
        for name in SERVICES:
            self._await(name)
            self._say(f"{name} ready at {self.urls[name]} ({time.monotonic() - begun:.1f} s)")
        self._watcher.start()

    def stop(self) -> None:
        """End the services (each finishes what it does), then the servers that are ours; the data stay."""
        self._over.set()
        if self._watcher.is_alive():
            self._watcher.join(STOP_WITHIN)
        stop_all(self.home)

    def _configured(self, what: str) -> bool:
        def given(name: str) -> bool:
            return bool(self.environ.get(f"{PREFIX}{name}") or self.environ.get(f"{PREFIX}{name}_FILE"))

        return given(what) or all(given(f"{service.upper()}_{what}") for service in SERVICES)

    def _prepare(self) -> None:
        """Work out each service's environment, and keep it for whoever starts one alone."""
        common: dict[str, str] = {}
        if demo(self.environ):
            self.issuer = DemoIssuer(self.home)
            common |= self.issuer.environ
            self._say("no sign-in service is configured: demo mode, whoever can run `brandmatrix token` can be anybody")
        if self.servers.mongo:
            common["MONGO_URL"] = self.servers.mongo.url
        amqp = self._users() if self.servers.rabbit else {}
        wished = {name: FIRST_PORT + number for number, name in enumerate(SERVICES)}
        chosen = ports(self.home, *SERVICES, wished=wished)
        self.urls = urls_of(self.environ)
        for name in SERVICES:
            own = common | {"HTTP_PORT": str(chosen[name])} | dict(self._more.get(name, {}))
            if name in amqp:
                own["AMQP_URL"] = amqp[name]
            mine = {f"{PREFIX}{key}": value for key, value in own.items()}
            write_private(self.home / f"{name}.env", "".join(f"{k}={shlex.quote(v)}\n" for k, v in mine.items()))
            others = tuple(f"{PREFIX}{other.upper()}_" for other in SERVICES if other != name)
            self._own[name] = {k: v for k, v in self.environ.items() if not k.startswith(others)} | mine

    def _users(self) -> dict[str, str]:
        """One RabbitMQ user per service, with passwords that stay the same from start to start."""
        assert self.servers.rabbit is not None  # noqa: S101 - asked only when there is one
        file = self.home / "rabbit" / "passwords"
        if not file.exists():
            write_private(file, "\n".join(secrets.token_urlsafe(18) for _ in SERVICES))
        known = dict(zip(SERVICES, file.read_text(encoding="utf-8").split(), strict=True))
        return self.servers.rabbit.management.provision(VHOST, SERVICES, known)

    def _spawn(self, name: str) -> None:
        self.services[name].start([sys.executable, "-m", f"services.{name}"], self._own[name], ROOT)

    def _await(self, name: str) -> None:
        """Ready with the broker connected; where only the broker is missing, go on after a while (facts wait)."""
        patience = time.monotonic() + DEGRADED_WITHIN
        last = ""

        def ready() -> bool:
            nonlocal last
            try:
                answer = httpx.get(f"{self.urls[name]}/readyz", timeout=5, trust_env=False, verify=trusted())
                last = answer.text
                return answer.is_success and (not answer.json().get("degraded") or time.monotonic() > patience)
            except (httpx.HTTPError, ValueError):
                return False

        try:
            self.services[name].until(ready, READY_WITHIN)
        except NotRunning as error:
            raise NotRunning(f"{error}\n{last}".rstrip()) from error

    def _watch(self) -> None:
        crashes: Counter[str] = Counter()
        while not self._over.wait(0.5):
            for name, daemon in self.services.items():
                if daemon.pid is None:
                    crashes[name] += 1
                    self._say(f"{name} ended unexpectedly ({daemon.ended}) and is started again; its log: {daemon.log}")
                    if not self._over.wait(min(2.0 ** min(crashes[name] - 1, 5), 30)):
                        self._spawn(name)


def stop_all(home: Path) -> list[str]:
    """End every process that was started under this home, by its id: servers after all others; returns names."""
    found = [Daemon(file.parent, file.stem) for file in home.glob("*.pid")]
    living = [daemon for daemon in found if daemon.pid not in {None, os.getpid()}]
    waves = (("launcher",), (), ("mongo", "rabbit"), ("epmd",))
    named = {name for wave in waves for name in wave}
    for wave in waves:
        those = [one for one in living if (one.name in wave if wave else one.name not in named)]
        with ThreadPoolExecutor() as pool:
            list(pool.map(Daemon.stop, those))
    for daemon in found:
        if daemon.pid in {None, os.getpid()}:
            daemon.forget()
    return [daemon.name for daemon in living]
