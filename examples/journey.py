"""The journey of the example brands: drafted, checked, discussed, co-revised, resolved, awarded, shown and lived.

Made-up people call the four services over HTTP, as any client would. What was done already is not done again, so the
journey can be run twice, and it goes on where it was when a service died in the middle.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from examples import outcome
from examples.client import Client, Json, Refusal, Token, Watch
from examples.review import CHINA, OFFICE, OFFICER, Review

BRANDS = Path(__file__).parent / "brands.yaml"
OCCASION = "庆祝建党百年主题活动"
STEPS = ("draft", "secretary_check", "branch_discussion", "committee_co_revision", "committee_resolution")
PAUSE_SECONDS = 0.1
WITHIN_SECONDS = 120.0
Say = Callable[[str, int], None]


class Story:
    """One brand's way from its first draft to its plaque and its activity."""

    def __init__(self, client: Client, name: str, content: Mapping[str, Any], say: Say) -> None:
        self._client, self._name, self._say = client, name, say
        self._owner, self._document, self._script = content["owner"], content["document"], content["journey"]
        self._drafter = self._script["drafter"]

    async def walk(self) -> None:
        """Walk the whole way; returns when the brand has its plaque."""
        brand = await self.draft()
        last = -1
        while brand["state"] not in {"approved", "plaqued", "rejected"}:
            if brand["state"] == "draft":
                await self.submit(brand)
            elif brand["review"]:
                review = await self._review(brand["review"]).look_if_there()
                if review and review["state"] == "running" and review["version"] != last:
                    last = review["version"]
                    self._say(review["step_title"], STEPS.index(review["step"]))
                    await self._review(brand["review"]).act(review)
            await asyncio.sleep(PAUSE_SECONDS)
            brand = await self.look(brand["id"])
        await self._award(brand)
        await self._live(brand)
        self._say("完成 done", len(STEPS) + 2)

    def _review(self, key: str) -> Review:
        return Review(self._client, key, self._script)

    async def look(self, key: str) -> Json:
        """The brand as its drafter sees it."""
        return await self._client.get(self._drafter, "registry", f"/brands/{key}")

    async def draft(self) -> Json:
        """Make the first draft, or find the one that was made."""
        found = (await self._client.get(self._drafter, "registry", "/brands", owner=self._owner))["items"]
        if found:
            return await self.look(found[0]["id"])
        self._say("制定初稿", 0)
        body = {"owner": self._owner, "document": self._document}
        made = await self._client.post(self._drafter, "registry", "/brands", body)
        return await self.look(made["id"])

    async def submit(self, brand: Json) -> None:
        """Submit the text, amended where it was returned for that."""
        amended = self._script.get("amended")
        if amended and brand["review"] and any(brand["document"].get(field) != text for field, text in amended.items()):
            body = {"document": {**brand["document"], **amended}, "revision": brand["revision"]}
            await self._client.put(self._drafter, "registry", f"/brands/{brand['id']}/document", body)
        await self._client.post(self._drafter, "registry", f"/brands/{brand['id']}/submission", {})

    async def _award(self, brand: Json) -> None:
        if brand["state"] == "approved":
            self._say("授旗授牌", len(STEPS))
            body = {
                "brand": brand["id"],
                "number": f"示例-{self._name}",
                "awarded_on": datetime.now(UTC).astimezone(CHINA).date().isoformat(),
                "occasion": OCCASION,
                "flag": True,
            }
            await self._client.post(OFFICER, "registry", "/plaques", body, OFFICE)

    async def _live(self, brand: Json) -> None:
        plan = self._script.get("activity")
        if not plan:
            return
        self._say("开展活动", len(STEPS) + 1)
        secretary = self._script["secretary"]
        found = (await self._client.get(secretary, "activities", "/activities", brand=brand["id"]))["items"]
        if not found:
            start = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=1)
            body = {**plan, "organisation": self._owner, "brand": brand["id"], "starts_at": start.isoformat()}
            found = [await self._filed(secretary, body)]
        if found[0].get("state") == "planned":
            path = f"/activities/{found[0]['id']}/record"
            await self._client.post(secretary, "activities", path, await self._sheet(plan))

    async def _filed(self, person: str, body: Json) -> Json:
        """File the plan; the brand's existence may still be on its way from registry to activities."""
        async with asyncio.timeout(WITHIN_SECONDS):
            while True:
                try:
                    return await self._client.post(person, "activities", "/activities", body)
                except Refusal as refusal:
                    if refusal.document["type"] != "/problems/brand.unknown":
                        raise
                await asyncio.sleep(PAUSE_SECONDS)

    async def _sheet(self, plan: Mapping[str, Any]) -> Json:
        """All members took part but one, who was on leave."""
        roster = await self._client.get(OFFICER, "registry", f"/organisations/{self._owner}/roster", OFFICE)
        people = [one["person"] for one in roster["people"]]
        now = datetime.now(UTC).replace(microsecond=0)
        return {
            "started_at": (now - timedelta(hours=2)).isoformat(),
            "ended_at": now.isoformat(),
            "chair": self._script["secretary"],
            "recorder": self._drafter,
            "present": people[:-1],
            "on_leave": [{"person": people[-1], "reason": "值班"}],
            "content": plan["content"],
        }


async def run(
    urls: Mapping[str, str], token: Token, console: Console, watch: Watch | None = None, *, show: bool = True
) -> None:
    """Walk all brands through the journey side by side, then show the matrix; raises what a service refuses."""
    client = Client(urls, token, watch)
    content = yaml.safe_load(BRANDS.read_text(encoding="utf-8"))
    columns = (TextColumn("{task.fields[brand]:<14}"), BarColumn(), TextColumn("{task.description}"))
    try:
        with Progress(*columns, console=console) as progress:

            def teller(name: str) -> Say:
                row: TaskID = progress.add_task("", total=len(STEPS) + 2, brand=name)
                return lambda text, done: progress.update(row, description=text, completed=done)

            await asyncio.gather(*(Story(client, name, own, teller(name)).walk() for name, own in content.items()))
        if show:
            await outcome.show(client, console)
    finally:
        await client.close()
