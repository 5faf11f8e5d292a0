"""A service as a real process: it starts without its servers, says what it lacks, comes back, and stops by draining."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from infra.messaging import consumer as messaging
from infra.ops.queue_depths import depths
from tests.support.chaos.proxy import Proxy
from tests.support.harness.environment import Environment
from tests.support.harness.process import ServiceProcess
from tests.support.harness.tally import Counted
from tests.support.harness.tally_service import build
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.timeout(400)
T = TypeVar("T")


def becomes(expected: T, ask: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[bool]]:
    """Whether what is asked for is what is expected."""

    async def same() -> bool:
        return await ask() == expected

    return same


@pytest.fixture
async def broker(environment: Environment) -> AsyncIterator[Proxy]:
    """What stands between the services and RabbitMQ."""
    async with Proxy.before(environment.amqp_url) as proxy:
        yield proxy


@pytest.fixture
async def database(environment: Environment) -> AsyncIterator[Proxy]:
    """What stands between the services and MongoDB."""
    async with Proxy.before(environment.mongo_url) as proxy:
        yield proxy


def behind(proxy: Proxy, environment: Environment, home: Path, service: str) -> ServiceProcess:
    """A service that reaches RabbitMQ through this proxy."""
    return ServiceProcess(environment, home, service, amqp_url=proxy.through(environment.amqp_url), publish_timeout="2")


class Pair:
    """Tally, which counts and tells, and echo, which hears; between them and RabbitMQ a proxy."""

    def __init__(self, broker: Proxy, tally: ServiceProcess, echo: ServiceProcess) -> None:
        self.broker, self.tally, self.echo = broker, tally, echo


@pytest.fixture(scope="module")
async def started(shared: Environment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """Both, echo first so that its queues are there; for all tests that count counters of their own."""
    home = tmp_path_factory.mktemp("pair")
    async with (
        Proxy.before(shared.amqp_url) as broker,
        behind(broker, shared, home, "echo").running() as echo,
        behind(broker, shared, home, "tally").running() as tally,
    ):
        yield Pair(broker, tally, echo)


@pytest.fixture
async def pair(started: Pair) -> Pair:
    """Both ready again, whatever the test before did to them."""
    started.broker.flow()
    await started.broker.accept()
    for one in (started.echo, started.tally):
        if one.process.pid is None:
            one.start()
        await eventually(one.is_)
    return started


@pytest.mark.faults
async def test_without_rabbitmq_it_starts_takes_commands_and_tells_them_later(
    environment: Environment, broker: Proxy, tmp_path: Path
) -> None:
    await broker.refuse()
    async with behind(broker, environment, tmp_path, "tally").running(degraded=True) as tally:
        assert (await tally.http.get("/livez")).status_code == 200
        _, said = await tally.state()
        assert (said["ready"], set(said["degraded"])) == (True, {"rabbitmq.publish", "rabbitmq.consume"})
        assert [(await tally.count("a")).status_code for _ in range(3)] == [200, 200, 200]
        assert await tally.unpublished() == 1
        await broker.accept()
        await eventually(becomes(0, tally.unpublished))
        assert [fact["data"]["total"] for fact in await tally.published()] == [1, 2, 3]
        await eventually(tally.is_)


@pytest.mark.faults
async def test_without_mongodb_it_says_so_and_comes_back(
    environment: Environment, database: Proxy, tmp_path: Path
) -> None:
    await database.refuse()
    served = ServiceProcess(environment, tmp_path, "tally", mongo_url=database.through(environment.mongo_url))
    async with served.running(ready=False, degraded=True) as tally:
        assert (await tally.http.get("/livez")).status_code == 200
        _, said = await tally.state()
        assert (said["ready"], set(said["missing"])) == (False, {"mongodb"})
        await database.accept()
        await eventually(tally.is_)
        assert (await tally.count("a")).status_code == 200
        await database.refuse()
        await eventually(partial(tally.is_, ready=False))
        asking = asyncio.create_task(tally.count("a", key="k1"))  # refused, or done late: the caller cannot know
        await database.accept()
        await eventually(tally.is_)
        assert (await asking).status_code in {200, 503}
        assert (await tally.count("a", key="k1")).json()["version"] == 2
        await eventually(becomes(0, tally.unpublished))


@pytest.mark.faults
async def test_cut_connections_lose_nothing_and_keep_the_order(pair: Pair) -> None:
    tally, echo = pair.tally, pair.echo
    for _ in range(4):
        await asyncio.gather(*(tally.count(f"cut{n}") for n in range(4) for _ in range(10)))
        await pair.broker.cut()
    for n in range(4):
        await eventually(becomes(list(range(1, 41)), partial(echo.consumed, f"cut{n}")), within=60)
    await eventually(becomes(0, tally.unpublished))


@pytest.mark.faults
async def test_a_silent_broker_is_noticed_and_loses_nothing(pair: Pair) -> None:
    tally, echo = pair.tally, pair.echo
    await tally.count("silent")
    await eventually(becomes([1], partial(echo.consumed, "silent")))
    pair.broker.stall()
    said = len(tally.log())
    assert (await tally.count("silent")).status_code == 200
    await eventually(lambda: "relay.not_published" in tally.log()[said:])
    assert await tally.unpublished() == 1
    pair.broker.flow()
    await eventually(becomes([1, 2], partial(echo.consumed, "silent")), within=60)
    await eventually(becomes(0, tally.unpublished))


@pytest.mark.faults
async def test_a_queue_deleted_under_its_feet_is_consumed_again(
    environment: Environment, broker: Proxy, tmp_path: Path
) -> None:
    async with (
        behind(broker, environment, tmp_path, "echo").running() as echo,
        behind(broker, environment, tmp_path, "tally").running() as tally,
    ):
        environment.management.call("DELETE", f"queues/{environment.name}/echo.decisions")
        await eventually(partial(consumed_and_bound, environment, "echo.decisions"), within=60)
        await tally.count("deleted")
        await eventually(becomes([1], partial(echo.consumed, "deleted")))


async def consumed_and_bound(environment: Environment, queue: str) -> bool:
    found = (await depths(environment.settings("echo"), [queue]))[queue]
    if not (found and found[1]):
        return False
    bindings = environment.management.call("GET", f"queues/{environment.name}/{queue}/bindings")
    return any(binding["routing_key"] == Counted.type for binding in bindings)


async def test_sigterm_drains_what_was_taken_is_done_and_told(pair: Pair) -> None:
    tally, echo = pair.tally, pair.echo
    said = len(tally.log())
    taken: list[str] = []

    async def ask(number: int) -> None:
        for step in range(200):
            try:
                answer = await tally.count(f"term{number}", key=f"{number}.{step}")
            except httpx.TransportError:  # the door is shut: this one may or may not have been taken
                return
            taken.append(f"{number}.{step}" if answer.is_success else answer.text)

    asking = [asyncio.create_task(ask(number)) for number in range(4)]
    await eventually(lambda: len(taken) > 20)
    await asyncio.to_thread(tally.process.stop)
    await asyncio.gather(*asking)
    assert tally.process.ended in {"exit code 0", f"signal {signal.SIGTERM.value}"}
    assert "service.stopped" in tally.log()[said:]
    done = {key: await tally.total(key) for key in [f"term{number}" for number in range(4)]}
    for key, total in done.items():
        acknowledged = sum(1 for one in taken if one.startswith(f"{key[4:]}."))
        assert acknowledged <= total <= acknowledged + 1
    assert await tally.unpublished() == 0, "the last facts are told before the end"
    for key, total in done.items():
        await eventually(becomes(list(range(1, total + 1)), partial(echo.consumed, key)))


async def test_stopping_a_reader_gives_back_what_it_did_not_finish(pair: Pair) -> None:
    tally, echo = pair.tally, pair.echo
    said = len(echo.log())
    await asyncio.gather(*(tally.count("reader") for _ in range(60)))
    await asyncio.to_thread(echo.process.stop)
    assert "service.stopped" in echo.log()[said:]
    consumed = await echo.consumed("reader")
    assert consumed == list(range(1, len(consumed) + 1))
    echo.start()
    await eventually(becomes(list(range(1, 61)), partial(echo.consumed, "reader")))


def test_declare_only_declares(environment: Environment, tmp_path: Path) -> None:
    """It needs no database, opens no port and ends; afterwards facts wait for a service that never ran."""
    echo = ServiceProcess(environment, tmp_path, "echo", mongo_url="mongodb://127.0.0.1:1/")
    echo.start("declare")
    until_ended(echo)
    assert echo.process.ended == "exit code 0", echo.log()
    queues = {queue["name"] for queue in environment.management.call("GET", f"queues/{environment.name}")}
    assert queues == {
        "echo.decisions",
        "echo.mirrors",
        "echo.parked",
        "echo.retry.0.2s",
        "echo.retry.0.4s",
        "brand.unrouted",
    }
    assert "service.started" not in echo.log()


def until_ended(served: ServiceProcess) -> None:
    assert served.process._child is not None
    try:
        served.process._child.wait(30)
    except subprocess.TimeoutExpired:
        served.process.kill()
        raise


@pytest.mark.parametrize("moment", range(3))
async def test_it_stops_even_in_the_middle_of_a_look_at_its_queues(
    environment: Environment, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """The client that closes its channel in that moment says that it is closed, and not that it was cancelled."""
    monkeypatch.setattr(messaging, "WATCH_SECONDS", 0.0)
    service = build(environment.settings("echo"))

    async def connected() -> bool:
        return service.consumer.connected

    async with AsyncExitStack() as running:
        await running.enter_async_context(service.app.router.lifespan_context(service.app))
        await eventually(connected)
        await asyncio.sleep(0.5 + moment * 0.0017)
        async with asyncio.timeout(30):
            await running.aclose()
