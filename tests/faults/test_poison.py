"""Messages that cannot be worked off are parked, exactly those, and delay nobody."""

import asyncio
import json
import subprocess
import sys
import uuid
from functools import partial

import aio_pika

from infra.messaging.topology import EVENTS
from tests.support.actors.journey import Account, settled, verify, walk
from tests.support.harness.ledger import Books
from tests.support.harness.system import ROOT, System
from tests.support.harness.waiting import eventually

SUBMITTED, PERSON = "registry.brand.submitted.v1", "registry.person.recorded.v1"


def _event(kind: str, data: object) -> bytes:
    envelope = {"specversion": "1.0", "id": uuid.uuid4().hex, "source": "test", "type": kind, "data": data}
    return json.dumps(envelope).encode()


POISON = {  # routing key → body; each reaches one queue of review, the last one every service
    "invalid JSON": (SUBMITTED, b"{not json"),
    "wrong type": (SUBMITTED, _event(SUBMITTED, {"brand": ["not", "text"]})),
    "unknown type": (SUBMITTED, _event("registry.brand.dreamt.v1", {"brand": "b"})),
    "wrong mirror": (PERSON, _event(PERSON, {"person": 7})),
}


async def test_poison_is_parked_and_the_journey_ends_the_same(system: System) -> None:
    account = Account()
    journey = asyncio.create_task(walk(system, account))
    async with await aio_pika.connect(system.environment.amqp_url) as connection:
        exchange = await (await connection.channel()).get_exchange(EVENTS)
        for key, body in POISON.values():
            await exchange.publish(aio_pika.Message(body), key)
    await journey
    parked = {one.service: {message["body"].encode() for message in one.parked} for one in await settled(system)}
    everywhere = {POISON["wrong mirror"][1]}
    assert parked["review"] == {body for _, body in POISON.values()}
    assert parked["activities"] == parked["notify"] == everywhere
    assert parked["registry"] == everywhere, "it hears its own facts about people: what HR says of them follows"
    for one in [await Books.read(system.environment, name) for name in system.services]:
        assert all(message["reason"] and message["stack"] for message in one.parked)
    await verify(system, account, parked=sum(map(len, parked.values())))


async def test_a_handler_bug_on_one_id_parks_that_one_and_redriving_mends_it(system: System) -> None:
    await asyncio.to_thread(system.stop, "review")
    await asyncio.to_thread(system.run, "review", "tests.support.chaos.buggy", "review", SUBMITTED, "operations")
    account = Account()
    journey = asyncio.create_task(walk(system, account))

    async def one_is_parked() -> bool:
        return len((await Books.read(system.environment, "review")).parked) == 1

    async def others_have_plaques() -> bool:
        registry = await Books.read(system.environment, "registry")
        return [brand["state"] for brand in registry.rows["brands"]].count("plaqued") == 4

    try:
        await eventually(one_is_parked, within=180)
        await eventually(others_have_plaques, within=180)
        await asyncio.to_thread(system.stop, "review")
        system.start("review")
        await asyncio.to_thread(partial(_redrive, system))
        await journey
    finally:
        journey.cancel()
    await verify(system, account, parked=1)


def _redrive(system: System) -> None:
    """As the operator does: the command line, with the environment of the service."""
    environ = {**system.environ("review"), "BRANDMATRIX_HOME": str(system.home)}
    command = [sys.executable, "-m", "infra.ops.cli", "redrive", "review", "--all"]
    subprocess.run(command, env=environ, cwd=ROOT, check=True, timeout=60, capture_output=True)
