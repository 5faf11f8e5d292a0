"""A whole batch: sixty branches, a shortlist, a panel, a public notice, levels, plaques; then next year's recheck."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from examples.client import Refusal
from tests.conftest import Ground
from tests.support.batch import (
    BRANCHES,
    JUDGES,
    OFFICE,
    OFFICER,
    REVIEWER,
    SECRETARY,
    SUPERVISOR,
    Enterprise,
    at_once,
)
from tests.support.led import Led
from tests.support.system import ROOT

Json = dict[str, Any]
KEY = "batch-2025-1"
RUBRIC = (ROOT / "services/review/scoring/rubrics/brand.json").read_text(encoding="utf-8")
GREATEST = {"identity": 10, "meaning": 15, "mechanism": 15, "carriers": 20, "outcomes": 25, "promotion": 15}
LEVELS = [
    {"level": "exemplary", "title": "示范", "title_en": "Exemplary", "portion": "0.1", "least": "90"},
    {"level": "excellent", "title": "优秀", "title_en": "Excellent", "portion": "0.4"},
    {"level": "established", "title": "达标", "title_en": "Established", "portion": "0.3"},
]


@asynccontextmanager
async def enterprise(ground: Ground, home: Path) -> AsyncIterator[Enterprise]:
    """Registry, review and activities in the spring of 2025, the branches' brands approved."""
    led = Led(ground, home, ("registry", "review", "activities"), date(2025, 3, 3))
    async with led.running():
        await led.ready()
        its = Enterprise(led)
        try:
            await its.settle()
            await its.build_brands()
            yield its
        finally:
            await its.client.close()


class Batch:
    """The campaign, act by act, and its printed report."""

    def __init__(self, its: Enterprise) -> None:
        self._its, self._client, self.lead = its, its.client, its.system.lead

    async def do(self, person: str, path: str, body: Json | None = None, *roles: str) -> Json:
        """One command about the campaign."""
        return dict(await self._client.post(person, "review", f"/campaigns/{KEY}{path}", body or {}, *roles))

    async def office(self, path: str, body: Json | None = None) -> Json:
        """One command by the work department."""
        return await self.do(OFFICER, path, body, OFFICE)

    async def file(self) -> Json:
        """The whole file."""
        return dict(await self._client.get(OFFICER, "review", f"/campaigns/{KEY}/file", OFFICE))

    async def plan(self) -> None:
        """Planned and opened."""
        rubric = json.loads(RUBRIC)
        plan = {
            "id": KEY,
            "title": "2025年第一批党建品牌",
            "title_en": "First batch of 2025",
            "committee": "committee",
            "topic": "党建与中心工作深度融合",
            "emphasis": ["service_quality", "equipment_support"],
            "opens_on": "2025-03-03",
            "closes_on": "2025-03-31",
            "cut": {"seats": 12, "ratio": "1.2"},
            "rubric": rubric,
            "levels": LEVELS,
            "awards": [{"award": "innovation", "title": "创新奖", "title_en": "Innovation", "number": 1}],
        }
        await self._client.post(OFFICER, "review", "/campaigns", plan, OFFICE)
        await self.office("/opening")

    async def enrol(self) -> None:
        """Every secretary enrols the branch's brand: one click, nothing is typed twice."""
        await at_once(
            self.do(f"S{branch[-2:]}", "/entrants", {"brand": self._its.brands[branch]}) for branch in BRANCHES
        )
        await self.office("/enrolment/closure")

    async def shortlist(self) -> list[str]:
        """First assessment: the smaller a branch's number, the better."""
        self.lead(date(2025, 4, 10))
        for place, branch in enumerate(BRANCHES):
            body = {"points": str(100 - place), "gate": True}
            path = f"/campaigns/{KEY}/entrants/{self._its.brands[branch]}/rating"
            await self._client.put(OFFICER, "review", path, body, OFFICE)
        await self.office("/shortlist")
        return list((await self._client.get("M01", "review", f"/campaigns/{KEY}"))["shortlist"])

    async def score(self, finalists: list[str]) -> None:
        """Seven judges, one of them of an entrant's own branch, one who stands back; an outlier gives a reason."""
        self.lead(date(2025, 4, 22))
        await self.office("/panel", {"judges": list(JUDGES), "supervisors": [SUPERVISOR], "quorum": 5})
        stood_back = {"judge": "J2", "reason": "曾参与该品牌创建"}
        await self.do("J2", f"/cards/{finalists[1]}/recusals", stood_back)
        recused = {("J1", finalists[0]), ("J2", finalists[1])}
        for place, brand in enumerate(finalists):
            for n, judge in enumerate(JUDGES):
                if (judge, brand) not in recused:
                    share = 0.55 if (judge, brand) == ("J7", finalists[4]) else 0.97 - place / 100 - n / 1000
                    await self._sheet(judge, brand, share)
        with pytest.raises(Refusal, match="not_judge"):
            await self._sheet("J1", finalists[0], 0.9)
        await self.do(SUPERVISOR, "/reveal")
        with pytest.raises(Refusal, match="results_open"):
            await self.office("/levels")
        await self.do("J7", f"/cards/{finalists[4]}/reason", {"reason": "现场展示与申报材料不符。"})

    async def _sheet(self, judge: str, brand: str, share: float) -> None:
        points = {key: f"{most * share:.2f}" for key, most in GREATEST.items()}
        rubric = {"points": points, "gates": {"branch_standard_met": True}}
        await self._client.put(judge, "review", f"/campaigns/{KEY}/cards/{brand}/sheet", {"marks": rubric})

    async def grade(self, finalists: list[str]) -> None:
        """Levels by rank, an award, the exemplar."""
        self.lead(date(2025, 4, 28))
        await self.office("/levels")
        await self.office("/awards", {"award": "innovation", "brand": finalists[5], "reason": "工作法新颖"})
        body = {"brand": finalists[0], "reason": "规范完善、可复制"}
        await self._client.put(OFFICER, "review", f"/campaigns/{KEY}/exemplar", body, OFFICE)

    async def give_notice(self, struck: str) -> None:
        """Five working days; the Labour Day holiday is not counted. One objection is upheld."""
        self.lead(date(2025, 4, 29))
        await self.office("/notice")
        for question in ("secrecy", "necessity", "accuracy"):
            await self.do(REVIEWER, "/notice/answers", {"question": question, "passed": True}, OFFICE)
        await self.do(SECRETARY, "/notice/approval")
        await self.office("/notice/publication", {"where": "党务公开栏", "on": "2025-04-29"})
        assert (await self.file())["notice_ends"] == "2025-05-09"
        self.lead(date(2025, 5, 7))
        said = {"brand": struck, "text": "成效数据与台账不符", "raised_by": "职工张某"}
        await self.office("/notice/objections", said)
        with pytest.raises(Refusal, match="notice_running"):
            await self.name()
        found = {"upheld": True, "reason": "经核实，数据有误", "reply": "已核实，取消该品牌本批命名。"}
        await self.office("/notice/objections/1/finding", found)

    async def name(self) -> Json:
        """The committee resolves."""
        figures = {"expected": 9, "present": 8, "in_favour": 8, "against": 0, "abstained": 0}
        meeting = {"number": "党委决议〔2025〕12号", "meeting": "2025年第9次党委会", "held_on": "2025-05-12"}
        return await self.office("/naming", {**meeting, **figures})

    async def report(self) -> str:
        """As printed."""
        system = self._its.system
        headers = {"Authorization": f"Bearer {system.token(OFFICER, [OFFICE])}"}
        async with httpx.AsyncClient(base_url=system.urls["review"], trust_env=False, headers=headers) as client:
            return (await client.get(f"/campaigns/{KEY}/report")).raise_for_status().text


class NextYear:
    """The year after the naming: plaques, a lived brand and two silent ones, and what the recheck makes of them."""

    def __init__(self, its: Enterprise) -> None:
        self._its, self._client, self.lead = its, its.client, its.system.lead

    async def standing(self, brand: str) -> Json:
        """A brand's standing as the work department sees it."""
        return dict(await self._client.get(OFFICER, "review", f"/standings/{brand}", OFFICE))

    async def stands(self, brand: str, **wanted: str | None) -> Json:
        """Wait until it stands like this."""
        seen: list[Json] = []

        async def there() -> bool:
            seen.append(await self.standing(brand))
            return all(seen[-1][name] == value for name, value in wanted.items())

        await eventually(there, what=f"{brand} {wanted}")
        return seen[-1]

    async def award(self, brands: list[str]) -> None:
        """Flag and plaque for each named brand, before all members."""
        self.lead(date(2025, 6, 30))
        for n, brand in enumerate(brands, 1):
            body = {"brand": brand, "number": f"2025-{n:02}", "awarded_on": "2025-06-30", "occasion": "庆祝建党104周年"}
            await self._client.post(OFFICER, "registry", "/plaques", {**body, "flag": True}, OFFICE)

    async def live(self, branch: str, days: list[date]) -> None:
        """The branch files and holds its activities; everybody was there."""
        secretary, member = f"S{branch[-2:]}", f"M{branch[-2:]}"
        for day in days:
            self.lead(day)
            plan = {"kind": "open_day", "title": "品牌开放日", "place": "党员之家", "content": "互访交流"}
            body = {**plan, "organisation": branch, "brand": self._its.brands[branch]}
            body["starts_at"] = f"{day}T14:00:00+08:00"
            filed = await self._client.post(secretary, "activities", "/activities", body)
            self.lead(day + timedelta(days=1))
            roster = await self._client.get(OFFICER, "registry", f"/organisations/{branch}/roster", OFFICE)
            sheet = {
                "started_at": f"{day}T14:00:00+08:00",
                "ended_at": f"{day}T16:00:00+08:00",
                "chair": secretary,
                "recorder": member,
                "present": [one["person"] for one in roster["people"]],
                "on_leave": [],
                "content": plan["content"],
            }
            await self._client.post(secretary, "activities", f"/activities/{filed['id']}/record", sheet)

    async def recheck(self, brand: str, outcome: str) -> Json:
        """Opened with the evidence of 2025, decided by the committee; returns the evidence."""
        path = f"/standings/{brand}/rechecks"
        await self._client.post(OFFICER, "review", path, {"year": 2025}, OFFICE)
        body = {"outcome": outcome, "reason": "党委会研究", "on": self._its.system.day.isoformat()}
        decided = {**body, "resolution": "党委决议〔2026〕3号"}
        await self._client.post(OFFICER, "review", f"{path}/2025/decision", decided, OFFICE)
        (found,) = (await self.standing(brand))["rechecks"]
        return dict(found["evidence"])


async def test_sixty_branches_from_the_plan_to_the_plaques_and_through_the_next_year(
    ground: Ground, tmp_path: Path
) -> None:
    async with enterprise(ground, tmp_path) as its:
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
            return (await its.client.get(OFFICER, "review", path, OFFICE, year="2025"))["activities"] == 4

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
