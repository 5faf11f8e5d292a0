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
from services.registry.hr.store.directory import Entries
from tests.conftest import Ground


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

    @pytest.fixture
    def storage(self, ground: Ground, provider: ScimProvider) -> Iterator[ScimStorage]:
        with asyncio.Runner() as runner:
            mongo = Mongo(ground.settings("registry"))
            entries = Entries(mongo)
            runner.run(entries.prepare())
            yield BlockingStorage(Directory(entries, provider), runner)
            runner.run(mongo.close())
