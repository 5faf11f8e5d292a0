"""The departments' programs, and the party work department that looks at what they sent and mends it."""

from collections import Counter
from typing import Any

from examples.client import Client
from examples.review import OFFICE, OFFICER
from tests.support.actors.publishers import Binary, Json, Pika, Publisher, Structured
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

LIBRARY: dict[str, type[Structured] | type[Binary] | type[Pika]] = {
    **dict.fromkeys(("safety", "production", "logistics", "union", "hr"), Structured),
    **dict.fromkeys(("league", "innovation", "training", "publicity", "honour"), Binary),
    **dict.fromkeys(("equipment", "discipline", "audit"), Pika),
}
RAW_KEYS = {"safety": "safety.rescue.completed", "league": "league.event.held", "union": "union.contest.held"}


class Post:
    """The departments' programs; ``sent`` counts what the broker confirmed."""

    def __init__(self, system: System) -> None:
        make, vhost = system.environment.management.department, system.environment.name
        self.urls = {name: make(vhost, name, [f"{name}."]) for name in LIBRARY}
        self.sent = 0

    async def event(self, one: Json, library: type[Structured] | type[Pika] | None = None) -> None:
        """Send an event with the department's own library, or with another."""
        department = one["type"].partition(".")[0]
        speaker: Publisher = (library or LIBRARY[department])(self.urls[department])
        await speaker.event(one)
        self.sent += 1

    async def odd(self, department: str, what: Json | bytes, content_type: str | None) -> None:
        """Send an event, or bytes that are none."""
        if isinstance(what, dict):
            await self.event(what)
            return
        speaker: Publisher = LIBRARY[department](self.urls[department])
        await speaker.raw(RAW_KEYS.get(department, f"{department}.x"), what, content_type)
        self.sent += 1


class Office:
    """The party work department, looking at what came and mending it."""

    def __init__(self, system: System) -> None:
        self.client = Client(system.urls, system.token)

    async def get(self, path: str, **query: str) -> Any:  # noqa: ANN401 - any JSON
        """Read from activities."""
        return await self.client.get(OFFICER, "activities", path, OFFICE, **query)

    async def post(self, path: str, body: Json) -> Any:  # noqa: ANN401 - any JSON
        """Command activities."""
        return await self.client.post(OFFICER, "activities", path, body, OFFICE)

    async def put(self, path: str, body: Json) -> Any:  # noqa: ANN401 - any JSON
        """Put to activities."""
        return await self.client.put(OFFICER, "activities", path, body, OFFICE)

    async def arrivals(self) -> list[Json]:
        """What arrived, newest first."""
        return list((await self.get("/arrivals", limit="200"))["items"])

    async def arrived(self, count: int) -> list[Json]:
        """All arrivals, once there are so many and none is being worked on."""

        async def there() -> bool:
            states = [one["state"] for one in await self.arrivals()]
            return len(states) == count and "received" not in states

        await eventually(there, within=60, what=f"{count} arrivals")
        return await self.arrivals()

    async def known(self, rule: str, where: Json) -> None:
        """Wait until an event about this would have its effect, as a dry run says."""
        kept = (await self.get(f"/rules/{rule}"))["versions"][-1]
        wording = {name: value for name, value in kept.items() if name not in {"number", "by", "at"}}
        sample = {**wording["sample"], "data": {**wording["sample"]["data"], **where}}

        async def clear() -> bool:
            (trial,) = await self.post("/rules/dry-run", {"rule": wording, "event": sample})
            return trial["reason"] is None and bool(trial["organisations"])

        await eventually(clear, within=60, what=f"{rule} for {where}")

    async def rewrite(self, rule: str, key: str = "", **changes: Any) -> None:  # noqa: ANN401
        """A new version of a rule (or a rule under another key), put in force."""
        kept = (await self.get(f"/rules/{rule}"))["versions"][-1]
        wording = {name: value for name, value in kept.items() if name not in {"number", "by", "at"}} | changes
        await self.put(f"/rules/{key or rule}", wording)
        await self.post(f"/rules/{key or rule}/publication", {})

    async def effects(self) -> Counter[tuple[str, str]]:
        """Every effect there is, read as people read it."""
        found: Counter[tuple[str, str]] = Counter()
        for draft in (await self.get("/drafts", organisation="committee", limit="200"))["items"]:
            found["draft_activity", draft["title"]] += 1
        for brand in (await self.client.get(OFFICER, "registry", "/brands", OFFICE))["items"]:
            for point in (await self.get("/points", brand=brand["id"], limit="200"))["items"]:
                found["point", f"{point['indicator']}={point['value']:g}"] += 1
        for effect, path in (("reminder", "/reminders"), ("veto_hint", "/hints")):
            for one in (await self.get(path, organisation="committee", limit="200"))["items"]:
                found[effect, one["title"]] += 1
        return found
