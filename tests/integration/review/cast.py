"""The people of one branch and its committee as registry tells them, a brand handed in, and an ear for what is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import aio_pika
import httpx
from aio_pika.abc import AbstractIncomingMessage

from infra.kernel.dates import day_of
from infra.messaging.topology import EVENTS
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

SECRETARY, DRAFTER, OFFICER = "1001", "1002", "8001"
VOTERS = ("1001", "1002", "1003", "1004", "1005")
PROBATIONER, FOREIGN_SECRETARY = "1009", "2001"
COMMITTEE = ("9001", "9002", "9003", "9004", "9005", "9006")
TERM: Json = {"since": "2020-01-01", "until": None}
SCHEMA = {
    "type": "object",
    "required": ["items"],
    "additionalProperties": False,
    "properties": {"items": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}},
}
DOCUMENT: Json = {
    "name": {"state": "known", "value": "三心"},
    "aliases": [],
    "slogan": {"state": "unknown"},
    "focus": {"state": "unknown"},
    "core_idea": {"state": "unknown"},
    "background": {"state": "unknown"},
    "highlight": {"state": "unknown"},
    "blocks": {"words": {"type": "keywords", "title": None, "data": {"items": ["尽心", "细心", "暖心"]}}},
}


class Reached(Protocol):
    """A running review service that can be told facts and asked over HTTP."""

    async def tell(self, kind: str, subject: str, sequence: int, data: Mapping[str, Any], **more: Any) -> None:  # noqa: ANN401
        """Publish a fact as its owner would."""

    async def ask(  # noqa: PLR0913 - the parts of a request
        self,
        method: str,
        path: str,
        *,
        by: str = "1001",
        roles: tuple[str, ...] = (),
        json: Json | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """Ask as this person."""


def organisation(key: str, kind: str, parent: str | None) -> tuple[str, str, Json]:
    data = {"organisation": key, "name": key, "kind": kind, "parent": parent, "valid_from": "2020-01-01"}
    return "registry.organisation.recorded.v1", key, {**data, "valid_to": None}


def person(number: str, *posts: str, member: str = "branch", status: str = "full_member") -> tuple[str, str, Json]:
    """A person with posts such as ``branch_secretary@branch``."""
    terms: list[Json] = [dict(zip(("post", "organisation"), post.split("@"), strict=True)) | TERM for post in posts]
    data = {
        "person": number,
        "name": f"党员{number}",
        "memberships": [{"organisation": member, "status": status, **TERM}],
        "posts": terms,
    }
    return "registry.person.recorded.v1", number, data


REGISTRY = [
    organisation("committee", "party_committee", None),
    organisation("branch", "party_branch", "committee"),
    organisation("group", "party_group", "branch"),
    organisation("other", "party_branch", "committee"),
    person(SECRETARY, "branch_secretary@branch"),
    person(DRAFTER, "deputy_secretary@branch"),
    person("1003"),
    person("1004", member="group"),
    person("1005", member="group"),
    person(PROBATIONER, status="probationary_member"),
    person(FOREIGN_SECRETARY, "branch_secretary@other", member="other"),
    *(person(number, "party_committee_member@committee", member="other") for number in COMMITTEE),
    person(OFFICER, "party_work_officer@committee", member="other"),
    ("registry.block_type.recorded.v1", "keywords", {"block_type": "keywords", "body_schema": SCHEMA}),
]


async def tell_registry(standing: Reached, facts: Iterable[tuple[str, str, Json]] = REGISTRY) -> None:
    for kind, subject, data in facts:
        await standing.tell(kind, subject, 1, data)


async def hand_in(
    standing: Reached,
    brand: str = "sanxin",
    submission: int = 1,
    number: int = 1,
    **more: Any,  # noqa: ANN401
) -> str:
    """Tell that a brand was submitted to its review of this number; returns its id. ``more`` goes into the envelope."""
    review = f"{brand}.r{number}"
    data = {"brand": brand, "owner": "branch", "name": "三心", "document": DOCUMENT, "revision": submission}
    data |= {"submitted_by": DRAFTER, "review": review, "submission": submission}
    await standing.tell("registry.brand.submitted.v1", brand, submission, data, **more)
    return review


async def settled(standing: ServiceHarness) -> None:
    """Wait until review knows everybody."""
    procedure = standing.service.stores[1]
    mongo = standing.service.mongo

    async def known() -> bool:
        people = await mongo.collection("people").count_documents({})
        types = await mongo.collection("block_types").count_documents({})
        tree = await mongo.collection("organisations").count_documents({})
        return (people, types, tree, await procedure.count()) == (14, 1, 4, 1)

    await eventually(known)


async def opened(standing: ServiceHarness, brand: str = "sanxin") -> str:
    """A review that waits for the secretary's check."""
    review = await hand_in(standing, brand)

    async def there() -> bool:
        return (await standing.ask("GET", f"/reviews/{review}", by=SECRETARY)).status_code == 200

    await eventually(there)
    return review


async def act(standing: Reached, by: str, path: str, body: Json | None = None, **more: Any) -> Json:  # noqa: ANN401
    """POST as a person; fails unless it succeeds."""
    answer = await standing.ask("POST", f"/reviews/{path}", by=by, json=body or {}, **more)
    assert answer.status_code in (200, 201), answer.text
    found: Json = answer.json()
    return found


async def carry_discussion(standing: ServiceHarness, review: str) -> None:
    """Check, vote and close, so that the co-revision runs."""
    await act(standing, SECRETARY, f"{review}/check", {"decision": "agree"})
    for voter in VOTERS:
        await act(standing, voter, f"{review}/votes", {"choice": "for"})
    await act(standing, SECRETARY, f"{review}/discussion/closure")


async def to_meeting(standing: ServiceHarness, review: str) -> int:
    """On to a meeting of all six; returns its number."""
    await carry_discussion(standing, review)
    await act(standing, OFFICER, f"{review}/co-revision/closure")
    held = {"number": "第1次", "held_on": today(), "agenda": ["审定"], "present": list(COMMITTEE)}
    return int((await act(standing, OFFICER, f"{review}/meetings", held))["meeting"])


def today() -> str:
    """Today in China, where meetings are dated."""
    return day_of(datetime.now(UTC)).isoformat()


class Ear:
    """Everything that review told, in the order in which it came."""

    def __init__(self) -> None:
        self.consumed: list[Json] = []

    def of(self, kind: str) -> list[Json]:
        """The data of the facts of one kind."""
        return [event["data"] for event in self.consumed if event["type"] == kind]

    async def take(self, message: AbstractIncomingMessage) -> None:
        """Keep one event."""
        self.consumed.append(json.loads(message.body))
        await message.ack()

    async def has(self, kind: str, count: int = 1) -> list[Json]:
        """Wait for so many facts of a kind."""
        await eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)


@asynccontextmanager
async def listening(environment: Environment) -> AsyncIterator[Ear]:
    """Listen to review inside the block."""
    ear = Ear()
    connection = await aio_pika.connect(environment.amqp_url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(EVENTS, "review.#")
        await queue.consume(ear.take)
        yield ear
        await asyncio.sleep(0)
