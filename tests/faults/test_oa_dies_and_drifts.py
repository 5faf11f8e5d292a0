"""Notify is killed while it pushes, and people change the office system by hand: both sides agree again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from tests.support.actors.oa import Oa
from tests.support.chaos.doomed_office import STEPS
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually
from tests.support.vendors.vendor import Entry


@pytest.fixture
async def oa(environment: Environment, tmp_path: Path) -> AsyncIterator[Oa]:
    async with Oa(environment, tmp_path).up() as running:
        yield running


def removed(oa: Oa) -> None:
    """Somebody over there deletes a to-do."""
    todo, who = oa.reviews.open[0]
    for vendor in oa.vendors.values():
        vendor.by_hand(Entry(todo, who, "", "", "gone", 0))


async def test_killed_at_every_step_of_a_push_nothing_is_lost_shown_twice_or_overwritten(oa: Oa) -> None:
    oa.weather(late=0.2, twice=0.2)
    await oa.stream(6)
    await oa.agreed()
    for step in STEPS:
        await asyncio.to_thread(oa.stop, "notify")
        removed(oa)
        times = "1" if "comparison" in step else "15"
        await asyncio.to_thread(oa.run, "notify", "tests.support.chaos.doomed_office", step, times)
        await oa.stream(6)

        def dead() -> bool:
            removed(oa)  # again, for what is compared must differ
            return oa.processes["notify"].pid is None

        await eventually(dead, 120, f"it dies {step}")
        await oa.stream(3)
    oa.start("notify")
    await oa.ready(within=60)
    await oa.agreed()
    for name, vendor in oa.vendors.items():
        assert vendor.sky.refused == 0, "a restart makes no burst"
        # before the log: what comes meanwhile stands in it
        published = {(one.todo, one.stamp) for one in vendor.published}
        known = {(one["todo"], one["seq"] + more) for one in await oa.delivered(name) for more in (0, 1)}
        assert published <= known, "no effect without an entry in the log"

    async def repeated() -> bool:  # what goes on just now says the same as what was cut off, until it ends
        log = [one for name in oa.vendors for one in await oa.delivered(name)]
        newest: dict[tuple[str, str], int] = {}
        for one in log:
            if one["outcome"] == "done":
                key = one["channel"], one["todo"]
                newest[key] = max(one["seq"], newest.get(key, 0))
        cut = [one for one in log if one["outcome"] == "sending"]
        return bool(cut) and all(newest.get((one["channel"], one["todo"]), 0) > one["seq"] for one in cut)

    await eventually(repeated, what="what was cut off says so, and was repeated")


async def test_what_people_change_over_there_is_reported_and_mended(oa: Oa) -> None:
    await oa.tell("r1", {"1001": "open", "1002": "open", "1003": "open"})
    await oa.tell("r1", {"1003": "done"})
    await oa.agreed()
    for vendor in oa.vendors.values():
        vendor.by_hand(Entry("r1:check:1:1001", "1001", "", "", "gone", 0))  # deleted
        vendor.by_hand(Entry("r1:check:1:1002", "1002", "", "", "done", 1))  # done over there, not here
        vendor.by_hand(Entry("r1:check:1:1003", "1003", "", "", "open", 1))  # done here, opened again over there
        vendor.by_hand(Entry("r7:check:1:1004", "1004", "", "", "open", 1))  # added by nobody
    await oa.get("/oa/reconciliation", "POST")
    await oa.agreed()
    for name in oa.vendors:
        first, *_ = (await oa.get(f"/oa/drift/found?channel={name}"))[-1:]
        assert first["missing"] == ["r1:check:1:1001", "r1:check:1:1002"], name
        assert first["surplus"] == ["r1:check:1:1003", "r7:check:1:1004"], name

    async def clean() -> bool:
        last = await oa.get("/oa/reconciliation", "POST")
        return not any(one["missing"] or one["surplus"] or one["error"] for one in last)

    await eventually(clean)
    assert [(one["open_here"], one["open_there"]) for one in await oa.get("/oa/drift")] == [(2, 2)] * 3


async def test_who_has_another_user_over_there_by_now_keeps_one_to_do(oa: Oa) -> None:
    await oa.tell("r1", {"1001": "open", "1002": "open"})
    await oa.agreed()
    content = yaml.safe_load(oa.file.read_text(encoding="utf-8"))
    for channel in content["channels"]:
        channel["people"] = {"1001": "zhangsan", "1002": "lisi"}
    oa.file.write_text(yaml.safe_dump(content), encoding="utf-8")
    await asyncio.to_thread(oa.stop, "notify")
    await oa.tell("r1", {"1002": "done"})
    oa.start("notify")
    await oa.ready()
    wanted = [("r1:check:1:1001", "zhangsan")]
    await eventually(lambda: all(vendor.open == wanted for vendor in oa.vendors.values()))


async def test_a_channel_that_is_connected_later_shows_what_is_open_already(
    environment: Environment, tmp_path: Path
) -> None:
    async with Oa(environment, tmp_path, "weaver", "generic").up() as oa:
        both = oa.file.read_text(encoding="utf-8")
        await asyncio.to_thread(oa.stop, "notify")
        one = {"channels": [yaml.safe_load(both)["channels"][0]]}
        oa.file.write_text(yaml.safe_dump(one), encoding="utf-8")
        oa.start("notify")
        await oa.ready()
        await oa.tell("r1", {"1001": "open", "1002": "open"})
        await eventually(lambda: oa.vendors["weaver"].open == oa.reviews.open)
        assert oa.vendors["generic"].open == []
        await asyncio.to_thread(oa.stop, "notify")
        oa.file.write_text(both, encoding="utf-8")
        oa.start("notify")
        await oa.ready()
        await oa.agreed()
