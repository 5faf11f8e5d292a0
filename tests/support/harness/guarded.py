"""A mongod of one's own with access control, started as its container image does: one administrator, then a member."""

import asyncio
import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from infra.kernel.settings import Settings
from infra.local.embedded import _mongod
from infra.local.processes import Daemon, answers, ports, write_private
from infra.storage.mongo import Mongo, PyMongoError

ROOT_PASSWORD = secrets.token_hex(12)


class GuardedMongo:
    """``start`` makes the administrator ``root`` and leaves the replica set to whoever prepares the server."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.process = Daemon(home, "guarded")
        self.port = ports(home, "guarded")["guarded"]
        self.host = f"127.0.0.1:{self.port}"
        self.root_url = f"mongodb://root:{ROOT_PASSWORD}@{self.host}/?authSource=admin&directConnection=true"

    async def start(self) -> None:
        """First without access control, for the administrator; then as it stays."""
        self._run()
        first = Mongo(Settings(service="first", mongo_url=SecretStr(f"mongodb://{self.host}/?directConnection=true")))
        admin = first.database.client.admin
        await admin.command("createUser", "root", pwd=ROOT_PASSWORD, roles=["root"])
        await first.close()
        await asyncio.to_thread(self.process.stop)
        key = self.home / "keyfile"
        write_private(key, secrets.token_hex(32))
        self._run("--replSet", "rs0", "--keyFile", str(key))

    def _run(self, *more: str) -> None:
        data = self.home / "data"
        data.mkdir(exist_ok=True)
        options: list[str | Path] = [
            "--dbpath",
            data,
            "--port",
            str(self.port),
            "--bind_ip",
            "127.0.0.1",
            "--nounixsocket",
        ]
        self.process.start([_mongod(), *options, "--wiredTigerCacheSizeGB", "0.25", *more], {**os.environ})
        self.process.until(lambda: answers(self.port), 60)

    def url(self, user: str, password: str) -> str:
        """How a service reaches the database that has its name."""
        return f"mongodb://{user}:{password}@{self.host}/{user}?replicaSet=rs0"


async def refused(url: str, database: str, *, write: bool) -> bool:
    """Whether this user may not touch that database."""
    settings = Settings(service="curious", mongo_url=SecretStr(url), mongo_database=database)
    mongo = Mongo(settings)
    try:
        if write:
            await mongo.collection("organisations").insert_one({"_id": "forged"})
        else:
            await mongo.collection("organisations").find_one({})
    except PyMongoError as error:
        return getattr(error, "code", None) in {13, 18}  # not authorised, not authenticated
    finally:
        await mongo.close()
    return False
