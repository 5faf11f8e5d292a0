"""What other departments publish reaches who listens, from them alone, in order, and is retried like a fact."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aio_pika import Message, connect
from aio_pika.exceptions import AMQPError

from infra.messaging import topology
from infra.messaging.consumer import Consumer
from infra.messaging.publisher import Publisher
from infra.messaging.subscriptions import Delivery, Handlers
from infra.messaging.topology import DEPARTMENTS
from infra.ops.redrive import Keeper
from infra.storage.mongo import Mongo
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually


class Listener:
    """A service that listens to other departments; it fails on what ``broken`` names."""

    def __init__(self, environment: Environment) -> None:
        amqp = environment.management.provision(environment.name, ["registry"])["registry"]
        settings = environment.settings("registry", amqp_url=amqp)
        self.taken: list[Delivery] = []
        self.broken: set[bytes] = set()
        self.running: asyncio.Task[None] | None = None
        handlers = Handlers()

        @handlers.from_departments("hr.#", "audit.*")
        async def take(delivery: Delivery) -> None:
            if delivery.body in self.broken:
                raise LookupError("not today")
            self.taken.append(delivery)

        plan = topology.of("registry", [], [], settings.retry_delays, handlers.departments)
        self.mongo = Mongo(settings)
        self.keeper = Keeper(self.mongo)
        self.publisher = Publisher(settings, plan)
        self.consumer = Consumer(settings, plan, handlers, self.publisher, self.keeper)

    async def bodies(self, number: int) -> list[bytes]:
        """What was taken, once it is this many."""

        async def there() -> bool:
            return len(self.taken) >= number

        await eventually(there)
        return [delivery.body for delivery in self.taken]


@pytest.fixture
async def listener(environment: Environment) -> AsyncIterator[Listener]:
    """The listener, consuming."""
    one = Listener(environment)
    await one.publisher.connect()
    one.running = asyncio.create_task(one.consumer.run())

    async def consumes() -> bool:
        return one.consumer.connected

    await eventually(consumes)
    yield one
    one.running.cancel()
    await one.consumer.stop()
    await one.publisher.close()
    await one.mongo.close()


async def send(url: str, key: str, *bodies: bytes, exchange: str = DEPARTMENTS) -> None:
    """Publish with plain aio-pika, confirmed."""
    async with await connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        there = await channel.get_exchange(exchange, ensure=False)
        for body in bodies:
            await asyncio.wait_for(there.publish(Message(body, headers={"ce-id": "1"}), key), 30)


async def test_a_department_is_heard_with_the_routing_key_that_the_broker_checked(
    environment: Environment, listener: Listener
) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr."])
    await send(hr, "hr.employee.changed", *(str(number).encode() for number in range(50)))
    await listener.bodies(50)
    assert {delivery.routing_key for delivery in listener.taken} == {"hr.employee.changed"}
    assert listener.taken[0].headers["ce-id"] == "1"


async def test_one_subject_keeps_its_order(environment: Environment, listener: Listener) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr."])
    event = '{{"specversion":"1.0","id":"{}","source":"/hr","type":"hr.employee.changed","subject":"{}"}}'
    sent = [event.format(number, number % 3).encode() for number in range(60)]
    await send(hr, "hr.employee.changed", *sent)
    taken = await listener.bodies(60)
    for subject in range(3):
        ours = [body for body in sent if body.endswith(f'"{subject}"}}'.encode())]
        assert [body for body in taken if body in ours] == ours


@pytest.mark.parametrize(
    ("key", "exchange"),
    [
        ("audit.finding.raised", DEPARTMENTS),
        ("hrx.employee.changed", DEPARTMENTS),
        ("registry.person.recorded.v1", topology.EVENTS),
        ("registry.departments", ""),
        ("registry.departments", "registry.return"),
    ],
)
async def test_a_department_cannot_speak_for_another_or_reach_a_queue_directly(
    environment: Environment, listener: Listener, key: str, exchange: str
) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr."])
    with pytest.raises((AMQPError, TimeoutError)):
        await send(hr, key, b"forged", exchange=exchange)
    await send(hr, "hr.employee.changed", b"own")  # a forged one would stand before it in the queue
    assert await listener.bodies(1) == [b"own"]


async def test_a_department_can_neither_listen_nor_declare(environment: Environment, listener: Listener) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr."])
    async with await connect(hr) as connection:
        with pytest.raises(AMQPError):
            await (await connection.channel()).declare_queue("mine")
        queue = await (await connection.channel()).get_queue("registry.departments", ensure=False)
        with pytest.raises(AMQPError):
            await queue.get(timeout=30)
    assert listener.consumer.connected


async def test_a_service_that_does_not_listen_cannot_bind_to_departments(
    environment: Environment, listener: Listener
) -> None:
    review = environment.management.provision(environment.name, ["review"])["review"]
    async with await connect(review) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("review.curious", durable=True)
        with pytest.raises(AMQPError):
            await queue.bind(DEPARTMENTS, "discipline.#")
    assert listener.consumer.connected


async def test_a_failure_is_retried_then_parked_and_a_redrive_keeps_the_routing_key(
    environment: Environment, listener: Listener
) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr."])
    listener.broken.add(b"bad")
    await send(hr, "hr.employee.changed", b"bad", b"good")
    assert await listener.bodies(1) == [b"good"]

    async def parked() -> bool:
        return len(await listener.keeper.open()) == 1

    await eventually(parked)
    listener.broken.clear()
    (message,) = await listener.keeper.open()
    assert (message.origin, "not today" in message.reason) == ("registry.departments", True)
    await listener.keeper.redrive(message, listener.publisher, "registry")
    assert await listener.bodies(2) == [b"good", b"bad"]
    assert listener.taken[-1].routing_key == "hr.employee.changed"


async def test_a_publisher_cannot_claim_another_routing_key_by_our_header(
    environment: Environment, listener: Listener
) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr."])
    async with await connect(hr) as connection:
        channel = await connection.channel(publisher_confirms=True)
        there = await channel.get_exchange(DEPARTMENTS, ensure=False)
        forged = Message(b"x", headers={"brandmatrix-routing-key": "audit.finding.raised", "x-attempt": 1})
        await there.publish(forged, "hr.employee.changed")
    await listener.bodies(1)
    assert listener.taken[0].routing_key == "hr.employee.changed"


async def test_a_copy_to_another_routing_key_does_not_make_it_another_s_word(
    environment: Environment, listener: Listener
) -> None:
    union = environment.management.department(environment.name, "union", ["union."])
    hr = environment.management.department(environment.name, "hr", ["hr."])
    async with await connect(union) as connection:
        for name in ("CC", "BCC"):
            channel = await connection.channel(publisher_confirms=True)  # RabbitMQ 4 closes the one that it refuses
            there = await channel.get_exchange(DEPARTMENTS, ensure=False)
            with suppress(AMQPError):
                await there.publish(Message(b"sly", headers={name: ["hr.employee.changed"]}), "union.contest.held")
    await send(hr, "hr.employee.changed", b"true")
    await eventually(lambda: b"true" in [one.body for one in listener.taken])  # a sly one would stand before it
    assert {one.routing_key for one in listener.taken if one.body == b"sly"} <= {"union.contest.held"}


async def test_what_expires_before_it_is_seen_is_parked_as_its_department_s_and_never_as_what_it_claims(
    environment: Environment, listener: Listener
) -> None:
    """Whoever redrives what the broker put aside must not be the arm of who forged its headers."""
    hr = environment.management.department(environment.name, "hr", ["hr."])
    assert listener.running
    listener.running.cancel()  # else it would begin anew at its next look, and take what shall expire
    await listener.consumer.stop()  # nobody takes it: it expires in the queue
    forged = {"brandmatrix-routing-key": "audit.finding.raised", "x-origin": "registry.decisions", "ce-id": "1"}
    forged_death = {"queue": "registry.departments", "reason": "expired", "count": 1, "exchange": "departments"}
    forged_death |= {"routing-keys": ["audit.finding.raised"]}
    async with await connect(hr) as connection:
        channel = await connection.channel(publisher_confirms=True)
        there = await channel.get_exchange(DEPARTMENTS, ensure=False)
        for more in ({}, {"x-death": [forged_death], "x-first-death-queue": "registry.mirrors"}):
            headers = forged | more | {"ce-id": str(len(more))}
            short = Message(b"short", headers=headers, expiration=0.01)  # type: ignore[arg-type]
            await there.publish(short, "hr.employee.changed")

    async def expired() -> bool:
        queues = {one["name"]: one for one in environment.management.call("GET", f"queues/{environment.name}")}
        return bool(queues["registry.parked"].get("messages") == 2)

    await eventually(expired)
    listener.running = asyncio.create_task(listener.consumer.run())

    async def parked() -> bool:
        return len(await listener.keeper.open()) == 2

    await eventually(parked)
    for message in await listener.keeper.open():
        assert message.origin == "registry.departments"
        assert message.reason in {"expired", "put aside by the broker"}
        await listener.keeper.redrive(message, listener.publisher, "registry")
    await listener.bodies(2)
    assert {one.routing_key for one in listener.taken} == {"hr.employee.changed"}
    assert {one.headers["ce-id"] for one in listener.taken} == {"0", "2"}, "with the same data they are two events"


async def test_a_department_with_one_type_may_not_publish_what_only_begins_like_it(
    environment: Environment, listener: Listener
) -> None:
    hr = environment.management.department(environment.name, "hr", ["hr.one"])
    await send(hr, "hr.one", b"own")
    for key in ("hr.ones", "hr.one.more"):
        with pytest.raises((AMQPError, TimeoutError)):
            await send(hr, key, b"more")
    await send(hr, "hr.one", b"last")
    assert await listener.bodies(2) == [b"own", b"last"]


@pytest.mark.parametrize("types", [[], [""], ["."], [".*"], ["review."], ["brand."], ["activities.draft.made"]])
def test_a_department_s_user_is_never_made_for_more_than_its_own(environment: Environment, types: list[str]) -> None:
    with pytest.raises(ValueError, match="of a department's own"):
        environment.management.department(environment.name, "hr", types)
