"""What is broken, forged, unknown or badly ruled stays visible with its reason, and has its effect once mended."""

from typing import Any

import pytest

from services.activities.app import shipped
from services.activities.inbound.model.rule import Wording
from services.activities.inbound.use_cases.effects import Effects
from tests.integration.activities.enterprise import (
    EVENTS,
    OPERATIONS,
    SAMPLES,
    STEWARD,
    Arrivals,
    map_department,
    send,
    send_binary,
    tell_enterprise,
    url_of,
)
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.timeout(400)
CONTEST = EVENTS["union-contest-2026-05"]
RESCUE = EVENTS["safety-rescue-2026-007"]
UNION = {"title": "工会", "title_en": "Trade union", "types": ["union."], "sources": ["/departments/union"]}
SCHEMA = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}


async def ask(activities: ServiceHarness, method: str, path: str, json: Json | None = None) -> Any:  # noqa: ANN401
    """Ask as the work department; returns the JSON of a success."""
    answer = await activities.ask(method, path, by="9001", roles=STEWARD, json=json)
    assert answer.is_success, answer.text
    return answer.json()


def rule(key: str, **changes: Any) -> Json:  # noqa: ANN401
    """A shipped rule as it would be written anew."""
    return {**shipped("rules", dict[str, Wording])[key].model_dump(mode="json", by_alias=True), **changes}


async def put_in_force(activities: ServiceHarness, key: str, wording: Json) -> None:
    await ask(activities, "PUT", f"/rules/{key}", wording)
    await ask(activities, "POST", f"/rules/{key}/publication", {})


async def test_whatever_is_odd_is_kept_with_its_reason_and_nothing_else_is_harmed(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    schemas = {"union.contest.held": {"body_schema": SCHEMA, "dataschema": "/contest/1"}}
    await ask(activities, "PUT", "/departments/union", UNION | {"schemas": schemas})
    union, key = url_of(environment, "union."), "union.contest.held"
    free = environment.amqp_url
    odd: dict[str, tuple[str, bytes | Json]] = {
        "event.unreadable": (key, b"{"),
        "event.type_forged": (key, CONTEST | {"id": "1", "type": "discipline.case.filed"}),
        "event.source_foreign": (key, CONTEST | {"id": "2", "source": "/departments/unions"}),
        "event.version_unknown": (key, CONTEST | {"id": "3", "dataschema": "/contest/2"}),
        "event.unfit": (key, CONTEST | {"id": "4", "data": {"title": 5}}),
    }
    for kind, body in odd.values():
        await send(union, kind, body)
    await send(union, key, CONTEST | {"id": "5", "specversion": "2.0"})
    await send(union, key, b"\xff\x00 \xed\xa0\x80")
    await send(free, "canteen.menu.changed", CONTEST | {"id": "6", "type": "canteen.menu.changed"})
    await send(union, key, CONTEST)
    await send(union, key, CONTEST | {"data": {"title": "另一场"}})
    await send(union, "union.contest.held.v9", CONTEST | {"id": "7", "type": "union.contest.held.v9"})
    arrivals = await Arrivals(activities).settled(11)
    found = sorted((one["state"], one["reasons"][0]["code"]) for one in arrivals if one["reasons"])
    expected = [*odd, "event.unreadable", "event.unreadable", "event.type_unknown", "event.id_reused"]
    assert found == sorted([*(("quarantined", code) for code in expected), ("unmatched", "rule.none")])
    assert [one["event"] for one in arrivals if one["state"] == "effected"] == [CONTEST["id"]]
    for one in arrivals:
        assert one["content"] or one["message"], "the sender can be shown what came"
        assert all(reason["zh"] and reason["en"] for reason in one["reasons"])
    drafts = await ask(activities, "GET", f"/drafts?organisation={OPERATIONS}")
    assert drafts["total"] == 1


async def test_who_forges_an_event_cannot_keep_the_true_one_out(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    await send(url_of(environment, "union."), "union.contest.held", RESCUE | {"type": "union.contest.held"})
    await Arrivals(activities).settled(1, "&state=quarantined")
    await send(url_of(environment, "safety."), RESCUE["type"], RESCUE)
    (arrival,) = await Arrivals(activities).settled(1, "&state=effected")
    assert arrival["outcomes"][0]["rule"] == "safety-rescue"


async def test_an_unknown_source_is_registered_and_the_event_goes_on_as_its_own_arrival(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    event = CONTEST | {"source": "urn:union:contests"}
    await send_binary(url_of(environment, "union."), event)
    (odd,) = await Arrivals(activities).settled(1)
    again = await ask(activities, "POST", f"/arrivals/{odd['id']}/redrive")
    assert (again["state"], again["looked"]) == ("quarantined", 1)
    await ask(activities, "PUT", "/departments/union", UNION | {"sources": ["urn:union:contests"]})
    moved = await ask(activities, "POST", f"/arrivals/{odd['id']}/redrive")
    assert moved["state"] == "passed_on"
    became = await ask(activities, "GET", f"/arrivals/{moved['became']}")
    assert (became["state"], len(became["outcomes"])) == ("effected", 1)
    await send(url_of(environment, "union."), event["type"], event)

    async def seen_again() -> bool:
        one = await ask(activities, "GET", f"/arrivals/{moved['became']}")
        return bool(one["seen"] > became["seen"])

    await eventually(seen_again)
    assert len(await Arrivals(activities).settled(2)) == 2, "it came again and is recognised"


async def test_a_broken_rule_is_mended_and_all_its_failures_are_redriven_without_doubling_effects(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    broken = rule("union-contest", when="event.data.title.startsWith('职工') && event.data.teams > 0")
    broken["sample"] = CONTEST | {"data": {**CONTEST["data"], "teams": 8}}
    await put_in_force(activities, "union-contest", broken)
    second = rule("union-contest", effect="reminder", event="union.contest.")
    second["map"] = "{organisation: data.organisation, to: 'members', title: data.title, text: '请关注'}"
    await put_in_force(activities, "contest-reminder", second)
    url = url_of(environment, "union.")
    for number in range(3):
        await send(url, CONTEST["type"], CONTEST | {"id": f"contest-{number}"})
    failed = await Arrivals(activities).settled(3, "&state=failed")
    assert {one["reasons"][0]["code"] for one in failed} == {"when.field"}
    assert "teams" in failed[0]["reasons"][0]["zh"]
    assert {made["effect"] for one in failed for made in one["outcomes"]} == {"reminder"}, (
        "the other rule had its effect"
    )
    await put_in_force(activities, "union-contest", rule("union-contest"))
    done = await ask(activities, "POST", "/arrivals/redrive", {"state": "failed"})
    assert done == {"looked_at": 3, "became": {"effected": 3}, "left": 0}
    one = (await Arrivals(activities).settled(3, "&state=effected"))[0]
    made = {outcome["effect"]: outcome["version"] for outcome in one["outcomes"]}
    assert made == {"reminder": 1, "draft_activity": 3}
    counts = [await activities.service.mongo.collection(name).count_documents({}) for name in ("drafts", "reminders")]
    assert counts == [3, 3]


async def test_a_department_that_is_mapped_later_is_redriven_and_every_organisation_is_reminded(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    event = SAMPLES["retirement-farewell"]
    retired = event | {"id": "r2", "data": {**event["data"], "main_dept_id": "D-NEW"}}
    elsewhere = event | {"id": "r3", "type": "hr.employee.hired"}
    for one in (retired, elsewhere):
        await send(url_of(environment, "hr."), one["type"], one)
    await Arrivals(activities).settled(2)
    failed = await Arrivals(activities).one("r2")
    assert (failed["state"], failed["reasons"][0]["code"]) == ("failed", "department.unmapped")
    assert (await Arrivals(activities).one("r3"))["state"] == "elsewhere"
    await map_department(activities, "D-NEW", OPERATIONS)
    await map_department(activities, "D-NEW", "other")
    mended = await ask(activities, "POST", f"/arrivals/{failed['id']}/redrive")
    assert {made["organisation"] for made in mended["outcomes"]} == {OPERATIONS, "other"}
    assert (await activities.ask("GET", "/reminders?organisation=other", by="2001")).json()["items"][0][
        "title"
    ] == "光荣退休"


async def test_a_person_puts_aside_what_has_no_effect_once_and_for_all(
    environment: Environment, activities: ServiceHarness
) -> None:
    await send(url_of(environment, "union."), "union.contest.held", b"{")
    (odd,) = await Arrivals(activities).settled(1)
    await ask(activities, "POST", f"/arrivals/{odd['id']}/dismissal", {"reason": "测试消息"})
    again = await activities.ask("POST", f"/arrivals/{odd['id']}/redrive", by="9001", roles=STEWARD)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/arrival.settled")


async def test_junk_is_put_aside_together_and_what_had_its_effect_is_left_alone(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    url, junk = url_of(environment, "union."), {"state": "quarantined", "reason": "测试消息"}
    for body in (b"{", b"[]", b'{"a": 1e999}'):
        await send(url, CONTEST["type"], body)
    await send(url, CONTEST["type"], CONTEST)
    await Arrivals(activities).settled(4)
    assert (await activities.ask("POST", "/arrivals/dismissal", by="3001", json=junk)).status_code == 403
    assert await ask(activities, "POST", "/arrivals/dismissal", junk | {"state": "effected"}) == {
        "dismissed": 0,
        "left": 1,
    }
    assert await ask(activities, "POST", "/arrivals/dismissal", junk | {"limit": 2}) == {"dismissed": 2, "left": 1}
    aside = await Arrivals(activities).all("&state=dismissed")
    assert [(one["dismissal"]["reason"], one["dismissal"]["by"]) for one in aside] == [("测试消息", "9001")] * 2


async def test_a_correction_of_the_same_subject_supersedes_the_point(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    event, url = EVENTS["production-throughput-2026-06"], url_of(environment, "production.")
    later = event | {"id": "c1", "time": "2026-07-03T08:00:00+08:00", "data": {**event["data"], "value": 30.9}}
    for one in (later, event):  # the correction comes first
        await send(url, one["type"], one)
    await Arrivals(activities).settled(2)
    points = (await ask(activities, "GET", "/points?brand=ops-gps"))["items"]
    assert {one["value"]: one["corrected"] for one in points} == {30.9: False, 31.5: True}


async def test_an_event_whose_working_off_is_cut_short_is_worked_off_to_its_end(
    environment: Environment, activities: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell_enterprise(activities)
    whole, calls = Effects.make, 0

    async def dies_twice(self: Effects, *arguments: Any) -> Any:  # noqa: ANN401
        nonlocal calls
        calls += 1
        made = await whole(self, *arguments)
        if calls <= 2:
            raise RuntimeError("the process died after the effect and before the arrival said so")
        return made

    monkeypatch.setattr(Effects, "make", dies_twice)
    await send(url_of(environment, "safety."), RESCUE["type"], RESCUE)
    (arrival,) = await Arrivals(activities).settled(1)
    assert (arrival["state"], len(arrival["outcomes"]), calls) == ("effected", 1, 3)
    assert await activities.service.mongo.collection("drafts").count_documents({}) == 1


async def test_what_is_restricted_never_becomes_what_others_see(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    case = EVENTS["discipline-case-2026-04-filed"]
    loud = rule("discipline-case-filed", effect="reminder", restricted=False)
    loud["map"] = "{organisation: data.organisation, to: 'members', title: '立案', text: data.summary}"
    await ask(activities, "PUT", "/rules/loud", loud)
    refused = await activities.ask("POST", "/rules/loud/publication", by="9001", roles=STEWARD, json={})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/map.not_discreet")
    sly = loud | {"event": "discipline.", "sample": case | {"id": "s"}}
    await ask(activities, "PUT", "/rules/sly", sly)
    await activities.service.mongo.collection("rules").update_one(
        {"_id": "sly"}, {"$set": {"published": 1, "state": "published"}}
    )
    await send(url_of(environment, "discipline."), case["type"], case)
    (arrival,) = await Arrivals(activities).settled(1)
    assert [reason["code"] for reason in arrival["reasons"]] == ["map.not_discreet"]
    assert [made["rule"] for made in arrival["outcomes"]] == ["discipline-case-filed"]
    assert await activities.service.mongo.collection("reminders").count_documents({}) == 0
