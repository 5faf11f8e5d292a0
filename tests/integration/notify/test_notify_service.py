"""Notify over HTTP with review, registry and activities played by their facts: doubled, shuffled, and all at once."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra.kernel.telemetry import HANDLED
from services.notify.app import build
from tests.integration.notify.journey import INBOXES, JOURNEY, REGISTRY, START, TODOS, Published, fact
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually


@pytest.fixture(scope="module")
async def knowing_nothing(shared: Environment) -> AsyncIterator[ServiceHarness]:
    async with ServiceHarness(shared, "notify", build).running() as harness:
        await harness.remember()
        yield harness


@pytest.fixture
async def notify(knowing_nothing: ServiceHarness) -> ServiceHarness:
    await knowing_nothing.rewind()
    return knowing_nothing


async def tell(notify: ServiceHarness, facts: list[Published]) -> None:
    for kind, subject, sequence, data, key, moment in facts:
        await notify.tell(kind, subject, sequence, data, id=key, time=moment)


def roles(number: str) -> tuple[str, ...]:
    return ("party_work_department@committee",) if number == "9002" else ()


async def inbox(notify: ServiceHarness, number: str) -> Json:
    page: Json = (await notify.ask("GET", "/inbox", by=number, roles=roles(number))).json()
    return page


async def kinds(notify: ServiceHarness, number: str) -> list[str]:
    """What stands in an inbox, newest first, messages by their kind."""
    names = {row["_id"]: row["kind"] async for row in notify.service.mongo.collection("notices").find()}
    return [names.get(item["id"], item["type"]) for item in (await inbox(notify, number))["items"]]


async def journey_arrived(notify: ServiceHarness) -> None:
    """Wait until every fact has had its effect, then look at every inbox."""
    mongo = notify.service.mongo

    async def arrived() -> bool:
        states = {row["_id"]: row["state"] async for row in mongo.collection("todos").find()}
        counts = [await mongo.collection(name).count_documents({}) for name in ("notices", "people", "organisations")]
        return states == TODOS and counts == [7, 4, 2]

    await eventually(arrived)
    assert await mongo.collection("parked").count_documents({}) == 0
    for number, expected in INBOXES.items():
        found = await kinds(notify, number)
        # the to-do of the committee step began at the start of the example: it stands below all messages
        assert [kind for kind in found if kind != "todo"] == [kind for kind in expected if kind != "todo"], number
        assert found.count("todo") == expected.count("todo")
        assert (await inbox(notify, number))["unread"]["total"] == len(expected)


async def test_inboxes_are_right_after_the_whole_journey_in_order(notify: ServiceHarness) -> None:
    await tell(notify, REGISTRY + JOURNEY)
    await journey_arrived(notify)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_inboxes_are_right_after_the_journey_doubled_and_shuffled(notify: ServiceHarness, seed: int) -> None:
    facts = [*REGISTRY, *JOURNEY, *REGISTRY, *JOURNEY]
    random.Random(seed).shuffle(facts)
    await tell(notify, facts)
    await journey_arrived(notify)


async def test_inboxes_are_right_when_notify_was_down_for_the_whole_journey(
    environment: Environment, tmp_path: Path
) -> None:
    before = ServiceHarness(environment, "notify", build)
    await before.service.declare()  # its queues stand, it has never run
    await before.connect()
    await tell(before, JOURNEY + REGISTRY)
    await before.close()
    async with ServiceHarness(environment, "notify", build).running() as notify:
        await journey_arrived(notify)


def handled() -> float:
    """How many facts the services of this process have done with."""
    samples = [sample for metric in HANDLED.collect() for sample in metric.samples if sample.name.endswith("_total")]
    return sum(sample.value for sample in samples if sample.labels["outcome"] != "failed")


async def test_reading_counts_down_and_comes_back_the_same_however_often(notify: ServiceHarness) -> None:
    before = handled()
    await tell(notify, REGISTRY + JOURNEY)
    await journey_arrived(notify)
    first, *_ = (await inbox(notify, "1003"))["items"]
    for _ in range(2):
        answer = await notify.ask("PUT", f"/inbox/{first['id']}/read", by="1003")
        assert answer.json()["unread"]["total"] == 3
    (todo,) = (await notify.ask("GET", "/todos?state=open", by="1003")).json()["items"]
    assert (todo["link"], todo["title"]["zh"], todo["read_at"]) == ("/reviews/gps.r1", "支部书记审核：魅力GPS", None)
    assert (await notify.ask("PUT", f"/inbox/{todo['id']}/read", by="1003")).json()["unread"]["todos"] == 0
    assert (await notify.ask("POST", "/inbox/read-all", by="1003")).json()["read"] == 2
    await tell(notify, JOURNEY)
    await eventually(lambda: handled() - before == len(REGISTRY) + 2 * len(JOURNEY))
    assert (await inbox(notify, "1003"))["unread"]["total"] == 0


async def test_members_are_told_once_that_an_activity_does_not_take_place(notify: ServiceHarness) -> None:
    data = {"activity": "a1", "organisation": "branch", "kind_title": "开放日", "kind_title_en": "Open day"}
    data |= {"title": "开放日", "starts_at": START.isoformat(), "reason": "暴雨"}
    cancelled = fact("activities.activity.cancelled.v1", "a1", 2, data)
    await tell(notify, [*REGISTRY, cancelled, cancelled])

    async def arrived() -> bool:
        return [await kinds(notify, number) for number in ("1002", "9001")] == [["activity.cancelled"], []]

    await eventually(arrived)
    (item,) = (await inbox(notify, "1002"))["items"]
    assert ("暴雨" in item["body"]["zh"], "(Open day)" in item["body"]["en"]) == (True, True)


async def test_nobody_sees_or_marks_what_is_another_s(notify: ServiceHarness) -> None:
    await tell(notify, REGISTRY + JOURNEY)
    await journey_arrived(notify)
    message = (await inbox(notify, "1002"))["items"][2]
    assert (await notify.ask("GET", f"/messages/{message['id']}", by="1002")).json()["link"] == "/reviews/gps.r1"
    for key in (message["id"], "gps.r1:committee:1:1003"):
        for method, path in (("GET", f"/messages/{key}"), ("PUT", f"/inbox/{key}/read")):
            answer = await notify.ask(method, path, by="1004", roles=("administrator@*",))
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/item.not_found")
    assert (await notify.ask("GET", "/todos", by="9001")).json()["items"] == []
    assert (await notify.ask("GET", "/inbox?after=nonsense")).json()["type"] == "/problems/cursor.invalid"


async def test_statistics_are_counts_and_nothing_else(notify: ServiceHarness) -> None:
    await tell(notify, REGISTRY + JOURNEY)
    await journey_arrived(notify)
    counts: dict[str, Any] = (await notify.ask("GET", "/statistics")).json()
    assert counts == {
        "todos": {"open": 1, "done": 2, "withdrawn": 2, "overdue": 0},
        "messages": {"sent": 7, "read": 0},
    }
