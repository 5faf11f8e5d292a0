"""People of the example enterprise at work on the registry, and review played by its facts."""

import asyncio
from pathlib import Path
from typing import Any

import yaml
from httpx import Response

from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

ROOT = Path(__file__).parents[3]
ADMINISTRATOR: Json = {"by": "administrator", "roles": ("administrator@*",)}
OFFICER: Json = {"by": "E011", "roles": ("party_work_department@committee",)}
ELSEWHERE: Json = {"by": "E999", "roles": ("party_work_department@other",)}
HIDDEN = "工程党支部"
SECRETARY: Json = {"by": "E301"}
VIEWER: Json = {"by": "E104"}
MASKED: Json = {"state": "masked", "shown": "**党支部", "visible_to": ["branch_secretary"], "value": HIDDEN}
RESOLUTION = {
    "number": "党委决议〔2026〕3号", "meeting": "党委会〔2026〕第5次", "held_on": "2026-03-20",
    "expected": 9, "present": 8, "in_favour": 7, "against": 0, "abstained": 1,
}  # fmt: skip


class Office:
    """The registry with the example enterprise in it."""

    def __init__(self, standing: ServiceHarness) -> None:
        self.standing = standing
        self.mongo = standing.service.mongo

    async def load(self) -> None:
        """Record the organisations and people of the example."""
        content = yaml.safe_load((ROOT / "examples" / "enterprise.yaml").read_text(encoding="utf-8"))
        for key, row in content["organisations"].items():
            await self.done("PUT", f"/organisations/{key}", json=_plain(row), **ADMINISTRATOR)
        people = content["people"].items()
        await asyncio.gather(
            *(self.done("PUT", f"/people/{key}", json=_plain(row), **ADMINISTRATOR) for key, row in people)
        )

    async def ask(self, method: str, path: str, **more: Any) -> Response:  # noqa: ANN401 - see ServiceHarness.ask
        """As ``ServiceHarness.ask``."""
        return await self.standing.ask(method, path, **more)

    async def done(self, method: str, path: str, **more: Any) -> Json:  # noqa: ANN401 - see ServiceHarness.ask
        """The body of an answer that must be a success."""
        answer = await self.ask(method, path, **more)
        assert answer.is_success, answer.text
        body: Json = answer.json()
        return body

    async def refused(self, method: str, path: str, **more: Any) -> tuple[int, str, str | None]:  # noqa: ANN401
        """Status, code and field of an answer that must be a problem, in both languages."""
        answer = await self.ask(method, path, **more)
        body = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        assert body["detail"] != body["detail_en"]
        return answer.status_code, body["type"].removeprefix("/problems/"), body.get("field")

    async def brand(self, key: str = "1010", who: Json = SECRETARY) -> Json:
        """A brand as somebody sees it."""
        return await self.done("GET", f"/brands/{key}", **who)

    async def begun(self, key: str = "1010", owner: str = "engineering", who: Json = SECRETARY, **text: Any) -> Json:  # noqa: ANN401
        """A new brand with a known name."""
        document = {"name": {"state": "known", "value": key}, **text}
        return await self.done("POST", "/brands", json={"id": key, "owner": owner, "document": document}, **who)

    async def handed_in(self, key: str = "1010", who: Json = SECRETARY) -> Json:
        """Hand a brand's text in; returns what review was told."""
        answer = await self.done("POST", f"/brands/{key}/submission", **who)
        events = self.mongo.collection("journal")
        where = {"type": "registry.brand.submitted.v1", "subject": key, "sequence": answer["version"]}

        async def published() -> bool:
            return await events.count_documents(where) == 1

        await eventually(published)
        return dict((await events.find_one(where) or {})["data"])

    async def published(self, kind: str, count: int = 1, **fields: Any) -> list[Json]:  # noqa: ANN401 - any values
        """What the relay told of one kind, oldest first; waits until there are so many."""
        journal, where = self.mongo.collection("journal"), {f"data.{name}": value for name, value in fields.items()}
        found: list[Json] = []

        async def there() -> bool:
            found[:] = [dict(row["data"]) async for row in journal.find({"type": kind, **where}, sort=[("time", 1)])]
            return len(found) >= count

        await eventually(there)
        return found

    async def review_says(self, what: str, sequence: int, data: Json, **more: Any) -> None:  # noqa: ANN401
        """Publish a fact of review."""
        await self.standing.tell(f"review.{what}.v1", data["review"], sequence, data, **more)

    async def becomes(self, wanted: Json, key: str = "1010") -> Json:
        """Wait until a brand has these fields; returns it."""
        seen: Json = {}

        async def there() -> bool:
            seen.update(await self.brand(key))
            return wanted.items() <= seen.items()

        await eventually(there)
        return seen

    async def approved(self, key: str = "1010", owner: str = "engineering", who: Json = SECRETARY) -> Json:
        """A brand that the committee approved."""
        await self.begun(key, owner, who)
        fact = await self.handed_in(key, who)
        await self.review_says("review.concluded", 5, conclusion(fact))
        return await self.becomes({"state": "approved"}, key)


def conclusion(fact: Json, outcome: str = "approved", **more: Any) -> Json:  # noqa: ANN401 - any fields
    """Review's last fact on what was handed in."""
    return {
        **{name: fact[name] for name in ("review", "brand", "owner", "name", "document", "revision")},
        "outcome": outcome, "resolution": RESOLUTION if outcome == "approved" else None, "reason": None,
        "concluded_by": "E011", "drafter": fact["submitted_by"], **more,
    }  # fmt: skip


def _plain(row: Any) -> Any:  # noqa: ANN401 - YAML has dates, JSON has none
    if isinstance(row, dict):
        return {name: _plain(part) for name, part in row.items()}
    if isinstance(row, list):
        return [_plain(part) for part in row]
    return row if isinstance(row, str | int | None) else row.isoformat()
