"""Whatever an office system suffers: after it healed it lists exactly our open to-dos, and was never called too fast.

One notify and three office systems for all storms, one after the other: what one left behind the next one meets.
"""

import time
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from services.notify.findings import look
from tests.support.actors.oa import Oa
from tests.support.harness.environment import Environment
from tests.support.harness.waiting import eventually
from tests.support.vendors.generic import SECRET
from tests.support.vendors.vendor import Vendor

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


@pytest.fixture(scope="module")
async def oa(shared: Environment, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Oa]:
    async with Oa(shared, tmp_path_factory.mktemp("oa")).up() as running:
        yield running


async def told_the_truth(oa: Oa, name: str) -> None:
    """The log and the office system say the same of every call."""

    def effects() -> set[tuple[str, int]]:
        return {(published.todo, published.stamp) for published in oa.vendors[name].published}

    log, before = await oa.delivered(name), effects()

    async def ended() -> bool:  # a comparison that was begun in the storm may send something again at any moment
        nonlocal log, before
        before = effects()  # first, for an entry is written before its call, and completed after it
        log = await oa.delivered(name)
        return all(entry["outcome"] != "sending" for entry in log)

    await eventually(ended, what="every call has ended")
    # passing on to somebody else may take two calls under one entry: the second number is the first and one
    numbers = {(entry["todo"], entry["seq"] + more) for entry in log for more in (0, 1)}
    assert before <= numbers, "no effect without an entry in the log"
    done = {(entry["todo"], entry["seq"]) for entry in log if entry["outcome"] == "done"}
    assert done <= effects(), "nothing is called done that had no effect"
    assert {entry["outcome"] for entry in log} <= {"done", "unavailable", "postponed"}
    assert all(entry["answer"] for entry in log if entry["outcome"] == "unavailable"), "every failure has its reason"


def never_too_fast(vendor: Vendor) -> None:
    """As the office system measured it, in every window that it documents."""
    assert [one for one in vendor.sky.busiest() if one["most"] > one["limit"]] == [], vendor.sky.busiest()
    assert vendor.sky.refused == 0


def quiet(vendor: Vendor) -> bool:
    """Whether nothing is late any more."""
    return vendor.on_the_way == 0


async def healed(oa: Oa) -> None:
    """After it healed everything is equal, told truly, and was never too fast."""
    oa.weather()
    await oa.agreed()
    for name, vendor in oa.vendors.items():
        await eventually(partial(quiet, vendor))  # what was late is there now …
        assert vendor.open == oa.reviews.open, f"{name}: … and overwrote nothing"
        never_too_fast(vendor)
        await told_the_truth(oa, name)


def busier(oa: Oa, by: int) -> Callable[[], bool]:
    """Whether every vendor was called that often since now."""
    before = oa.calls()
    return lambda: all(count >= before[name] + by for name, count in oa.calls().items())


@pytest.mark.parametrize("storm", STORMS)
async def test_every_office_system_agrees_after(oa: Oa, storm: str) -> None:
    oa.weather(**STORMS[storm])
    felt = busier(oa, 12)
    await oa.stream(REVIEWS)
    await eventually(felt, what="the storm was felt")
    await oa.stream(REVIEWS)
    await healed(oa)


async def test_every_office_system_agrees_after_its_token_expired(oa: Oa) -> None:
    await oa.stream(REVIEWS)
    fresh_secrets = {"weaver": "t2", "feishu": "", "generic": f"{SECRET[:-4]}AAA="}
    for name, vendor in oa.vendors.items():
        vendor.expire(fresh_secrets[name])
    await oa.stream(REVIEWS)

    async def given_up() -> bool:
        states = {one["name"]: one["breaker"] for one in await oa.get("/oa/channels")}
        return states == {"weaver": "open", "feishu": "closed", "generic": "open"}  # 飞书 gives a new token itself

    await eventually(given_up)
    for name in ("weaver", "generic"):
        (oa.home / f"{name}.secret").write_text(fresh_secrets[name], encoding="utf-8")
    await healed(oa)


async def test_every_office_system_agrees_after_a_day_down(oa: Oa) -> None:
    await oa.stream(REVIEWS)
    await oa.agreed()
    oa.weather(down=True)
    await oa.stream(REVIEWS)

    async def given_up() -> bool:
        return [one["breaker"] for one in await oa.get("/oa/channels")] == ["open"] * 3

    await eventually(given_up)
    found = await look(oa.mongo)
    assert {what[1].split()[1] for what, _ in found} == set(oa.vendors), "doctor names each, with its remedy"
    assert all("maintenance" in what[1] and remedy[0] for what, remedy in found)
    before, tried, since = oa.calls(), busier(oa, 3), time.monotonic()
    await oa.stream(REVIEWS)
    await eventually(tried, what="it is tried again, one call at a time")
    most = max(count - before[name] for name, count in oa.calls().items())
    assert most <= max(8, 2 * (time.monotonic() - since)), "and left in peace otherwise: it rests a second each time"
    await healed(oa)

    async def closed() -> bool:  # noted at the end of the turn in which the last one was pushed
        return [one["breaker"] for one in await oa.get("/oa/channels")] == ["closed"] * 3

    await eventually(closed)
    assert await look(oa.mongo) == []
