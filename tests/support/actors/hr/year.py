"""A year in the life of a company: HR says what the script has, people decide, and every month's end is compared."""

import asyncio
from datetime import date
from typing import Any

from tests.support.actors.hr import lists
from tests.support.actors.hr.company import LONG_AGO, RETIRED
from tests.support.actors.hr.comparison import compare, compare_facts
from tests.support.actors.hr.deaths import Deaths
from tests.support.actors.hr.registry import Json, Registry
from tests.support.actors.hr.script import Asked, Script, day, last

AT_ONCE = 8
LOSES = 10
"""In this month a list comes that has lost almost a third of the people."""
DAYS = (1, 3, 15, 25)


class Year:
    """The script played to a registry."""

    def __init__(self, script: Script, registry: Registry, months: int = 12) -> None:
        self.script, self.registry = script, registry
        busy = script.busy
        days = [day(month, number) for month in range(1, months + 1) for number in DAYS]
        self.days = [one for one in days if one in busy or one.day == DAYS[-1]]
        self.deaths = Deaths(0, 0, [])
        self._before: set[str] = set()
        self.faulty = script.company.people_of("C2-D03")[0].number
        self.rows = 0

    async def founded(self) -> None:
        """The Party's side by its own work department, and HR's first full list."""
        put = self.registry.done
        for key, kind, parent in self.script.company.organisations:
            name = {"state": "known", "value": "离退休支部" if key == RETIRED else key}
            body = {"kind": kind, "name": name, "parent": parent, "valid_from": LONG_AGO.isoformat()}
            await put("PUT", f"/organisations/{key}", json=body)
        first = day(1, 1)
        await self._all(put("PUT", f"/people/{key}", json=self._person(key, first)) for key in self.script.members)
        pairs = [(one, other) for known, one, other, *_ in self.script.maps if known == first]
        body = {"since": LONG_AGO.isoformat()}
        await self._all(put("PUT", f"/hr/mappings/{one}/{other}", json=body) for one, other in pairs)
        tables = lists.people(self.script, first), lists.units(self.script, first)
        await self.list(lists.as_xlsx(*tables), "first")

    async def lived(self) -> None:
        """Month by month; each month's end is compared as a whole."""
        for today in self.days:
            self.registry.lead(today)
            async with self.deaths.of(today, self.registry):
                await self.day(today)
            await self.registry.quiet()
            if today.day == DAYS[-1]:
                await compare(self.script, self.registry, today)
        await compare_facts(self.script, self.registry, self.days)

    async def day(self, today: date) -> None:
        """What was planned takes effect; HR speaks; people decide; on the 25th there is the full list."""
        registry, said = self.registry, self.script.says[today]
        await registry.quiet()
        if said["unit"]:
            await registry.events(("department", one) for one in said["unit"])
            await registry.quiet()
        await registry.events(("employee", one) for one in said["event"])
        if said["delta"]:
            await self.list(lists.as_csv(lists.changes(said["delta"]), "gb18030"), f"changes {today}", kind="delta")
        for one in said["scim"]:
            await registry.directory(**one)
        await registry.quiet()
        await self._decide(today)
        if today.day == DAYS[-1]:
            await self._full(today)
        await registry.quiet()

    async def list(self, content: bytes, key: str, kind: str = "full") -> Json:
        """A list that is taken; the same upload a second time is the same list."""
        run = await self.registry.file(content, key, kind)
        if self.registry.day.month < 3:
            assert await self.registry.file(content, key, kind) == run
        ended = await self.registry.ended(run)
        assert ended["state"] == "done", ended["why_held"]
        self.rows += ended["counts"]["rows"]
        return ended

    async def _full(self, today: date) -> None:
        """Months take turns: a workbook with departments, or a text file without."""
        people = lists.people(self.script, today, self.faulty)
        if today.month == LOSES:
            await self._lost(people)
        self._before = {row[0] for row in people}
        even = today.month % 2 == 0
        content = lists.as_xlsx(people, lists.units(self.script, today)) if even else lists.as_csv(people)
        ended = await self.list(content, f"full {today}")
        gone = sum(missed == today for _, missed in self.script.missing)
        assert (ended["counts"]["gone"], ended["counts"]["faulty"]) == (gone, 1), ended["counts"]

    async def _lost(self, people: lists.Table) -> None:
        """A list without its last third is held; nothing of it is applied, and a person rejects it."""
        cut = len(people) * 7 // 10
        run = await self.registry.file(lists.as_csv(people[:cut]), "lost")
        held = await self.registry.ended(run)
        assert held["state"] == "held"
        assert {row[0] for row in people[cut:]} & self._before <= {one["id"] for one in held["missing"]}
        await self.registry.done("POST", f"/hr/runs/{run}/rejection", json={"reason": "名单不全"}, key="lost no")

    async def _decide(self, today: date) -> None:
        """People decide what the script has for this day, in its order."""
        todo = [one for one in self.script.asked if one.ended == today and one.outcome in {"confirmed", "declined"}]
        if not todo:
            return
        opened = await self.registry.every("/hr/proposals", state="open")
        ids: dict[Any, str] = {}
        for found in opened:
            about = found["suggestion"]
            ids[about["kind"], about["person"] or about["department"], about["organisation"], about["post"]] = found[
                "id"
            ]
        for no in (one for one in todo if one.outcome == "declined"):
            await self._decided(no, ids)
        await self._all(self._decided(one, ids) for one in todo if one.outcome == "confirmed")

    async def _decided(self, one: Asked, ids: dict[Any, str]) -> None:
        path, body = (
            ("rejection", {"reason": "维持现状"}) if one.outcome == "declined" else ("confirmation", one.choice)
        )
        assert one.name in ids, f"nobody asks {one}"
        key = f"{'-'.join(map(str, one.name))}-{one.ended}"
        await self.registry.done("POST", f"/hr/proposals/{ids[one.name]}/{path}", json=body or {}, key=key)

    def _person(self, number: str, today: date) -> Json:
        spans = last(self.script.members[number], today) or []
        posts = last(self.script.posts.get(number, []), today) or []
        return {
            "name": self.script.names[number],
            "memberships": [
                {"organisation": where, "status": "full_member", "since": since.isoformat()}
                for where, since, _ in spans
            ],
            "posts": [
                {"organisation": where, "post": post, "since": since.isoformat()} for post, (where, since, _) in posts
            ],
        }

    @staticmethod
    async def _all(steps: Any) -> None:  # noqa: ANN401 - awaitables
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(step: Any) -> None:  # noqa: ANN401
            async with gate:
                await step

        await asyncio.gather(*(one(step) for step in steps))
