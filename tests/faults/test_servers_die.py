"""RabbitMQ and MongoDB stop, start and are killed during the journey: commands wait or are retried, nothing is lost."""

import asyncio

from tests.support.actors.journey import Account, verify, walk
from tests.support.harness.environment import Servers
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

BETWEEN_SECONDS = 2.0
"""How long the journey goes on between two faults: long enough to be somewhere else by then."""


async def test_rabbitmq_is_stopped_started_and_killed(system: System, servers: Servers) -> None:
    account = Account()
    journey = asyncio.create_task(walk(system, account))
    try:
        await asyncio.sleep(BETWEEN_SECONDS)
        await asyncio.to_thread(servers.rabbit.stop)
        await asyncio.sleep(BETWEEN_SECONDS)
        await asyncio.to_thread(servers.rabbit.start)
        await asyncio.sleep(BETWEEN_SECONDS * 2)
        await asyncio.to_thread(servers.rabbit.kill)
        await asyncio.to_thread(servers.rabbit.start)
        await journey
    finally:
        journey.cancel()
        await asyncio.to_thread(servers.rabbit.start)
    await verify(system, account)


async def test_commands_are_taken_while_rabbitmq_is_away(system: System, servers: Servers) -> None:
    await asyncio.to_thread(servers.rabbit.stop)
    account = Account()
    journey = asyncio.create_task(walk(system, account))
    try:
        drafted = "five brands were drafted and submitted without a broker"
        await eventually(lambda: len(account.ledger.acknowledged) >= 10, what=drafted)
        await asyncio.to_thread(servers.rabbit.start)
        await journey
    finally:
        journey.cancel()
        await asyncio.to_thread(servers.rabbit.start)
    await verify(system, account)


async def test_mongodb_is_killed_twice(system: System, servers: Servers) -> None:
    account = Account()
    journey = asyncio.create_task(walk(system, account))
    try:
        for _ in range(2):
            await asyncio.sleep(BETWEEN_SECONDS)
            await asyncio.to_thread(servers.mongo.kill)
            await asyncio.to_thread(servers.mongo.start)
        await journey
    finally:
        journey.cancel()
        await asyncio.to_thread(servers.mongo.start)
    await verify(system, account)
