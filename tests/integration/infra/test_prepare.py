"""What provisioning makes of two servers with access control: every service works, none can do another's work."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aio_pika import Message, connect
from aio_pika.exceptions import AMQPError

from infra.kernel.settings import Misconfigured, Settings
from infra.local.management import SERVICES
from infra.messaging.topology import DEPARTMENTS, EVENTS
from infra.ops.provision import PrepareSettings, prepare
from tests.support.actors.journey import Account, load, walk
from tests.support.harness.environment import Environment
from tests.support.harness.guarded import GuardedMongo, refused
from tests.support.harness.system import System

pytestmark = [pytest.mark.security, pytest.mark.timeout(400)]
PAIRS = [(one, other) for one in SERVICES for other in SERVICES if one != other]


class Prepared(System):
    """The four services, each with nothing but its own two users."""

    def __init__(self, environment: Environment, home: Path, mongo: GuardedMongo) -> None:
        super().__init__(environment, home)
        self.mongo = mongo
        self.passwords = {name: secrets.token_hex(12) for name in SERVICES}
        self.departments = home / "departments"
        self.safety = self.amqp_url("dept.safety", "s3cret")
        self.departments.write_text(f"# url, types\n{self.safety} safety. emergency.\n", encoding="utf-8")

    def amqp_url(self, name: str, password: str) -> str:
        """The URL of a user of this test's virtual host."""
        return self.environment.management.amqp_url(self.environment.name, f"{self.environment.name}.{name}", password)

    def own(self, name: str) -> dict[str, str]:
        """The two secrets of a service."""
        password = self.passwords[name]
        return {
            f"BRANDMATRIX_{name.upper()}_MONGO_URL": self.mongo.url(name, password),
            f"BRANDMATRIX_{name.upper()}_AMQP_URL": self.amqp_url(name, password),
        }

    def environ(self, name: str) -> dict[str, str]:
        """As for processes, with these secrets and the database that compose.yaml gives it."""
        common = {key: value for key, value in super().environ(name).items() if not key.endswith("_MONGO_DATABASE")}
        return common | self.own(name)

    async def prepare(self) -> list[str]:
        """Run infra.ops.provision as the one-shot does."""
        admin = self.environment.management
        place = admin.url.removeprefix("http://")
        own = {
            "BRANDMATRIX_PREPARE_MONGO_URL": self.mongo.root_url,
            "BRANDMATRIX_PREPARE_MANAGEMENT_URL": f"http://{admin.user}:{admin._password}@{place}",
            "BRANDMATRIX_PREPARE_MONGO_HOST": self.mongo.host,
            "BRANDMATRIX_PREPARE_DEPARTMENTS": str(self.departments),
        }
        settings = {name: Settings.of(name, self.own(name)) for name in SERVICES}
        return await prepare(PrepareSettings.of("prepare", own), settings)


@pytest.fixture(scope="module")
async def prepared(shared: Environment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Prepared]:
    """Both servers prepared; the services are not started."""
    home = tmp_path_factory.mktemp("prepared")
    mongo = GuardedMongo(home)
    try:
        await mongo.start()
        system = Prepared(shared, home, mongo)
        await system.prepare()
        yield system
    finally:
        mongo.process.kill()


@pytest.fixture(scope="module")
async def serving(prepared: Prepared) -> AsyncIterator[Prepared]:
    """The four services on them."""
    async with prepared.running():
        yield prepared


async def publishes(url: str, exchange: str, key: str) -> None:
    async with await connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        there = await channel.get_exchange(exchange, ensure=False)
        await asyncio.wait_for(there.publish(Message(b"{}"), key), 30)


async def test_every_service_does_its_whole_work_with_its_own_two_users(serving: Prepared) -> None:
    await load(serving)
    paper = await walk(serving, Account())
    assert "魅力GPS" in paper


async def test_no_service_reads_writes_configures_or_speaks_for_another(serving: Prepared) -> None:
    for one, other in PAIRS:
        url = serving.mongo.url(one, serving.passwords[one])
        assert await refused(url, other, write=False), f"{one} reads {other}'s database"
        assert await refused(url, other, write=True), f"{one} writes {other}'s database"
        assert not await refused(url, one, write=False), f"{one} reads its own"
        amqp = serving.amqp_url(one, serving.passwords[one])
        await _kept_out(amqp, other)
        with pytest.raises((AMQPError, TimeoutError)):
            await publishes(amqp, EVENTS, f"{other}.thing.done.v1")
        with pytest.raises((AMQPError, TimeoutError)):
            await publishes(amqp, "", f"{other}.decisions")
        with pytest.raises((AMQPError, TimeoutError)):
            await publishes(amqp, DEPARTMENTS, "safety.rescue.done.v1")


async def _kept_out(amqp: str, other: str) -> None:
    async with await connect(amqp) as connection:
        queue = await (await connection.channel()).get_queue(f"{other}.decisions", ensure=False)
        with pytest.raises(AMQPError):
            await queue.get(timeout=30)
        with pytest.raises(AMQPError):
            await (await connection.channel()).queue_delete(f"{other}.decisions")
        with pytest.raises(AMQPError):
            await (await connection.channel()).declare_queue(f"{other}.more", durable=True)


async def test_a_department_publishes_its_own_types_and_nothing_else(serving: Prepared) -> None:
    await publishes(serving.safety, DEPARTMENTS, "safety.rescue.done.v1")
    await publishes(serving.safety, DEPARTMENTS, "emergency.drill.done.v1")
    for exchange, key in (
        (DEPARTMENTS, "hr.employee.changed"),
        (EVENTS, "registry.person.recorded.v1"),
        ("", "registry.departments"),
    ):
        with pytest.raises((AMQPError, TimeoutError)):
            await publishes(serving.safety, exchange, key)


async def test_preparing_again_changes_a_rotated_password_and_nothing_else(prepared: Prepared) -> None:
    before = prepared.passwords["review"]
    old = (prepared.mongo.url("review", before), prepared.amqp_url("review", before))
    prepared.passwords["review"] = secrets.token_hex(12)
    again = await prepared.prepare()
    assert len(again) == 3
    now = prepared.passwords["review"]
    assert not await refused(prepared.mongo.url("review", now), "review", write=True)
    assert await refused(old[0], "review", write=False)
    await (await connect(prepared.amqp_url("review", now))).close()
    with pytest.raises(AMQPError):
        await connect(old[1])
    other = prepared.passwords["registry"]
    assert not await refused(prepared.mongo.url("registry", other), "registry", write=True)
    await (await connect(prepared.amqp_url("registry", other))).close()


async def test_what_cannot_be_prepared_is_one_sentence(prepared: Prepared) -> None:
    prepared.departments.write_text(prepared.amqp_url("dept.safety", "x") + "\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match="with types"):
        await prepared.prepare()
    nobody = {
        name: Settings.of(name, {"BRANDMATRIX_MONGO_URL": f"mongodb://{prepared.mongo.host}"}) for name in SERVICES
    }
    own = PrepareSettings.of(
        "prepare",
        {"BRANDMATRIX_PREPARE_MONGO_URL": prepared.mongo.root_url, "BRANDMATRIX_PREPARE_MANAGEMENT_URL": "http://x"},
    )
    with pytest.raises(Misconfigured, match="REGISTRY_MONGO_URL names no user"):
        await prepare(own, nobody)
    gone = own.model_copy(update={"patience": 1.0, "management_url": own.mongo_url})
    with pytest.raises((Misconfigured, httpx.HTTPError)):
        await prepare(gone, {name: Settings.of(name, prepared.own(name)) for name in SERVICES})
