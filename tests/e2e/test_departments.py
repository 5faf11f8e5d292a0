"""Other departments, whose programs are not ours, send all they have to the four services: right, twice and wrong.

What must become of each message is written by hand in ``tests/support/actors/catalogue.py`` and here.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aio_pika.exceptions import AMQPError
from pika.exceptions import AMQPError as PikaError  # type: ignore[import-untyped]

from examples.review import OFFICE, OFFICER
from tests.support.actors import catalogue
from tests.support.actors.catalogue import CATALOGUE, CONTEST, MILESTONE, MINE, PEAK, RESCUE, event
from tests.support.actors.departments import LIBRARY, Office, Post
from tests.support.actors.journey import settled
from tests.support.actors.publishers import Binary, Pika, Publisher, Structured
from tests.support.harness.system import System
from tests.support.harness.waiting import eventually

Json = dict[str, Any]
SECRETARY, DRAFTER, FIFTH = "E101", "E103", "E501"
KEEPER = ("admin", "administrator@*")
UNION = {"title": "工会", "title_en": "Trade union", "types": ["union."]}
INNOVATION = {
    "title": "企管",
    "title_en": "Innovation",
    "types": ["innovation."],
    "sources": ["/departments/innovation"],
}
NO_ID = {name: value for name, value in RESCUE.items() if name != "id"}
NO_MEALS = {name: value for name, value in PEAK["data"].items() if name != "meals"}
ADOPTED_AT = {"adopted_at": "2026-06-19T10:00:00+08:00"}
LATE = {
    "title": "新支部攻坚",
    "started_at": "2026-06-08T08:00:00+08:00",
    "place": "岸桥",
    "organisation": "late-branch",
}
ODD: list[tuple[str, str, Json | bytes, str | None]] = [
    # what is expected: the code of its reason · department · what it sends · the content type of bytes
    ("rule.none", "safety", event("v9", "safety.rescue.completed.v9", RESCUE["data"] | {"title": "二次抢险"}), None),
    ("event.unreadable", "safety", json.dumps(NO_ID).encode(), "application/cloudevents+json"),
    ("event.unreadable", "safety", b"\xe6\x8a\xa2\xe9\x99\xa9, not JSON", "application/cloudevents+json"),
    ("event.unreadable", "safety", json.dumps([RESCUE]).encode(), "application/cloudevents-batch+json"),
    ("event.unreadable", "league", b"<event/>", "application/xml"),
    ("event.unreadable", "equipment", b"x" * 3_000_000, "application/json"),
    ("event.unreadable", "safety", json.dumps(RESCUE).replace('"title"', '"n": 1e999, "title"').encode(), None),
    ("event.unfit", "innovation", event("s119", "innovation.suggestion.adopted", MINE | ADOPTED_AT), None),
    ("event.time_ahead", "honour", event("h4", "honour.granted", MINE, time="2099-01-01T00:00:00+08:00"), None),
    ("event.source_foreign", "union", CONTEST | {"id": "u2", "source": "urn:union", "subject": "拔河"}, None),
    ("event.id_reused", "union", CONTEST | {"data": MINE | {"title": "另一场"}}, None),
    ("event.type_forged", "union", json.dumps(CONTEST | {"id": "u3", "type": "discipline.case.filed"}).encode(), None),
    ("organisation.unknown", "equipment", event("o13", "equipment.overhaul.completed", LATE), None),
    ("brand.not_one", "honour", event("h5", "honour.granted", {"organisation": "fifth"}), None),
    ("map.nonsense", "production", MILESTONE | {"id": "m7", "data": MILESTONE["data"] | {"value": "29.5"}}, None),
    ("when.field", "logistics", event("p21", "logistics.service.peak", NO_MEALS | {"title": "夜宵"}), None),
]
REPEATED: list[tuple[Json, type[Structured] | type[Pika]]] = [
    (RESCUE, Binary),
    (CONTEST, Binary),
    (PEAK, Pika),
    (RESCUE, Pika),
]
MENDED = Counter(
    [
        ("draft_activity", "二次抢险"),
        ("draft_activity", "职工篮球赛"),  # the union's other source
        ("draft_activity", "新支部攻坚"),
        ("draft_activity", "夜宵"),
        ("point", "adopted_suggestions=1"),
        ("point", "honours=1"),
        ("point", "berth_efficiency=29.5"),
    ]
)
PROBLEM: Counter[str] = Counter([code for code, *_ in ODD] + ["rule.none_took"])
LEFT = ("event.unreadable", "event.time_ahead", "event.id_reused", "event.type_forged")


@pytest.fixture
async def office(system: System) -> AsyncIterator[Office]:
    """The office; operations has a brand and the HR departments are mapped to it, and activities knows it all."""
    one = Office(system)
    document = {"name": {"state": "known", "value": "魅力GPS"}, "blocks": {}}
    await one.client.post(DRAFTER, "registry", "/brands", {"owner": "operations", "document": document})
    for department in ("D-OPS", "D-OPS-2"):
        path = f"/hr/mappings/{department}/operations"
        await one.client.put(KEEPER[0], "registry", path, {"since": "2020-01-01"}, KEEPER[1])
        await one.known("retirement-farewell", {"main_dept_id": department})
    await one.known("honour-granted", MINE)
    schema = {"innovation.suggestion.adopted": {"body_schema": {"type": "object", "required": ["title"]}}}
    await one.put("/departments/innovation", INNOVATION | {"schemas": schema})
    yield one
    await one.client.close()


async def mend(office: Office) -> None:
    """Whatever a person can mend: rules, registrations, and what the registry did not know."""
    milestone = (await office.get("/rules/production-milestone"))["versions"][-1]["map"]
    await office.rewrite("production-milestone", map=milestone.replace("data.value", "to_number(data.value)"))
    await office.rewrite("logistics-peak", when="!has(event.data.meals) || event.data.meals > 0")
    sample = RESCUE | {"type": "safety.rescue.completed.v9"}
    await office.rewrite("safety-rescue", "safety-rescue-9", event="safety.rescue.completed.v9", sample=sample)
    await office.put("/departments/innovation", INNOVATION)
    await office.put("/departments/union", UNION | {"sources": ["/departments/union", "urn:union"]})
    late = {"kind": "party_branch", "name": {"state": "known", "value": "新支部"}, "parent": "committee"}
    late |= {"valid_from": "2020-01-01"}
    await office.client.put(KEEPER[0], "registry", "/organisations/late-branch", late, KEEPER[1])
    document = {"name": {"state": "unknown"}, "blocks": {}}
    await office.client.post(FIFTH, "registry", "/brands", {"owner": "fifth", "document": document})
    await office.known("equipment-overhaul", {"organisation": "late-branch"})
    await office.known("honour-granted", {"organisation": "fifth"})


async def test_all_that_departments_send_has_its_effect_or_is_seen_and_redriven(system: System, office: Office) -> None:
    post = Post(system)
    sending = [post.event(one.event) for one in CATALOGUE]
    await asyncio.gather(*sending[:9])
    rest = asyncio.gather(*sending[9:])
    system.kill("activities")  # -9, in the middle of whatever it does
    await rest
    for one, library in REPEATED[:2]:
        await post.event(one, library)
    system.start("activities")
    for _, department, what, content_type in ODD:
        await post.odd(department, what, content_type)
    for one, library in REPEATED[2:]:
        await post.event(one, library)
    await system.ready("activities")

    arrivals = await office.arrived(len(CATALOGUE) + len(ODD))
    reasons = Counter(reason["code"] for one in arrivals for reason in one["reasons"])
    assert reasons == PROBLEM
    expected = Counter(effect for one in CATALOGUE for effect in one.effects)
    assert await office.effects() == expected
    states = Counter(one["state"] for one in arrivals)
    assert post.sent == states["effected"] + sum(PROBLEM.values()) + len(REPEATED), "sent = effective + odd + repeated"
    assert states["effected"] == 18
    assert all(reason["zh"] and reason["en"] for one in arrivals for reason in one["reasons"])

    async def thrice() -> bool:  # the last repetition may come after everything has had its effect
        seen = {one["event"]: one["seen"] for one in await office.arrivals() if one["state"] == "effected"}
        return bool(seen["r7"] >= 3)

    await eventually(thrice, what="the rescue was seen three times")
    assert await office.effects() == expected

    await mend(office)
    failing = {one["id"] for one in arrivals if one["state"] == "failed"}
    failed = await office.post("/arrivals/redrive", {"state": "failed"})
    assert (failed["left"], set(failed["became"])) == (0, {"effected"})
    # all of them, whether by us or by itself: what only waited for the registry is looked at again after a minute
    healed = {one["id"] for one in await office.arrivals() if one["state"] == "effected"}
    assert (len(failing), failing - healed) == (4, set())
    unmatched = await office.post("/arrivals/redrive", {"state": "unmatched"})
    assert unmatched["became"] == {"effected": 1, "unmatched": 1}
    redriven = await office.post("/arrivals/redrive", {"state": "quarantined"})
    assert redriven["became"] == {"effected": 1, "passed_on": 1, "quarantined": sum(PROBLEM[code] for code in LEFT)}
    assert await office.effects() == expected + MENDED
    junk = await office.post("/arrivals/dismissal", {"state": "quarantined", "reason": "已通知发送部门更正后重发"})
    assert junk == {"dismissed": sum(PROBLEM[code] for code in LEFT), "left": 0}

    await by_a_person_s_hand(system, office)
    books = {one.service: one for one in await settled(system)}
    assert {name: len(one.parked) for name, one in books.items()} == dict.fromkeys(books, 0)
    final = Counter(one["state"] for one in await office.arrivals())
    assert final == {"effected": 25, "passed_on": 1, "dismissed": 9, "unmatched": 1}
    assert post.sent == final.total() - final["passed_on"] + len(REPEATED), "what was passed on is two arrivals of one"
    assert len(books["activities"].rows["drafts"]) == 6 + 4


async def by_a_person_s_hand(system: System, office: Office) -> None:
    """A draft is filed, another dismissed; hints and reminders reach who may see them, and only those."""
    client = office.client
    assert (await client.get(SECRETARY, "activities", "/activities"))["total"] == 0
    found = (await client.get(SECRETARY, "activities", "/drafts", organisation="operations"))["items"]
    drafts = {draft["title"]: draft["id"] for draft in found}
    filed = await client.post(SECRETARY, "activities", f"/drafts/{drafts['台风夜堆场抢险']}/filing", {})
    why = {"reason": "非本支部活动"}
    await client.post(SECRETARY, "activities", f"/drafts/{drafts['青年大学习']}/dismissal", why)
    activity = await client.get(SECRETARY, "activities", f"/activities/{filed['activity']}")
    assert (activity["plan"]["title"], activity["plan"]["place"]) == ("台风夜堆场抢险", "三号堆场")
    assert (await client.get(SECRETARY, "activities", "/activities"))["total"] == 1
    dismissed = await client.get(SECRETARY, "activities", f"/drafts/{drafts['青年大学习']}")
    assert (dismissed["state"], dismissed["reason"]) == ("dismissed", "非本支部活动")
    seen = {
        one["title"]
        for one in (await client.get(SECRETARY, "activities", "/hints", organisation="operations"))["items"]
    }
    assert seen == {"较大及以上安全事故", "审计重大问题"}, "what is restricted is not for the branch"

    async def published(person: str, *roles: str) -> Counter[str]:
        items = (await client.get(person, "notify", "/inbox", *roles, limit="200"))["items"]
        assert "立案" not in str(items)
        return Counter(one["title"]["zh"] for one in items)

    async def informed() -> bool:
        secretary, work = await published(SECRETARY), await published(OFFICER, OFFICE)
        return (
            sum(count for title, count in secretary.items() if title.startswith("活动草稿待办理")) == 9
            and {"提醒：光荣退休", "提醒：审计发现问题", "一票否决线索：审计重大问题"} <= set(secretary)
            and work["一票否决线索：受限线索"] == 2
            and {"提醒：部门合并", "一票否决线索：较大及以上安全事故"} <= set(work)
            and not {"一票否决线索：受限线索", "提醒：部门合并"} & set(secretary)
        )

    await eventually(informed, within=60, what="everybody's inbox")


async def test_the_broker_refuses_another_s_type_and_the_publisher_is_told(system: System) -> None:
    post, office = Post(system), Office(system)
    forged = next(one.event for one in CATALOGUE if one.event["type"] == "discipline.case.filed")
    departments = ("safety", "honour", "audit")
    for department in departments:
        speaker: Publisher = LIBRARY[department](post.urls[department])
        with pytest.raises((AMQPError, PikaError), match=r"ACCESS_REFUSED|403"):
            await speaker.event(forged)
        own = catalogue.event(f"own-{department}", f"{department}.own", MINE)
        await post.event(own)  # a new channel of the same user is as good as before
    arrived = await office.arrived(len(departments))
    assert {one["event"] for one in arrived} == {f"own-{department}" for department in departments}
    await office.client.close()
