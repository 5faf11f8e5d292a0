"""A list that lost its people stops before anything is applied, shows who would vanish, and waits for a person."""

from collections.abc import AsyncIterator

import pytest

from tests.support.actors.hr import lists
from tests.support.actors.hr.company import company
from tests.support.actors.hr.registry import ADMIN, HR, Json, Registry
from tests.support.actors.hr.script import Script, day
from tests.support.harness.environment import Environment

DAY = day(1, 1)
LEAST = 0.3


class Feed:
    """A company of 400 whose first full list was accepted."""

    def __init__(self, registry: Registry, sent: int = 0) -> None:
        script = Script(company(7, 400))
        self.registry = registry
        self.people, self.units = lists.people(script, DAY), lists.units(script, DAY)
        self._number = sent

    async def take(self, people: lists.Table, units: lists.Table | None = None, kind: str = "full") -> Json:
        """Send a list, and see how it ends."""
        self._number += 1
        content = lists.as_xlsx(people, units) if units else lists.as_csv(people)
        return await self.registry.ended(await self.registry.file(content, str(self._number), kind))

    async def decide(self, run: Json, verdict: str, roles: tuple[str, ...] = ADMIN) -> int:
        """A person looks at it."""
        body = {"reason": "已核实"}
        return (await self.registry.ask("POST", f"/hr/runs/{run['id']}/{verdict}", json=body, roles=roles)).status_code

    async def mirror(self) -> dict[str, Json]:
        """Everybody as HR's mirror has them."""
        await self.registry.quiet()
        found = await self.registry.every("/hr/employees") + await self.registry.every("/hr/departments")
        return {one["id"]: one for one in found}

    async def left(self) -> set[str]:
        """Who has left."""
        return {key for key, one in (await self.mirror()).items() if (one.get("now") or {}).get("status") == "left"}

    async def facts(self) -> int:
        """How many facts were told."""
        return int(await self.registry.mongo.collection("journal").count_documents({}))


def states(mirror: dict[str, Json]) -> dict[str, Json]:
    """What holds of everybody; a list that says it again is a newer word for the same."""
    return {key: one.get("now") or one["applied"] for key, one in mirror.items()}


@pytest.fixture(scope="module")
async def accepted(shared: Environment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Registry]:
    """Registry, running, with the first list taken."""
    async with Registry(shared, tmp_path_factory.mktemp("registry")).running() as registry:
        one = Feed(registry)
        assert (await one.take(one.people, one.units))["state"] == "done"
        await registry.remember()
        yield registry


@pytest.fixture
async def feed(accepted: Registry) -> Feed:
    """The company right after its first list."""
    await accepted.rewind()
    return Feed(accepted, 1)


async def test_a_list_that_lost_thirty_per_cent_changes_nothing_until_a_person_releases_it(feed: Feed) -> None:
    cut = int(len(feed.people) * (1 - LEAST))
    lost = {row[0] for row in feed.people[cut:]}
    renamed = [feed.people[0], (feed.people[1][0], "改名", *feed.people[1][2:]), *feed.people[2:cut]]
    before, published = await feed.mirror(), await feed.facts()
    held = await feed.take(renamed)
    assert (held["state"], held["counts"]["gone"]) == ("held", len(lost))
    assert {one["id"] for one in held["missing"]} == lost
    assert all(one["name"] and one["department"] for one in held["missing"])
    assert f"{len(lost)} / {len(feed.people) - 1}" in held["why_held"][0]
    assert (await feed.mirror(), await feed.facts()) == (before, published)
    assert await feed.decide(held, "release", HR) == 403
    assert await feed.decide(held, "release") == 200
    assert (await feed.registry.ended(held["id"]))["state"] == "done"
    assert await feed.left() == lost
    assert (await feed.mirror())[feed.people[1][0]]["now"]["name"] == "改名"


async def test_after_a_rejection_the_next_list_is_compared_with_the_last_accepted_one(feed: Feed) -> None:
    held = await feed.take(feed.people[:200])
    assert await feed.decide(held, "rejection") == 200
    assert await feed.decide(held, "release") == 409
    assert await feed.left() == set()
    good = await feed.take([row for row in feed.people if row[0] not in {"00398", "00399"}])
    assert (good["state"], good["baseline"] == held["baseline"], good["counts"]["gone"]) == ("done", True, 2)
    assert await feed.left() == {"00398", "00399"}
    back = await feed.take(feed.people)
    assert (back["state"], back["baseline"], await feed.left()) == ("done", good["id"], set())


async def test_what_was_cut_off_is_refused_or_held_and_a_list_of_changes_deletes_nobody(feed: Feed) -> None:
    before, registry = await feed.mirror(), feed.registry
    no_company = await feed.take(feed.people, [row for row in feed.units if row[0] != "C2"])
    assert (no_company["state"], [one["id"] for one in no_company["missing"]]) == ("held", ["C2"])
    assert "C2" in no_company["why_held"][1]

    workbook, text = lists.as_xlsx(feed.people), lists.as_csv(feed.people)
    for content, code in ((workbook[: len(workbook) // 2], "file.unreadable"), (text[:30], "run.empty")):
        refused = await registry.ask("POST", "/hr/files", roles=HR, content=content, source="hr", kind="full")
        assert (refused.status_code, refused.json()["type"].endswith(code)) == (422, True), refused.text
    assert (await registry.ended(await registry.file(text[: len(text) // 2], "half")))["state"] == "held"
    assert await feed.mirror() == before

    few = await feed.take(feed.people[:3], feed.units[:3], kind="delta")
    assert (few["state"], few["counts"]["gone"], few["missing"]) == ("done", 0, [])
    assert states(await feed.mirror()) == states(before)
