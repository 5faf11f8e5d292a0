"""Fixtures: real servers for the whole run, a fresh vhost and fresh databases for each test (isolation by name)."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest

from infra.kernel.settings import Settings
from infra.local.demo_issuer import DemoIssuer
from infra.local.embedded import MongoServer, RabbitServer
from infra.local.management import Management
from infra.local.processes import only_one

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
HOME = Path(os.environ.get("BRANDMATRIX_TEST_HOME", ".runtime/test")) / WORKER  # each worker has servers of its own
RETRY_DELAYS = "0.2,0.4"

hypothesis.settings.register_profile("ours", deadline=None)  # a busy machine takes its time for an example
hypothesis.settings.load_profile("ours")


@dataclass(frozen=True)
class Ground:
    """Where one test stands: a vhost and a prefix for databases that nobody else uses."""

    name: str
    mongo_url: str
    management: Management
    issuer: DemoIssuer

    @property
    def amqp_url(self) -> str:
        """The vhost of this test, as its administrator."""
        return self.management.amqp_url(self.name)

    def environ(self, service: str, **more: str) -> dict[str, str]:
        """The environment of a service that stands here."""
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
        """The settings of a service that stands here."""
        return Settings.of(service, self.environ(service, **more))


@dataclass(frozen=True)
class Machines:
    """The servers of this run; a fault test kills and starts them again."""

    mongo: MongoServer
    rabbit: RabbitServer


@pytest.fixture(scope="session")
def servers() -> Iterator[Machines]:
    """Our own RabbitMQ and MongoDB; a missing server fails, it never skips."""
    with only_one(HOME.resolve() / "tests.lock", within=1800):  # a second run of tests in this folder waits its turn
        running = Machines(MongoServer(HOME), RabbitServer(HOME))
        running.mongo.start()
        running.rabbit.start()
        yield running
        running.rabbit.stop()
        running.mongo.stop()


@contextmanager
def fresh(servers: Machines) -> Iterator[Ground]:
    """A fresh vhost and names for fresh databases."""
    name = f"t{uuid.uuid4().hex[:10]}"
    management = servers.rabbit.management
    management.provision(name, [])
    yield Ground(name, servers.mongo.url, management, DemoIssuer(HOME))
    management.remove(name)


@pytest.fixture
def ground(servers: Machines) -> Iterator[Ground]:
    """The ground of one test."""
    with fresh(servers) as its:
        yield its
