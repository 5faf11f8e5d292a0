"""Other departments as they are: each with its own user at the broker and its own library, sending the catalogue."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pika  # type: ignore[import-untyped]
from aio_pika import Message, connect
from aio_pika.abc import HeadersType

from services.activities.app import shipped
from services.activities.inbound.model.rule import Wording
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

OPERATIONS = "operations-general-branch"
BRAND = "ops-gps"
STEWARD = ("party_work_department@committee",)
STRUCTURED = "application/cloudevents+json"
EXCHANGE = "departments"
SAMPLES: dict[str, Json] = {key: dict(rule.sample) for key, rule in shipped("rules", dict[str, Wording]).items()}
"""The sample event of each rule; two rules share an event where both take it."""
EVENTS: dict[str, Json] = {event["id"]: event for event in SAMPLES.values()}
TAKEN: dict[str, set[str]] = {
    "safety-incident-2026-031": {"safety-incidents"},
    "safety-incident-2026-032": {"safety-incidents", "safety-major-accident"},
    "safety-rescue-2026-007": {"safety-rescue"},
    "production-throughput-2026-06": {"production-milestone"},
    "equipment-overhaul-crane-12": {"equipment-overhaul"},
    "logistics-peak-2026-06-20": {"logistics-peak"},
    "union-contest-2026-05": {"union-contest"},
    "league-league-2026-11": {"league-event"},
    "innovation-suggestion-2026-118": {"adopted-suggestion"},
    "training-session-2026-21": {"training-session"},
    "publicity-article-2026-0612": {"published-article"},
    "discipline-case-2026-04-filed": {"discipline-case-filed"},
    "discipline-case-2026-04-closed": {"discipline-case-closed"},
    "hr-100238": {"retirement-farewell"},
    "hr-D-OPS-2": {"department-merged"},
    "honour-honour-2026-03": {"honour-granted"},
    "audit-finding-2026-09": {"audit-finding"},
    "audit-finding-2026-10": {"audit-major-finding"},
}
"""Which rules take which event, written down by hand."""


async def tell_enterprise(standing: ServiceHarness) -> None:
    """A general branch of the committee, its brand and secretary, and the HR departments that map to it."""
    branch = {"organisation": OPERATIONS, "name": "营运操作部党总支", "kind": "general_branch", "parent": "committee"}
    days = {"valid_from": "2020-01-01", "valid_to": None}
    await standing.tell("registry.organisation.recorded.v1", OPERATIONS, 1, branch | days)
    term = {"organisation": OPERATIONS, "since": "2021-07-01", "until": None}
    secretary = {"person": "3001", "name": "书记", "memberships": [{**term, "status": "full_member"}]}
    secretary |= {"posts": [{**term, "post": "branch_secretary"}]}
    await standing.tell("registry.person.recorded.v1", "3001", 1, secretary)
    brand = {"brand": BRAND, "owner": OPERATIONS, "name": "魅力GPS", "state": "plaqued", "focus": None}
    await standing.tell("registry.brand.recorded.v1", BRAND, 1, brand | {"level": None, "revision": 1})
    for department in ("D-OPS", "D-OPS-2"):
        await map_department(standing, department, OPERATIONS)

    async def known() -> bool:
        wanted = {"organisations": OPERATIONS, "people": "3001", "brands": BRAND}
        rows = [await standing.service.mongo.collection(name).find_one({"_id": key}) for name, key in wanted.items()]
        return all(rows)

    await eventually(known)


async def map_department(
    standing: ServiceHarness, department: str, organisation: str, since: str = "2021-01-01"
) -> None:
    """What registry tells when an HR department is mapped to a Party organisation."""
    key = f"{department}~{organisation}"
    data = {"mapping": key, "department": department, "organisation": organisation, "since": since, "until": None}
    await standing.tell("registry.mapping.recorded.v1", key, 1, data)

    async def known() -> bool:
        return bool(await standing.service.mongo.collection("mappings").find_one({"_id": key}))

    await eventually(known)


def url_of(environment: Environment, kind: str) -> str:
    """The broker's user of the department whose type this is, with a password that stays."""
    name = kind.partition(".")[0]
    return environment.management.department(
        environment.name, name, [f"{name}."], password=f"{environment.name}-{name}"
    )


async def send(
    url: str, key: str, body: bytes | Json, content_type: str = STRUCTURED, headers: HeadersType | None = None
) -> None:
    """Publish with plain aio-pika, confirmed; raises when the broker refuses."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    async with await connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        message = Message(raw, content_type=content_type, headers=headers or {})
        await asyncio.wait_for(exchange.publish(message, key), 30)


async def send_binary(url: str, event: Mapping[str, Any]) -> None:
    """Publish in binary mode: attributes are headers, the body is the data."""
    headers = {f"ce-{name}": value for name, value in event.items() if name not in {"data", "datacontenttype"}}
    await send(url, event["type"], json.dumps(event["data"]).encode(), "application/json", headers)


def send_with_pika(url: str, event: Mapping[str, Any]) -> None:
    """Publish with another library, confirmed."""
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        properties = pika.BasicProperties(content_type=STRUCTURED)
        channel.basic_publish(EXCHANGE, event["type"], json.dumps(event).encode(), properties)


class Arrivals:
    """What the service says of what arrived, over HTTP."""

    def __init__(self, standing: ServiceHarness) -> None:
        self._standing = standing

    async def all(self, query: str = "") -> list[Json]:
        """All of them, newest first."""
        answer = await self._standing.ask("GET", f"/arrivals?limit=200{query}", by="9001", roles=STEWARD)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def settled(self, count: int, query: str = "") -> list[Json]:
        """All of them, once they are so many and none is being worked on."""

        async def there() -> bool:
            found = await self.all(query)
            return len(found) == count and all(one["state"] != "received" for one in found)

        await eventually(there, within=60, what=f"{count} arrivals")
        return await self.all(query)

    async def one(self, event: str) -> Json:
        """The arrival of this event, once it is settled."""

        async def there() -> bool:
            return any(one["event"] == event and one["state"] != "received" for one in await self.all())

        await eventually(there, within=60, what=event)
        return next(one for one in await self.all() if one["event"] == event)
