"""Fixtures: real servers for the whole run, and environments on them (isolation by name)."""

from collections.abc import Iterator

import hypothesis
import pytest
import structlog
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.support.harness.environment import Environment, Servers, servers_of

hypothesis.settings.register_profile("ours", deadline=None)  # a busy machine takes its time for an example
hypothesis.settings.load_profile("ours")
# what a service in this process logs; structlog's own way to show a stack, with every local value, takes many seconds
structlog.configure(
    [
        structlog.contextvars.merge_contextvars,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)


SHARING = {"tests/e2e", *(f"tests/integration/{name}" for name in ("activities", "registry", "review"))}
"""Folders whose tests share one running service or system, and are short beside its start."""


class ByFolder(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """A module goes to one worker as a whole, and so does such a folder."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        folder = module.rpartition("/")[0]
        return folder if folder in SHARING else module


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """What is slow is not short: it is scheduled as xdist does."""
    return ByFolder(config, log) if "not slow" in config.option.markexpr else None


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Our own RabbitMQ and MongoDB; a missing server fails, it never skips."""
    with servers_of() as running:
        yield running


@pytest.fixture
def environment(servers: Servers) -> Iterator[Environment]:
    """A virtual host and databases of this test's own."""
    with servers.environment() as its:
        yield its


@pytest.fixture
def databases(servers: Servers) -> Iterator[Environment]:
    """The same for a test that needs no broker: databases of its own, no virtual host."""
    with servers.environment(broker=False) as its:
        yield its


@pytest.fixture(scope="module")
def shared(servers: Servers) -> Iterator[Environment]:
    """One environment for a module whose tests run on one service and leave each other alone."""
    with servers.environment() as its:
        yield its
