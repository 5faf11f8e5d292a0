"""Notify in this process with simulated office systems, and review's voice to open and close to-dos."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from infra.kernel.settings import Settings
from infra.runtime.service import Service
from services.notify.app import build
from services.notify.settings import NotifySettings
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually
from tests.support.vendors.feishu import FeishuVendor
from tests.support.vendors.generic import SECRET, GenericVendor
from tests.support.vendors.vendor import Vendor
from tests.support.vendors.weaver import WeaverVendor

ADMIN = ("administrator@*",)
KINDS: dict[str, tuple[type[Vendor], Json]] = {
    "weaver": (WeaverVendor, {"kind": "weaver_ofs", "syscode": "brandmatrix"}),
    "feishu": (FeishuVendor, {"kind": "feishu_approval", "app_id": "cli_demo"}),
    "generic": (GenericVendor, {"kind": "webhook"}),
}
SECRETS = {"weaver": "token", "feishu": "secret", "generic": SECRET}
KIND = "review.tasks.changed.v1"


def channel(name: str, url: str, folder: Path, **more: object) -> Json:
    """The settings of a channel that feeds this simulator."""
    secret = folder / f"{name}.secret"
    secret.write_text(SECRETS[name], encoding="utf-8")
    signed = folder / f"{name}.callback"
    signed.write_text(SECRET, encoding="utf-8")
    return {
        "name": name,
        "base_url": f"{url}/todos" if name == "generic" else url,
        "secret_file": str(secret),
        "callback_secret_file": str(signed),
        "timeout": 0.5,
        "breaker_seconds": 0.5,
        **KINDS[name][1],
        **more,
    }


class Reviews:
    """What review says: its to-dos in their newest state, and the facts that tell of them."""

    def __init__(self) -> None:
        self._version: dict[str, int] = {}
        self.todos: dict[str, Json] = {}

    @property
    def open(self) -> list[tuple[str, str]]:
        """The open to-dos, as every office system shall list them: (id, receiver)."""
        return sorted((key, task["person"]) for key, task in self.todos.items() if task["state"] == "open")

    def fact(self, review: str, states: dict[str, str], number: int = 1) -> tuple[str, int, Json]:
        """Subject, sequence and data of the next fact; ``states`` by person, in round ``number``."""
        version = self._version[review] = self._version.get(review, 0) + 1
        tasks = [self._task(review, person, state, number) for person, state in states.items()]
        self.todos |= {task["task"]: task for task in tasks}
        return review, version, {"review": review, "brand": "b1", "owner": "o1", "name": "三心", "tasks": tasks}

    def _task(self, review: str, person: str, state: str, number: int) -> Json:
        key = f"{review}:check:{number}:{person}"
        before = self.todos.get(key)
        now = datetime.now(UTC).isoformat()
        goes_on = before is not None and before["state"] == "open"
        return {
            "task": key,
            "person": person,
            "step": "check",
            "round": number,
            "title": "支部书记审核·审核",
            "title_en": "Check",
            "state": state,
            "since": before["since"] if before is not None and (goes_on or state != "open") else now,
            "due": None,
        }


class Office:
    """Notify, its vendors by name, and review's to-dos."""

    def __init__(self, notify: ServiceHarness, vendors: dict[str, Vendor]) -> None:
        self.notify, self.vendors = notify, vendors
        self.reviews = Reviews()

    async def tell(self, review: str, **states: str) -> None:
        """Review says the states of its to-dos; the person is the keyword without ``p``."""
        of_people = {person.removeprefix("p"): state for person, state in states.items()}
        await self.notify.tell(KIND, *self.reviews.fact(review, of_people))

    @property
    def open(self) -> list[tuple[str, str]]:
        """What every office system shall list."""
        return self.reviews.open

    def listed(self) -> list[tuple[str, str]]:
        """The open to-dos of receivers whom the vendors know."""
        return [(key, who) for key, who in self.open if not who.startswith("X")]

    async def agreed(self, within: float = 30) -> None:
        """Wait until every vendor has exactly our open to-dos, and keeps them."""

        async def same() -> bool:
            return all(vendor.open == self.listed() for vendor in self.vendors.values())

        try:
            await eventually(same, within)
        except AssertionError as error:
            shown = {name: (len(vendor.open), len(self.open)) for name, vendor in self.vendors.items()}
            raise AssertionError(f"{shown} {await self.get('/oa/channels')}") from error

    async def get(self, path: str) -> Any:  # noqa: ANN401 - any JSON
        """The items of a list of notify, as an administrator."""
        return (await self.notify.ask("GET", path, roles=ADMIN)).json()["items"]

    async def reconcile(self) -> list[Json]:
        """Compare now."""
        return list((await self.notify.ask("POST", "/oa/reconciliation", roles=ADMIN)).json())


@asynccontextmanager
async def office(environment: Environment, home: Path, *names: str, **more: object) -> AsyncIterator[Office]:
    """Notify and these vendors (all, if none is named) up inside the block."""
    async with AsyncExitStack() as stack:
        vendors = {}
        for name in names or KINDS:
            vendor = KINDS[name][0]()
            await stack.enter_async_context(vendor.running())
            vendors[name] = vendor
        file = home / "oa.yaml"
        content = {"channels": [channel(name, vendor.url, home, **more) for name, vendor in vendors.items()]}
        file.write_text(yaml.safe_dump(content), encoding="utf-8")

        def make(settings: Settings) -> Service:
            own = {"oa_file": file, "reconcile_seconds": 1.0}
            return build(NotifySettings.model_validate({**settings.model_dump(), **own}))

        standing = ServiceHarness(environment, "notify", make)
        yield Office(await stack.enter_async_context(standing.running()), vendors)
