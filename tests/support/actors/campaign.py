"""The people of a batch run their campaign over HTTP, act by act."""

from datetime import date
from functools import partial
from typing import Any

import httpx
import pytest

from examples.client import Refusal
from tests.support.actors.batch import (
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
from tests.support.harness.waiting import eventually

Json = dict[str, Any]
KEY = "batch-2025-1"
GREATEST = {"identity": 10, "meaning": 15, "mechanism": 15, "carriers": 20, "outcomes": 25, "promotion": 15}
LEVELS = [
    {"level": "exemplary", "title": "示范", "title_en": "Exemplary", "portion": "0.1", "least": "90"},
    {"level": "excellent", "title": "优秀", "title_en": "Excellent", "portion": "0.4"},
    {"level": "established", "title": "达标", "title_en": "Established", "portion": "0.3"},
]


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
        rubric = (await self._client.get(OFFICER, "review", "/rubrics/brand", OFFICE))["items"][-1]
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

        async def enrolled(branch: str) -> bool:
            try:
                await self.do(f"S{branch[-2:]}", "/entrants", {"brand": self._its.brands[branch]})
            except Refusal as refusal:  # that it was approved goes to registry, and from there back to review
                if refusal.document["type"] not in {"/problems/campaign.not_approved", "/problems/brand.unknown"}:
                    raise
                return False
            return True

        await at_once(eventually(partial(enrolled, branch), what=f"{branch} enrols", pause=0.2) for branch in BRANCHES)
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
        await self.office("/notice/publication", {"where": "党务公开栏", "published_on": "2025-04-29"})
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
