"""HR's sync is killed twenty times with SIGKILL while lists and events come; all ends as if it had been left alone."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.actors.hr.company import company
from tests.support.actors.hr.deaths import Deaths
from tests.support.actors.hr.registry import Registry
from tests.support.actors.hr.whole import tell_all
from tests.support.actors.hr.year import Year
from tests.support.harness.environment import Environment

SEED, PEOPLE, MONTHS, TIMES = 42, 300, 2, 20
WHOLE = ("hr_employees", "hr_departments", "hr_mappings", "hr_proposals", "people")
MOMENTS = {
    "_id",
    "outbox",
    "causes",
    "chain",
    "outbox_since",
    "version",
    "raised_at",
    "decided_at",
    "seq",
    "scim",
    "source_id",
}
"""What tells when something was written, how often it was tried, or by what chance it was named in the directory."""


@asynccontextmanager
async def beside(environment: Environment) -> AsyncIterator[Environment]:
    """A second environment on the same servers."""
    other = Environment(f"{environment.name}b", environment.mongo_url, environment.management, environment.issuer)
    environment.management.provision(other.name, [])
    yield other
    environment.management.remove(other.name)


def timeless(thing: Any) -> Any:  # noqa: ANN401 - any document
    if isinstance(thing, Mapping):
        return {name: timeless(value) for name, value in thing.items() if name not in MOMENTS}
    return [timeless(one) for one in thing] if isinstance(thing, list) else thing


def two(folder: Path) -> list[Path]:
    """A home for each registry."""
    homes = [folder / name for name in ("killed", "calm")]
    for home in homes:
        home.mkdir()
    return homes


async def account(registry: Registry) -> dict[str, Any]:
    """Everything HR's sync has left behind: documents by id, and the facts told of each subject in their order."""
    found: dict[str, Any] = {}
    for name in WHOLE:
        async for document in registry.mongo.collection(name).find():
            assert document.get("outbox", []) == []
            found[f"{name} {document['_id']}"] = timeless(document)
    async for fact in registry.mongo.collection("journal").find().sort([("subject", 1), ("sequence", 1)]):
        if fact["type"] != "registry.block_type.recorded.v1":
            found.setdefault(f"{fact['type']} {fact['subject']}", []).append(fact["data"])
    for name in (name for name in found if name.startswith("registry.person.recorded.v1")):
        found[name] = len(found[name]), found[name][-1]  # of two decisions at the same moment either may be first
    return found


async def test_a_sync_that_is_killed_at_twenty_random_moments_ends_like_one_that_was_left_alone(
    environment: Environment, tmp_path: Path
) -> None:
    async def live(where: Environment, home: Path, deaths: int) -> dict[str, Any]:
        async with Registry(where, home).running() as registry:
            year = Year(tell_all(company(SEED, PEOPLE), SEED, copies=2, months=MONTHS), registry, MONTHS)
            busy = [day for day in year.days if day.day != 1]
            year.deaths = Deaths(SEED, deaths, busy)
            await year.founded()
            await year.lived()
            assert len(year.deaths.died) == deaths
            return await account(registry)

    homes = two(tmp_path)
    async with beside(environment) as other:
        killed, calm = await asyncio.gather(live(environment, homes[0], TIMES), live(other, homes[1], 0))
    assert sorted(killed) == sorted(calm)
    for name in calm:
        assert killed[name] == calm[name], name
