"""scim2-server's own contract for storages, run against its in-memory storage and against ours."""

import asyncio
from collections.abc import Iterator

import pytest
from scim2_models import ScimProvider
from scim2_server.memory import AsyncInMemoryStorage
from scim2_server.storage import AsyncScimStorage, ScimStorage
from scim2_server.testing import AsyncScimStorageContract, BlockingStorage
from scim2_server.utils import load_default_provider

from infra.storage.mongo import Mongo
from services.registry.hr.feeds.scim.storage import Directory
from services.registry.hr.store import Entries
from tests.support.harness.environment import Environment

Stored = tuple[BlockingStorage, Mongo, asyncio.Runner]


class Contract(AsyncScimStorageContract):
    """The library's, with its description of a service made once: that makes classes, which is slow."""

    @pytest.fixture(scope="class")
    @classmethod
    def provider(cls) -> ScimProvider:
        return load_default_provider()


class TestInMemory(Contract):
    """The reference."""

    @pytest.fixture
    def async_storage(self) -> AsyncScimStorage:
        return AsyncInMemoryStorage()


class TestDirectory(Contract):
    """Ours, on a real MongoDB."""

    @pytest.fixture(scope="class")
    @classmethod
    def kept(cls, shared: Environment, provider: ScimProvider) -> Iterator[Stored]:
        with asyncio.Runner() as runner:
            mongo = Mongo(shared.settings("registry"))
            entries = Entries(mongo)
            runner.run(entries.prepare())
            yield BlockingStorage(Directory(entries, provider), runner), mongo, runner
            runner.run(mongo.close())

    @pytest.fixture
    def storage(self, kept: Stored) -> ScimStorage:
        storage, mongo, runner = kept
        runner.run(_emptied(mongo))
        return storage


async def _emptied(mongo: Mongo) -> None:
    for name in await mongo.database.list_collection_names():
        await mongo.collection(name).delete_many({})
