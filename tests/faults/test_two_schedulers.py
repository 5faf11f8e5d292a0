"""Two replicas look for deadlines and one freezes for twice its lease as it is about to act: each fires once."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.integration.review.cast import (
    COMMITTEE,
    OFFICER,
    REGISTRY,
    SECRETARY,
    Ear,
    act,
    hand_in,
    listening,
    tell_registry,
)
from tests.support.actors.days import MONDAY, NOTICED, day, morning
from tests.support.harness.environment import Environment
from tests.support.harness.replicas import LEASE, Replicas
from tests.support.harness.service import Json
from tests.support.harness.waiting import eventually

CHECKS, NOTICES = 24, 8
FREEZES = CHECKS // 3
OFFICE = ("party_work_department@committee",)
CHECKED = [f"check{n}.r1" for n in range(CHECKS)]
SHOWN = [f"show{n}.r1" for n in range(NOTICES)]


async def begin(two: Replicas) -> None:
    """Reviews that wait for a check, and some that are shown publicly; all of them since the Monday."""
    await tell_registry(two)

    async def known() -> bool:  # or the check of a review would wait for nobody
        mirrors = ("organisations", "people", "block_types")
        return sum([await two.mongo.collection(name).count_documents({}) for name in mirrors]) == len(REGISTRY)

    await eventually(known, what="the registry's facts are known")

    async def published() -> bool:
        path = "/procedures/one-branch-one-brand"
        answer = await two.ask("PUT", path, by=OFFICER, roles=OFFICE, json=NOTICED, key="noticed")
        return answer.is_success

    await eventually(published, 60)
    for review in (*CHECKED, *SHOWN):
        await hand_in(two, review.removesuffix(".r1"), time=morning(MONDAY).isoformat())

    async def there() -> bool:
        page: Json = (await two.ask("GET", "/reviews?limit=200")).json()
        return bool(page["total"] == CHECKS + NOTICES)

    await eventually(there, 60)
    await asyncio.gather(*(put_up(two, review) for review in SHOWN))


async def put_up(two: Replicas, review: str) -> None:
    """From the check to the first day of the notice."""
    await act(two, SECRETARY, f"{review}/check", {"decision": "agree"})
    for question in ("secrecy", "necessity", "accuracy"):
        await act(two, OFFICER, f"{review}/notice/review", {"question": question, "passed": True})
    await act(two, COMMITTEE[0], f"{review}/notice/approval")
    await act(two, OFFICER, f"{review}/notice/publication", {"where": "公告栏"})


def fired(facts: Iterable[Json]) -> Counter[tuple[str, str, int]]:
    """How often each deadline was told, counting a repeated delivery of one fact once."""
    kinds = ("review.step.overdue.v1", "review.step.escalated.v1", "review.review.concluded.v1")
    once = {fact.get("_id") or fact["id"]: fact for fact in facts if fact["type"] in kinds}
    return Counter(
        (one["type"].split(".")[2], one["data"]["review"], one["data"].get("level", 0)) for one in once.values()
    )


def expected(*, levels: int, ended: bool) -> Counter[tuple[str, str, int]]:
    """Every deadline that has come, once."""
    late = [("overdue", review, 0) for review in CHECKED]
    told = [("escalated", review, level + 1) for review in CHECKED for level in range(levels)]
    return Counter([*late, *told, *(("concluded", review, 0) for review in SHOWN if ended)])


async def test_a_scheduler_that_freezes_while_it_is_about_to_act_fires_nothing_twice(
    environment: Environment, tmp_path: Path
) -> None:
    two = Replicas(environment, tmp_path)
    async with two.running(MONDAY, freeze_at=FREEZES), listening(environment) as ear:
        await begin(two)
        assert fired(await two.journal()) == Counter()
        two.to(day(5))  # the check was due by Thursday night, a level is told on Friday night
        await eventually(lambda: two.is_frozen("first"), 60, "the first freezes")
        since = time.monotonic()
        await told(two, ear, expected(levels=1, ended=False))  # the second has taken over
        await eventually(lambda: time.monotonic() - since > 2 * LEASE, 60)
        assert two.is_frozen("first")
        two.go_on("first")
        await eventually(lambda: len(two.done(FREEZES)) >= CHECKS, 60, "the first goes through all that it had found")
        assert two.done(FREEZES)[: FREEZES - 1] == ["decided"] * (FREEZES - 1)
        assert "decided" not in two.done(FREEZES)[FREEZES - 1 : CHECKS]
        assert fired(await two.journal()) == expected(levels=1, ended=False)

        two.to(day(8))  # the second level was on Tuesday night, the notices ended on Monday night
        await told(two, ear, expected(levels=2, ended=True))
        states = Counter([row["state"] async for row in two.mongo.collection("reviews").find({})])
        assert states == {"running": CHECKS, "approved": NOTICES}


async def told(two: Replicas, ear: Ear, wanted: Counter[tuple[str, str, int]]) -> None:
    """Everything that is wanted, and nothing else, stands in the journal and has reached a reader."""

    async def both() -> bool:
        return fired(await two.journal()) == wanted == fired(ear.consumed)

    await eventually(both, 120, "each deadline is told")
