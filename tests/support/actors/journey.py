"""The example journey under a ledger, and what must hold when it has ended."""

import asyncio
import io
import time
import uuid
from collections.abc import Mapping
from typing import Any

import yaml
from rich.console import Console

from examples import journey
from examples.client import Client
from examples.review import OFFICE, OFFICER, Review
from infra.ops import loading
from infra.storage.mongo import Mongo
from tests.support.harness.ledger import Books, Ledger, balance, stored
from tests.support.harness.queues import waits
from tests.support.harness.system import ROOT, System
from tests.support.harness.waiting import eventually

CALM_SECONDS = 2.0
"""What a reader has just taken is in no figure yet: in this time it has become a row, or is back in a queue."""
NAMES = {"operations": "魅力GPS", "office-2": "POWER", "engineering": "1010", "logistics": "三心", "fifth": None}


class Account:
    """Fills a ledger from what the client tries and gets."""

    def __init__(self) -> None:
        self.ledger = Ledger()

    def tried(self, person: str, key: str) -> None:
        """A command is about to be sent."""
        self.ledger.attempted.add(_cause(person, key))

    def acknowledged(self, person: str, key: str, answer: dict[str, Any]) -> None:
        """A command was answered with success."""
        self.ledger.acknowledged[_cause(person, key)] = answer


def _cause(person: str, key: str) -> str:
    name = f"{person}\n{key}"
    return f"http#{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


async def load(system: System) -> None:
    """Load the example enterprise; nothing may be refused."""
    content = loading.read(ROOT / "examples" / "enterprise.yaml")
    token = system.token("admin", ["administrator@*"])
    assert await loading.load(content, system.urls, token, lambda *_: None) == []


async def walk(system: System, account: Account, *, show: bool = True, within: float = 400) -> str:
    """Walk the whole journey; returns what it printed (``show`` asks every service, notify too)."""
    paper = io.StringIO()
    try:
        async with asyncio.timeout(within):
            await journey.run(system.urls, system.token, Console(file=paper, width=160), account, show=show)
    except TimeoutError as error:
        raise AssertionError(f"stuck: {await why_stuck(system)}\n{paper.getvalue()[-2000:]}") from error
    return paper.getvalue()


async def why_stuck(system: System) -> str:
    """What a walk that does not end may be waiting for."""
    books = [await Books.read(system.environment, name) for name in system.services]
    parked = [f"{one.service}: {message['reason']}" for one in books for message in one.parked]
    queues = system.environment.management.call("GET", f"queues/{system.environment.name}")
    waiting = {queue["name"]: queue["messages"] for queue in queues if queue.get("messages")}
    return f"parked {parked}, unpublished {[one.unpublished for one in books]}, waiting {waiting}"


async def settled(system: System, within: float = 180, calm: float = CALM_SECONDS) -> list[Books]:
    """Wait until no fact waits, no queue holds a message and nothing stored changes, for a while."""
    await still(system, within, calm)
    return [await Books.read(system.environment, name) for name in system.services]


async def still(system: System, within: float = 180, calm: float = CALM_SECONDS) -> None:
    """The same without reading the books."""
    since, before = time.monotonic(), None
    databases = [Mongo(system.environment.settings(name)) for name in system.services]

    async def quiet() -> bool:
        nonlocal since, before
        busy = await waits(system.environment, lambda name: not name.startswith("brand."))
        now = await asyncio.gather(*map(stored, databases))
        if busy or any(one.waiting for one in now) or now != before:
            since, before = time.monotonic(), now
        return time.monotonic() - since > calm

    try:
        await eventually(quiet, within, pause=0.4)
    finally:
        await asyncio.gather(*(database.close() for database in databases))


async def verify(system: System, account: Account, parked: int = 0) -> None:
    """The journey ended as it must: five plaques, no to-do left open, a clean ledger; ``parked`` was poisoned."""
    books = await settled(system)
    assert sum(len(one.parked) for one in books) == parked
    assert balance(account.ledger, books) == []
    client = Client(system.urls, system.token)
    try:
        matrix = await client.get(OFFICER, "registry", "/matrix", OFFICE)
        rows = {row["organisation"]: row for row in matrix["rows"]}
        assert {key: row["brands"][0]["name"] for key, row in rows.items()} == NAMES
        assert all(row["brands"][0]["plaque"] for row in rows.values())
        assert matrix["coverage"]["rate"] == 1
        await _same_text_on_both_sides(client, rows)
        await _every_todo_is_closed(books)
    finally:
        await client.close()


async def _same_text_on_both_sides(client: Client, rows: Mapping[str, Any]) -> None:
    for row in rows.values():
        brand = await client.get(OFFICER, "registry", f"/brands/{row['brands'][0]['brand']}", OFFICE)
        review = await client.get(OFFICER, "review", f"/reviews/{brand['review']}", OFFICE)
        assert (review["state"], review["document"]) == ("approved", brand["document"])
        assert review["revision"] == brand["revision"]


async def _every_todo_is_closed(books: list[Books]) -> None:
    review, notify = (next(one for one in books if one.service == name) for name in ("review", "notify"))
    published: dict[str, dict[str, Any]] = {}
    for event in sorted(review.journal.values(), key=lambda event: event["sequence"]):
        if event["type"] == "review.tasks.changed.v1":
            published |= {task["task"]: task for task in event["data"]["tasks"]}
    kept = {row["_id"]: row["state"] for row in notify.rows["todos"]}
    assert kept == {key: task["state"] for key, task in published.items()}
    assert kept
    assert "open" not in kept.values()


async def walk_until(system: System, account: Account, brand: str, step: str) -> str:
    """Walk one brand until its review runs in this step; returns the review's id."""
    content = yaml.safe_load(journey.BRANDS.read_text(encoding="utf-8"))[brand]
    client = Client(system.urls, system.token, account)
    story = journey.Story(client, brand, content, lambda *_: None)
    try:
        key = (await story.draft())["id"]
        await story.submit(await story.look(key))
        review = Review(client, (await story.look(key))["review"], content["journey"])

        async def there() -> bool:
            found = await review.look_if_there()
            if found and found["step"] != step:
                await review.act(found)
            return bool(found and found["step"] == step)

        await eventually(there, within=60)
        return review.key
    finally:
        await client.close()
