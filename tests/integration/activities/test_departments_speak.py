"""Other departments send the whole catalogue with libraries of their own: effects are exactly what the rules say."""

from collections import Counter

import pytest
from aio_pika.exceptions import AMQPError
from pika.exceptions import AMQPError as PikaError  # type: ignore[import-untyped]

from services.activities.app import shipped
from services.activities.inbound.model.rule import Wording
from tests.integration.activities.enterprise import (
    EVENTS,
    OPERATIONS,
    STEWARD,
    TAKEN,
    Arrivals,
    send,
    send_binary,
    send_with_pika,
    tell_enterprise,
    url_of,
)
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.timeout(400)
PUBLISHED = {
    "draft_activity": "activities.draft.made.v1",
    "point": "activities.point.measured.v1",
    "reminder": "activities.reminder.raised.v1",
    "veto_hint": "activities.hint.raised.v1",
}


async def published(activities: ServiceHarness, kind: str) -> list[Json]:
    """What the relay has told of one type."""
    return [dict(row) async for row in activities.service.mongo.collection("journal").find({"type": kind})]


async def test_the_whole_catalogue_some_twice_has_exactly_the_effects_of_its_rules(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    urls = {event["type"]: url_of(environment, event["type"]) for event in EVENTS.values()}
    for number, event in enumerate(EVENTS.values()):
        url = urls[event["type"]]
        if number % 3 == 0:
            await send_binary(url, event)
        elif number % 3 == 1:
            send_with_pika(url, event)
        else:
            await send(url, event["type"], event)
        if number % 4 == 0:  # once more, in the other mode
            await send(url, event["type"], event)
    arrivals = {one["event"]: one for one in await Arrivals(activities).settled(len(EVENTS))}

    effects = {key: rule.effect for key, rule in shipped("rules", dict[str, Wording]).items()}
    assert {one: {made["rule"] for made in arrival["outcomes"]} for one, arrival in arrivals.items()} == TAKEN
    assert {arrival["state"] for arrival in arrivals.values()} == {"effected"}
    expected: Counter[str] = Counter(effects[rule] for rules in TAKEN.values() for rule in rules)
    for effect, kind in PUBLISHED.items():

        async def said(kind: str = kind, count: int = expected[effect]) -> bool:
            return len(await published(activities, kind)) == count

        await eventually(said, what=kind)

    drafts = (await activities.ask("GET", f"/drafts?organisation={OPERATIONS}", by="3001")).json()
    assert drafts["total"] == expected["draft_activity"]
    rescue = next(one for one in drafts["items"] if one["origin"]["rule"] == "safety-rescue")
    sent = EVENTS["safety-rescue-2026-007"]["data"]
    assert (rescue["title"], rescue["place"], rescue["content"]) == (sent["title"], sent["place"], sent["summary"])
    assert rescue["occurred_at"] == "2026-06-20T14:10:00Z"
    league = next(one for one in drafts["items"] if one["origin"]["rule"] == "league-event")
    assert (league["content"], league["ended_at"]) == (None, None), "what the event does not say is not made up"

    points = (await activities.ask("GET", "/points?brand=ops-gps")).json()["items"]
    values = {one["indicator"]: one["value"] for one in points}
    assert len(points) == expected["point"]
    assert (values["berth_efficiency"], values["adopted_suggestions"], values["honours"]) == (31.5, 1, 1)

    async def seen() -> bool:
        found = await Arrivals(activities).all()
        return bool(sum(one["seen"] for one in found) == len(EVENTS) + len(EVENTS) // 4 + 1)

    await eventually(seen, what="every repetition counted")
    assert (await activities.ask("GET", "/activities")).json()["total"] == 0, "a draft is no activity by itself"


async def test_restricted_hints_are_seen_by_the_work_department_only(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    for event in (EVENTS["discipline-case-2026-04-filed"], EVENTS["audit-finding-2026-10"]):
        await send(url_of(environment, event["type"]), event["type"], event)
    await Arrivals(activities).settled(2)
    path = f"/hints?organisation={OPERATIONS}"
    seen = [one["origin"]["rule"] for one in (await activities.ask("GET", path, by="3001")).json()["items"]]
    assert seen == ["audit-major-finding"]
    hints = (await activities.ask("GET", path, by="9001", roles=STEWARD)).json()["items"]
    assert {one["origin"]["rule"] for one in hints} == {"audit-major-finding", "discipline-case-filed"}
    hidden = next(one for one in hints if one["origin"]["restricted"])
    assert (await activities.ask("GET", f"/hints/{hidden['id']}", by="3001")).status_code == 403
    assert (await activities.ask("GET", "/arrivals", by="3001")).status_code == 403
    body = {"note": "已核实，品牌复核暂缓"}
    assert (await activities.ask("POST", f"/hints/{hidden['id']}/note", by="3001", json=body)).status_code == 403
    noted = await activities.ask("POST", f"/hints/{hidden['id']}/note", by="9001", roles=STEWARD, json=body)
    assert (noted.status_code, noted.json()["state"]) == (200, "noted")

    async def relayed() -> bool:
        return len(await published(activities, PUBLISHED["veto_hint"])) == 2

    await eventually(relayed)
    facts = {fact["data"]["restricted"]: fact["data"] for fact in await published(activities, PUBLISHED["veto_hint"])}
    assert "立案" not in str(facts[True]), "what a restricted hint says does not travel"
    assert facts[False]["reason"] == "重大违规问题"


async def test_a_department_that_publishes_another_s_type_is_refused_by_the_broker(
    environment: Environment, activities: ServiceHarness
) -> None:
    forged, union = EVENTS["discipline-case-2026-04-filed"], url_of(environment, "union.")
    with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
        await send(union, forged["type"], forged)
    with pytest.raises(PikaError, match="ACCESS_REFUSED"):
        send_with_pika(union, forged)
    own = EVENTS["union-contest-2026-05"]
    await send(union, own["type"], own)
    assert [one["event"] for one in await Arrivals(activities).settled(1)] == [own["id"]]
