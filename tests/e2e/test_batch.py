"""A whole batch: sixty branches, a shortlist, a panel, a public notice, levels, plaques; then next year's recheck."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from examples.client import Refusal
from tests.support.actors.batch import (
    BRANCHES,
    OFFICE,
    OFFICER,
    Enterprise,
)
from tests.support.actors.campaign import Batch
from tests.support.actors.next_year import NextYear
from tests.support.harness.environment import Environment
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

Json = dict[str, Any]


@asynccontextmanager
async def enterprise(environment: Environment, home: Path) -> AsyncIterator[Enterprise]:
    """Registry, review and activities in the spring of 2025, the branches' brands approved."""
    led = System(environment, home, ("registry", "review", "activities"), date(2025, 3, 3))
    async with led.running():
        await led.ready()
        its = Enterprise(led)
        try:
            await its.settle()
            await its.build_brands()
            yield its
        finally:
            await its.client.close()


@pytest.mark.slow
async def test_sixty_branches_from_the_plan_to_the_plaques_and_through_the_next_year(
    environment: Environment, tmp_path: Path
) -> None:
    async with enterprise(environment, tmp_path) as its:
        batch = Batch(its)
        await batch.plan()
        await batch.enrol()
        finalists = await batch.shortlist()
        assert finalists == [its.brands[branch] for branch in BRANCHES[:15]], "1:1.2 of twelve, rounded up"
        await batch.score(finalists)
        await batch.grade(finalists)
        await batch.give_notice(struck=finalists[2])
        its.system.lead(date(2025, 5, 12))
        assert (await batch.name())["stage"] == "named"
        report = await batch.report()
        grants = {one["brand"]: one for one in (await batch.file())["proposed"]}
        assert [one["level"] for one in grants.values()] == ["exemplary", *["excellent"] * 5, *["established"] * 4]
        assert (finalists[2] in grants, grants[finalists[5]]["awards"]) == (False, ["innovation"])
        assert grants[finalists[0]]["exemplar"]

        year = NextYear(its)
        for brand, grant in grants.items():
            await year.stands(brand, level=grant["level"], state="active")
        assert (await year.standing(finalists[2]))["level"] is None
        await year.award(list(grants))
        await year.live(BRANCHES[0], [date(2025, month, 10) for month in (7, 8, 9, 10)])
        its.system.lead(date(2026, 1, 15))
        first, second, third = finalists[0], finalists[1], finalists[3]

        async def lived() -> bool:
            path = f"/standings/{first}/evidence"
            evidence = await its.client.get(OFFICER, "review", path, OFFICE, year="2025")
            held, filed = evidence["activities"], evidence["filed_before_start"]  # two mirrors, each at its own time
            return bool(held == 4 and filed == 1)

        await eventually(lived, what="the evidence of the first brand")
        evidence = await year.recheck(first, "pass")
        assert (evidence["participation"], evidence["filed_before_start"], evidence["signals"]) == (1, 1, [])
        evidence = await year.recheck(second, "downgrade")
        assert "few_activities" in {one["threshold"] for one in evidence["signals"]}
        await year.recheck(third, "revoke")
        assert (await year.stands(first, state="active"))["level"] == "exemplary"
        assert (await year.stands(second, state="active"))["level"] == "established"
        assert (await year.stands(third, state="revoked"))["level"] is None

        async def out() -> bool:
            matrix = await its.client.get(OFFICER, "registry", "/matrix", OFFICE)
            return (matrix["coverage"]["covered"], matrix["coverage"]["eligible"]) == (59, 60)

        await eventually(out, what="a revoked brand counts no longer")
        ledger = (await its.client.get(OFFICER, "registry", "/plaques", OFFICE))["items"]
        (plaque,) = [line for line in ledger if line["to_be_returned"]]
        returned = {"returned_on": "2026-01-15", "received_by": "党委工作部"}
        await its.client.post(OFFICER, "registry", f"/plaques/{plaque['id']}/return", returned, OFFICE)
        with pytest.raises(Refusal, match="2027-01-15"):
            await its.client.post(f"S{BRANCHES[3][-2:]}", "registry", f"/brands/{third}/submission", {})
        show(report, {brand: await year.standing(brand) for brand in (first, second, third)})


def show(report: str, standings: dict[str, Json]) -> None:
    """The printed report: the batch, then what the recheck of the next year made of three of its brands."""
    lines = [f"{one['name']}  {one['state']}  {one['level'] or '—'}" for one in standings.values()]
    sys.stdout.write("\n".join((report, "年度复核 recheck of 2025", *lines, "")))
    for text in (
        "范围 eligible 60",
        "入围 shortlist 15",
        "回避 recusals 2",
        "异议 objections 1，成立 upheld 1",
        "示范",
    ):
        assert text in report
