"""The year after a naming: plaques, activities, and the recheck."""

from datetime import date, timedelta
from typing import Any

from tests.support.actors.batch import OFFICE, OFFICER, Enterprise
from tests.support.harness.waiting import eventually

Json = dict[str, Any]


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
