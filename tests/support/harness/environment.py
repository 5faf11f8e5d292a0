"""Real servers for a whole run, and places on them that nobody else uses: a virtual host and names of databases."""

import atexit
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from infra.kernel.settings import Settings
from infra.local.demo_issuer import DemoIssuer
from infra.local.embedded import MongoServer, RabbitServer
from infra.local.management import Management
from infra.local.processes import only_one

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
HOME = Path(os.environ.get("BRANDMATRIX_TEST_HOME", ".runtime/test")) / WORKER  # each worker has servers of its own
MEMORY = Path(os.environ.get("BRANDMATRIX_TEST_MEMORY", "/dev/shm"))  # noqa: S108 - a file system in memory
"""Where the servers keep their data while there is room: what a test commits need not reach a disk."""
ROOM = 4 * 2**30
RETRY_DELAYS = "0.2,0.4"


@dataclass(frozen=True)
class Environment:
    """A virtual host and a prefix for databases that nobody else uses."""

    name: str
    mongo_url: str
    management: Management
    issuer: DemoIssuer

    @property
    def amqp_url(self) -> str:
        """The virtual host, as its administrator."""
        return self.management.amqp_url(self.name)

    def environ(self, service: str, **more: str) -> dict[str, str]:
        """The environment variables of a service that runs here."""
        return {
            "BRANDMATRIX_MONGO_URL": self.mongo_url,
            "BRANDMATRIX_MONGO_DATABASE": f"{self.name}-{service}",
            "BRANDMATRIX_AMQP_URL": self.amqp_url,
            "BRANDMATRIX_RETRY_DELAYS": RETRY_DELAYS,
            "BRANDMATRIX_LEASE_SECONDS": "2",
            "BRANDMATRIX_POLL_SECONDS": "0.2",
            **{f"BRANDMATRIX_{name}": value for name, value in self.issuer.environ.items()},
            **{f"BRANDMATRIX_{name.upper()}": value for name, value in more.items()},
        }

    def settings(self, service: str, **more: str) -> Settings:
        """The settings of a service that runs here."""
        return Settings.of(service, self.environ(service, **more))


@dataclass(frozen=True)
class Servers:
    """The servers of this run; a fault test kills and starts them again."""

    mongo: MongoServer
    rabbit: RabbitServer
    issuer: DemoIssuer
    _sweeper: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _sweeping: list[Future[None]] = field(default_factory=list)

    @contextmanager
    def environment(self, *, broker: bool = True) -> Iterator[Environment]:
        """Names for fresh databases and, where a ``broker`` is needed, a virtual host; swept away afterwards."""
        name = f"t{uuid.uuid4().hex[:10]}"
        management = self.rabbit.management
        if broker:
            management.provision(name, [])
        yield Environment(name, self.mongo.url, management, self.issuer)
        self._sweeping.append(self._sweeper.submit(self._sweep, name, broker=broker))

    def _sweep(self, name: str, *, broker: bool) -> None:
        """Behind the tests' back, which wait for nothing of it; what a killed server keeps harms nobody."""
        if broker:
            with suppress(httpx.HTTPError):
                self.rabbit.management.remove(name)
        with suppress(PyMongoError):
            client: MongoClient[dict[str, object]] = MongoClient(self.mongo.url, serverSelectionTimeoutMS=2000)
            with client:
                for database in client.list_database_names():
                    if database.startswith(f"{name}-"):
                        client.drop_database(database)

    @contextmanager
    def running(self) -> Iterator["Servers"]:
        """Both servers up inside the block."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda one: one.start(), (self.mongo, self.rabbit)))
        yield self
        self._sweeper.shutdown(wait=True)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda one: one.stop(), (self.mongo, self.rabbit)))


@contextmanager
def servers_of(home: Path = HOME) -> Iterator[Servers]:
    """RabbitMQ and MongoDB of this run's own; a second run of tests in this folder waits its turn."""
    with only_one(home.resolve() / "tests.lock", within=1800):
        mongo, rabbit = MongoServer(home), RabbitServer(home)
        for left in (mongo, rabbit):  # by a run that was killed
            left.stop()
        _into_memory(home.resolve(), "mongo", "rabbit")
        with Servers(mongo, rabbit, DemoIssuer(home)).running() as servers:
            yield servers


def _into_memory(home: Path, *folders: str) -> None:
    """Let these folders of the home be links into memory, where there is enough of it."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return
    place = MEMORY / f"brandmatrix-{os.getuid()}-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    for folder in folders:
        link, there = home / folder, place / folder
        if link.is_dir() and not link.is_symlink():
            shutil.rmtree(link)  # from a run on disk: the data of tests that are over
        there.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not link.is_symlink():
            link.symlink_to(there, target_is_directory=True)
