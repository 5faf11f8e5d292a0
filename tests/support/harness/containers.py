"""The installation of compose.yaml in containers, with what the harness asks of a system of processes."""

import os
import shlex
import signal
import subprocess
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from infra.kernel.settings import Settings
from infra.local.demo_issuer import DemoIssuer
from infra.local.management import SERVICES, Management
from tests.support.harness.environment import Environment
from tests.support.harness.system import ROOT, System

SCRIPT = ROOT / "infra" / "deploy" / "containers.sh"
HOME = ROOT / ".runtime" / "containers"
STEP_SECONDS = 1500
GRACE_SECONDS = 30


class InstalledGround(Environment):
    """The installation's servers, reached from this machine at the containers' own addresses."""

    def settings(self, service: str, **more: str) -> Settings:
        """What the service itself uses, its own user and its own database, by the address that holds here."""
        secret = urlsplit((HOME / "secrets" / f"{service}-mongo").read_text(encoding="utf-8").strip())
        login = secret.netloc.rpartition("@")[0]
        url = f"mongodb://{login}@{self.mongo_url}{secret.path}?directConnection=true"
        return Settings.of(service, {"BRANDMATRIX_MONGO_URL": url, **more})


class Installation(System):
    """Everything of compose.yaml, up."""

    def __init__(self) -> None:
        self.services = tuple(SERVICES)
        self.home = HOME
        self.issuer = DemoIssuer(HOME / "demo")
        lines = script("env").splitlines()
        self.env = dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in lines)
        self.urls = {name: f"http://127.0.0.1:{self.env[f'{name.upper()}_PORT']}" for name in SERVICES}

    @cached_property
    def environment(self) -> Environment:  # type: ignore[override]
        """Its servers."""
        admin = urlsplit((HOME / "secrets" / "rabbitmq-url").read_text(encoding="utf-8").strip())
        place = self.address("rabbitmq")
        management = Management(f"http://{place}:15672", admin.username or "", admin.password or "", f"{place}:5672")
        return InstalledGround("brandmatrix", f"{self.address('mongo')}:27017", management, self.issuer)

    def container(self, name: str) -> str:
        """The container of a service of compose.yaml."""
        return f"{self.env['COMPOSE_PROJECT_NAME']}_{name}_1"

    def image(self, name: str) -> str:
        """The image of a service, or of the tools."""
        return f"{self.env['PREFIX']}/{name}:{self.env['TAG']}"

    def look(self, name: str, what: str) -> str:
        """What the engine knows of a container (a Go template)."""
        return engine("inspect", "--format", what, self.container(name)).strip()

    def address(self, name: str) -> str:
        """Where a container is reached from this machine."""
        network = f"{self.env['COMPOSE_PROJECT_NAME']}_servers"
        return self.look(name, f'{{{{(index .NetworkSettings.Networks "{network}").IPAddress}}}}')

    def stop(self, name: str) -> None:
        """Ask the engine to stop one service at once, with the grace period that compose.yaml names."""
        engine("stop", "--time", str(GRACE_SECONDS), self.container(name))

    def start(self, name: str) -> None:
        """Start it again; returns when it is healthy."""
        script("start", name)
        script("healthy", name)

    def kill(self, name: str) -> None:
        """End one service's process as a crash would, by its id; the engine starts it again by itself."""
        os.kill(int(self.look(name, "{{.State.Pid}}")), signal.SIGKILL)


def script(*arguments: str, **environ: str) -> str:
    """Run containers.sh; what it says goes to the terminal, what it prints is returned."""
    env, out = {**os.environ, **environ}, subprocess.PIPE
    done = subprocess.run(
        [SCRIPT, *arguments], stdout=out, text=True, check=False, timeout=STEP_SECONDS, cwd=ROOT, env=env
    )
    assert done.returncode == 0, f"containers.sh {' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}"
    return done.stdout


def engine(*arguments: str | Path, code: int = 0, env: dict[str, str] | None = None) -> str:
    """Run Podman as containers.sh does; returns what it printed."""
    conf = {"CONTAINERS_CONF": os.environ.get("CONTAINERS_CONF", str(SCRIPT.with_name("podman.conf")))}
    systemd = Path("/run/systemd/system").is_dir()
    command: Sequence[str | Path] = ["podman", *arguments]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=STEP_SECONDS,
        env={**os.environ, **({} if systemd else conf), **(env or {})},
    )
    assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
