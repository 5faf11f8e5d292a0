"""Fixtures: real servers for the whole run, and environments on them (isolation by name)."""

from collections.abc import Iterator

import hypothesis
import pytest
import structlog

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
