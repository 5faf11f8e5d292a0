"""What an installation's servers need before its first service runs: replica set, users with least rights, exchange.

``python -m infra.ops.provision`` (one-shot in infra/deploy/compose.yaml, repeatable). The URLs that the services will
use say which users to make: nothing is said twice. Each user may touch its own service's database and queues only.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import Field, SecretStr

from infra.kernel.settings import Misconfigured, Settings
from infra.local.management import SERVICES, Management
from infra.storage.mongo import Mongo, PyMongoError

UNKNOWN_USER, UNINITIALISED = 11, 94


class PrepareSettings(Settings):
    """As administrator of both servers; ``BRANDMATRIX_PREPARE_MONGO_URL`` and ``…_MANAGEMENT_URL``, or their files."""

    management_url: SecretStr
    """``http://user:password@host:15672``."""
    replica_set: str = "rs0"
    mongo_host: str = ""
    """``host:port`` by which services reach the first member; initiates the replica set. Empty: it exists already."""
    departments: Path | None = None
    """A file with a line for each other department that may publish: its AMQP URL, then how its types begin."""
    patience: float = Field(default=120, gt=0)
    """Seconds to wait for the servers."""


async def prepare(own: PrepareSettings, services: Mapping[str, Settings]) -> list[str]:
    """Make everything; returns a line for each thing done. Raises ``Misconfigured`` and what the servers refuse."""
    done = [await _databases(own, services)]
    done += await asyncio.to_thread(_broker, own, services)
    return done


async def _databases(own: PrepareSettings, services: Mapping[str, Settings]) -> str:
    mongo = Mongo(own)
    admin = mongo.database.client.admin
    try:
        await _patiently(lambda: _primary(admin, own), PyMongoError, own.patience)
        for service, settings in services.items():
            user, password, source = _login(settings.mongo_url.get_secret_value(), settings.database)
            _require(user != "", f"BRANDMATRIX_{service.upper()}_MONGO_URL names no user")
            rights = {"pwd": password, "roles": [{"role": "readWrite", "db": settings.database}]}
            place = mongo.database.client.get_database(source)
            try:
                await place.command({"updateUser": user, **rights})
            except PyMongoError as error:
                if getattr(error, "code", None) != UNKNOWN_USER:
                    raise
                await place.command({"createUser": user, **rights})
    finally:
        await mongo.close()
    return f"MongoDB: {', '.join(services)} may read and write a database of their own"


async def _primary(admin: Any, own: PrepareSettings) -> bool:  # noqa: ANN401 - the driver's database
    """Whether there is a primary; initiates the replica set where that is wished and it has no configuration."""
    if own.mongo_host:
        try:
            await admin.command("replSetGetStatus")
        except PyMongoError as error:
            if getattr(error, "code", None) != UNINITIALISED:
                raise
            member = {"_id": 0, "host": own.mongo_host}
            await admin.command("replSetInitiate", {"_id": own.replica_set, "members": [member]})
    return bool((await admin.command("hello")).get("isWritablePrimary"))


def _broker(own: PrepareSettings, services: Mapping[str, Settings]) -> list[str]:
    place = urlsplit(own.management_url.get_secret_value())
    root = Management(
        f"{place.scheme}://{place.hostname}:{place.port}",
        unquote(place.username or ""),
        unquote(place.password or ""),
        "",
    )
    end = time.monotonic() + own.patience
    while not root.answers():
        _require(time.monotonic() < end, f"RabbitMQ's management API at {place.hostname} does not answer")
        time.sleep(1)
    vhosts: dict[str, dict[str, str]] = {}
    for service, settings in services.items():
        user, password, vhost = _login(settings.amqp_url.get_secret_value(), "/")
        _require(
            user == f"{vhost}.{service}", f"BRANDMATRIX_{service.upper()}_AMQP_URL: its user must be {vhost}.{service}"
        )
        vhosts.setdefault(vhost, {})[service] = password
    for vhost, passwords in vhosts.items():
        root.provision(vhost, list(passwords), passwords)
    done = [f"RabbitMQ: {', '.join(services)} may speak for themselves in {', '.join(vhosts)}"]
    for line in own.departments.read_text(encoding="utf-8").splitlines() if own.departments else ():
        url, *types = line.split("#")[0].split() or [""]
        if url:
            user, password, vhost = _login(url, "/")
            before, _, name = user.partition(".dept.")
            _require(
                before == vhost and bool(name and types), f"departments: {user} must be {vhost}.dept.<name> with types"
            )
            root.department(vhost, name, types, password)
            done.append(f"RabbitMQ: department {name} may publish {' '.join(types)}*")
    return done


def _login(url: str, otherwise: str) -> tuple[str, str, str]:
    """User, password, and what the URL's path names (virtual host, or the database that knows the user)."""
    parts = urlsplit(url)
    return unquote(parts.username or ""), unquote(parts.password or ""), unquote(parts.path[1:]) or otherwise


async def _patiently(ready: Callable[[], Awaitable[bool]], passing: type[Exception], patience: float) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            if await ready():
                return
            _require(time.monotonic() < end, "MongoDB has no primary")
        except passing:
            if time.monotonic() > end:
                raise
        await asyncio.sleep(1)


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise Misconfigured(sentence)


def main() -> None:
    """Prepare and say what was done; exit code 1 with one sentence when that is impossible."""
    try:
        own = PrepareSettings.of("prepare")
        for line in asyncio.run(prepare(own, {name: Settings.of(name) for name in SERVICES})):
            print(line)  # noqa: T201 - what a person reads
    except (Misconfigured, PyMongoError, httpx.HTTPError, OSError) as error:
        sys.exit(f"prepare: {error}")


if __name__ == "__main__":
    main()
