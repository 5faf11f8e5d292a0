"""The servers we bring along: found again, killed and started on the same data, out of everybody's way."""

import asyncio
import os
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import aio_pika
import pytest
from aio_pika.exceptions import AMQPError
from pymongo import MongoClient

from infra.local.embedded import MongoServer, RabbitServer
from infra.local.processes import Daemon, NotRunning
from tests.support.harness.environment import Environment

pytestmark = pytest.mark.timeout(400)


def insert(server: MongoServer) -> None:
    with MongoClient[dict[str, int]](server.url) as client:
        client.kept.things.insert_one({"one": 1})


def count(server: MongoServer) -> int:
    with MongoClient[dict[str, int]](server.url) as client:
        return client.kept.things.count_documents({})


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MongoServer]:
    server = MongoServer(tmp_path_factory.mktemp("mongo"))
    yield server
    server.kill()


@pytest.fixture
def mongo(one: MongoServer) -> MongoServer:
    """A server that runs; what it keeps others may have put there."""
    one.start()
    return one


def test_a_second_start_finds_the_first(mongo: MongoServer) -> None:
    again = MongoServer(mongo.home)
    again.start()
    assert (again.process.pid, again.url) == (mongo.process.pid, mongo.url)


@pytest.mark.faults
def test_a_killed_mongod_goes_on_with_its_data_on_its_port(mongo: MongoServer) -> None:
    insert(mongo)
    kept, url = count(mongo), mongo.url
    mongo.kill()
    mongo.start()
    assert (count(mongo), mongo.url) == (kept, url)


@pytest.mark.faults
def test_a_replica_set_moves_when_someone_took_its_port(mongo: MongoServer) -> None:
    insert(mongo)
    kept, taken = count(mongo), mongo.port
    mongo.kill()
    socketserver.TCPServer.allow_reuse_address = True
    with socketserver.TCPServer(("127.0.0.1", taken), socketserver.BaseRequestHandler) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        mongo.start()
        stranger.shutdown()
    assert mongo.port != taken
    assert count(mongo) == kept


def test_two_homes_stand_side_by_side(mongo: MongoServer, tmp_path: Path) -> None:
    other = MongoServer(tmp_path / "other")
    other.start()
    try:
        insert(mongo)
        assert (count(mongo) > 0, count(other)) == (True, 0)
    finally:
        other.stop()
    assert mongo.process.pid is not None


@pytest.mark.faults
def test_a_killed_node_goes_on_with_its_messages(tmp_path: Path) -> None:
    node = RabbitServer(tmp_path)
    node.start()
    try:
        first = node.process.pid
        node.start()
        assert node.process.pid == first
        url = node.management.amqp_url("/")
        asyncio.run(declare(url))
        node.stop()  # 3.x is sure of a declaration up to 2 s after its answer: a cut before that takes the queue along
        node.start()
        asyncio.run(put(url))
        node.kill()
        node.start()
        assert asyncio.run(take(url)) == b"kept"
    finally:
        node.kill()
        node.epmd.stop()


async def declare(url: str) -> None:
    async with await aio_pika.connect(url) as connection:
        await (await connection.channel()).declare_queue("kept", durable=True)


async def put(url: str) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        message = aio_pika.Message(b"kept", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, "kept")


async def take(url: str) -> bytes:
    async with await aio_pika.connect(url) as connection:
        queue = await (await connection.channel()).get_queue("kept")
        return (await queue.get(timeout=60)).body


@pytest.mark.security
@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        pytest.param("brand.events", "review.review.opened.v1", id="a fact in another's name"),
        pytest.param("review.return", "review.decisions", id="into another's queue"),
        pytest.param("", "review.decisions", id="around the exchanges"),
    ],
)
async def test_a_service_speaks_only_for_itself(environment: Environment, exchange: str, key: str) -> None:
    urls = environment.management.provision(environment.name, ["registry"])
    async with await aio_pika.connect(environment.amqp_url) as admin:
        channel = await admin.channel()
        await channel.declare_exchange("brand.events", "topic", durable=True)
        await channel.declare_exchange("review.return", "direct", durable=True)
    async with await aio_pika.connect(urls["registry"]) as connection:
        channel = await connection.channel()
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
            await target.publish(aio_pika.Message(b"forged"), key, timeout=60)


def test_a_process_of_another_is_never_taken_for_ours(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, "mongo")
    (tmp_path / "mongo.pid").write_text(f'{{"pid": {os.getpid()}, "born": 1}}', encoding="utf-8")
    assert daemon.pid is None
    daemon.stop()


def test_a_server_that_cannot_start_says_which_log_to_read(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path, "broken")
    daemon.start(["/bin/sh", "-c", "echo disk is full; exit 3"], dict(os.environ))
    with pytest.raises(NotRunning, match=r"(?s)exit code 3.*broken\.log.*disk is full"):
        daemon.until(lambda: False, within=60)
