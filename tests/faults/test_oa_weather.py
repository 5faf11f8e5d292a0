"""Whatever an office system suffers: after it healed it lists exactly our open to-dos, none twice, never called too fast."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notify.findings import look
from tests.conftest import Ground
from tests.support.oa import Oa, Simulator
from tests.support.standing import Json
from tests.support.waiting import eventually

STORMS: dict[str, dict[str, float | bool]] = {
    "requests are lost": {"lost_before": 0.2},
    "answers are lost": {"lost_after": 0.2},
    "calls are delayed": {"delay": 0.7},
    "calls arrive twice": {"twice": 0.4},
    "calls take effect out of order": {"late": 0.4},
    "it answers 500": {"error": 0.3},
    "others use up its limit": {"busy": 0.1},
}
REVIEWS = 9


@pytest.fixture
async def oa(ground: Ground, tmp_path: Path) -> AsyncIterator[Oa]:
    async with Oa(ground, tmp_path).up() as running:
        yield running


async def told_the_truth(oa: Oa, vendor: Simulator) -> None:
    """The log and the office system say the same of every call."""
    state, log = await vendor.state(), await oa.log(vendor.name)
    # passing on to somebody else may take two calls under one entry: the second number is the first and one
    numbers = {(entry["todo"], entry["seq"] + more) for entry in log for more in (0, 1)}
    effects = {(told["todo"], told["stamp"]) for told in state["told"]}
    assert effects <= numbers, "no effect without an entry in the log"
    done = {(entry["todo"], entry["seq"]) for entry in log if entry["outcome"] == "done"}
    assert done <= effects, "nothing is called done that had no effect"
    assert {entry["outcome"] for entry in log} <= {"done", "unavailable", "postponed"}
    assert all(entry["answer"] for entry in log if entry["outcome"] == "unavailable"), "every failure has its reason"


def never_too_fast(name: str, state: Json) -> None:
    """As the office system measured it, in every window that it documents."""
    assert [one for one in state["busiest"] if one["most"] > one["limit"]] == [], f"{name}: {state['busiest']}"
    assert state["refused_as_too_fast"] == 0


async def healed(oa: Oa) -> None:
    """After it healed everything is equal, told truly, and was never too fast."""
    await oa.weather()
    await oa.agreed()
    for name, vendor in oa.vendors.items():

        async def arrived(vendor: Simulator = vendor) -> bool:
            return (await vendor.state())["on_the_way"] == 0

        await eventually(arrived)  # what was late is there now, and overwrote nothing
        assert await vendor.open() == oa.reviews.open, name
        never_too_fast(name, await vendor.state())
        await told_the_truth(oa, vendor)


@pytest.mark.parametrize("storm", STORMS)
async def test_every_office_system_agrees_after(oa: Oa, storm: str) -> None:
    await oa.tell("r0", {"1001": "open", "1002": "open"})
    await oa.agreed()
    await oa.weather(**STORMS[storm])
    await oa.stream(1, REVIEWS)
    before = await oa.calls()

    async def busy() -> bool:
        return all(count >= before[name] + 12 for name, count in (await oa.calls()).items())

    await eventually(busy, 30, "the storm was felt")
    await oa.stream(1, REVIEWS)
    await healed(oa)


async def test_every_office_system_agrees_after_its_token_expired(oa: Oa) -> None:
    from tests.support.vendors.generic import SECRET

    await oa.stream(1, REVIEWS)
    fresh = {"weaver": "t2", "feishu": "", "generic": f"{SECRET[:-4]}AAA="}
    await asyncio.gather(*(vendor.expire(fresh[name]) for name, vendor in oa.vendors.items()))
    await oa.stream(1, REVIEWS)

    async def given_up() -> bool:
        states = {one["name"]: one["breaker"] for one in await oa.get("/oa/channels")}
        return states == {"weaver": "open", "feishu": "closed", "generic": "open"}  # 飞书 gives a new token itself

    await eventually(given_up)
    for name in ("weaver", "generic"):
        (oa.home / f"{name}.secret").write_text(fresh[name], encoding="utf-8")
    await healed(oa)


async def test_every_office_system_agrees_after_a_day_down(oa: Oa) -> None:
    await oa.stream(1, REVIEWS)
    await oa.agreed()
    await oa.weather(down=True)
    await oa.stream(1, REVIEWS)

    async def given_up() -> bool:
        return [one["breaker"] for one in await oa.get("/oa/channels")] == ["open"] * 3

    await eventually(given_up)
    found = await look(oa.mongo)
    assert {what[1].split()[1] for what, _ in found} == set(oa.vendors), "doctor names each, with its remedy"
    assert all("maintenance" in what[1] and remedy[0] for what, remedy in found)
    before = await oa.calls()
    await oa.stream(REVIEWS, REVIEWS)

    async def tried() -> bool:
        return all(count >= before[name] + 2 for name, count in (await oa.calls()).items())

    await eventually(tried, 30, "it is tried again, one call at a time")
    assert max(count - before[name] for name, count in (await oa.calls()).items()) <= 6, "and left in peace otherwise"
    await healed(oa)
    assert [one["breaker"] for one in await oa.get("/oa/channels")] == ["closed"] * 3
    assert await look(oa.mongo) == []
