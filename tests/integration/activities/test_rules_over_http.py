"""Rules are written, tried and put in force by people; their mistakes are refused or contained, and delay nobody."""

import asyncio
import time
from typing import Any

import pytest

from tests.integration.activities.enterprise import EVENTS, OPERATIONS, STEWARD, Arrivals, send, tell_enterprise, url_of
from tests.integration.activities.test_odd_arrivals import ask, put_in_force, rule
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

pytestmark = pytest.mark.timeout(400)
CONTEST = EVENTS["union-contest-2026-05"]
LIST = ",".join(map(str, range(60)))
ENDLESS = (
    "[" + LIST + "].all(a, [" + LIST + "].all(b, [" + LIST + "].all(c, [" + LIST + "].all(d, a + b + c + d >= 0))))"
)


NESTED = "event.data.l.all(a, event.data.l.all(b, event.data.l.all(c, a + b + c >= 0)))"
"""Quick for a short list, endless for a long one."""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"when": "event.data.title =="}, "/when"),
        ({"when": "launch(event)"}, "/when"),
        ({"when": "(" * 900 + "true" + ")" * 900}, "/when"),
        ({"map": "data.["}, "/map"),
        ({"map": "data." * 2000}, "/map"),
        ({"effect": "fire_somebody"}, "/effect"),
        ({"event": "Union Contest"}, "/event"),
        ({"sample": CONTEST | {"type": "audit.finding.raised"}}, "/sample/type"),
        ({"sample": {"id": "1"}}, "/sample"),
        ({"whenn": "true"}, "/whenn"),
    ],
)
async def test_what_cannot_be_a_rule_is_refused_when_it_is_written(
    activities: ServiceHarness, changes: Json, field: str
) -> None:
    answer = await activities.ask("PUT", "/rules/mine", by="9001", roles=STEWARD, json=rule("union-contest", **changes))
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert (await activities.ask("GET", "/rules/mine")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"when": ENDLESS}, "rule.too_much"),
        ({"when": "event.data.title.matches('((x{100}){100}){100}')"}, "when.failed"),
        ({"when": "event.data.titel == 'x'"}, "when.field"),
        ({"when": "event.data.title > 5"}, "when.failed"),
        ({"when": "event.data.title"}, "when.not_boolean"),
        ({"when": "false"}, "rule.sample_not_taken"),
        ({"map": "data.title"}, "map.nonsense"),
        ({"map": "{organisation: data.organisation, kind: 'open_day'}"}, "map.nonsense"),
        ({"map": "{kind: 'open_day', title: data.title}"}, "map.nonsense"),
        ({"map": "{organisation: 'x', kind: 'no_such_kind', title: data.title}"}, "kind.unknown"),
        ({"map": "{organisation: 'x', kind: 'open_day', title: data.title, occurred_at: `5`}"}, "map.nonsense"),
    ],
)
async def test_what_does_not_work_on_its_own_sample_is_not_put_in_force(
    activities: ServiceHarness, changes: Json, code: str
) -> None:
    await ask(activities, "PUT", "/rules/mine", rule("union-contest", **changes))
    answer = await activities.ask("POST", "/rules/mine/publication", by="9001", roles=STEWARD, json={})
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{code}"), answer.text
    assert (await ask(activities, "GET", "/rules/mine"))["state"] == "draft"


async def test_an_endless_rule_is_contained_and_other_events_go_on_meanwhile(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    data = {**CONTEST["data"], "l": [1]}
    endless = rule("union-contest", when=NESTED, sample=CONTEST | {"data": data})
    await put_in_force(activities, "endless", endless)
    await ask(activities, "POST", "/rules/union-contest/retirement", {"reason": "由新规则代替"})
    union, safety, rescue = (
        url_of(environment, "union."),
        url_of(environment, "safety."),
        EVENTS["safety-rescue-2026-007"],
    )
    bombs = [
        CONTEST | {"id": f"bomb-{n}", "subject": f"b{n}", "data": {**data, "l": list(range(3000))}} for n in range(5)
    ]
    await asyncio.gather(
        *(send(union, CONTEST["type"], bomb) for bomb in bombs),
        *(send(safety, rescue["type"], rescue | {"id": f"good-{n}", "subject": f"g{n}"}) for n in range(20)),
        send(union, CONTEST["type"], CONTEST | {"id": "small", "data": data}),
    )
    arrivals = {one["event"]: one for one in await Arrivals(activities).settled(26)}
    assert {arrivals[f"good-{n}"]["state"] for n in range(20)} == {"effected"}
    reasons = {arrivals[f"bomb-{n}"]["reasons"][0]["code"] for n in range(5)}
    assert reasons <= {"rule.too_much", "rule.spared"}
    assert "rule.too_much" in reasons
    assert all("规则" in arrivals[f"bomb-{n}"]["reasons"][0]["zh"] for n in range(5))


class Later:
    """A clock that is an hour ahead."""

    @staticmethod
    def monotonic() -> float:
        return time.monotonic() + 3600


async def test_what_was_spared_or_came_before_its_organisation_heals_by_itself(
    environment: Environment, activities: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell_enterprise(activities)
    monkeypatch.setattr("infra.sandbox.pool.PATIENCE", 1)
    data = {**CONTEST["data"], "l": [1]}
    own = f"{NESTED} || false"  # a rule that nothing has stopped yet in this process
    wording = rule("union-contest", when=own, sample=CONTEST | {"data": data})
    await put_in_force(activities, "union-contest", wording)
    url = url_of(environment, "union.")
    await send(url, CONTEST["type"], CONTEST | {"id": "bomb", "data": {**data, "l": list(range(3000))}})
    await Arrivals(activities).settled(1)
    early: Json = CONTEST | {"id": "early", "data": {**data, "organisation": "late-branch"}}
    for one in (CONTEST | {"id": "good", "data": data}, early):
        await send(url, one["type"], one)
    arrivals = {one["event"]: one for one in await Arrivals(activities).settled(3)}
    assert arrivals["bomb"]["reasons"][0]["code"] == "rule.too_much"
    assert arrivals["good"]["reasons"][0]["code"] == "rule.spared"
    # only from here on may anything heal: the minute of sparing is over, and failures are looked at again soon
    monkeypatch.setattr("infra.sandbox.pool.time", Later())
    monkeypatch.setattr("services.activities.inbound.use_cases.intake.HEALING_SECONDS", 1.0)
    late: Json = {"organisation": "late-branch", "name": "新支部", "kind": "party_branch", "parent": "committee"}
    late |= {"valid_from": "2020-01-01", "valid_to": None}
    await activities.tell("registry.organisation.recorded.v1", "late-branch", 1, late)

    async def healed() -> bool:
        found = {one["event"]: one["state"] for one in await Arrivals(activities).all()}
        return found == {"bomb": "failed", "good": "effected", "early": "effected"}

    await eventually(healed, within=60)


async def test_a_dry_run_shows_every_event_and_changes_nothing(
    environment: Environment, activities: ServiceHarness
) -> None:
    await tell_enterprise(activities)
    url = url_of(environment, "union.")
    for number, title in enumerate(("职工篮球赛", "职工拔河赛", "读书会")):
        data = {**CONTEST["data"], "title": title, **({"teams": 4} if number else {})}
        await send(url, CONTEST["type"], CONTEST | {"id": f"c{number}", "data": data})
        await Arrivals(activities).settled(number + 1)
    wording = rule("union-contest", when="event.data.title.endsWith('赛') && event.data.teams > 0")
    tried = await ask(activities, "POST", "/rules/dry-run", {"rule": wording, "last": 10})
    shown: list[Any] = [(one["event"], one["when"], (one["reason"] or {}).get("code")) for one in tried]
    assert shown == [("c2", False, None), ("c1", True, None), ("c0", None, "when.field")]
    assert tried[1]["result"]["title"] == "职工拔河赛"
    (pasted,) = await ask(
        activities, "POST", "/rules/dry-run", {"rule": wording, "event": CONTEST | {"type": "union.x.y"}}
    )
    assert pasted["reason"]["code"] == "rule.other_type"
    assert tried[1]["organisations"] == [OPERATIONS]
    elsewhere = CONTEST | {"data": {**CONTEST["data"], "teams": 2, "organisation": "no-branch"}}
    (nobody,) = await ask(activities, "POST", "/rules/dry-run", {"rule": wording, "event": elsewhere})
    assert (nobody["when"], nobody["reason"]["code"]) == (True, "organisation.unknown")
    listed = (await ask(activities, "GET", "/rules"))["items"]
    assert [one["versions"][-1]["number"] for one in listed] == [1] * 18
    assert all(one["versions"][-1]["map"] and one["state"] == "published" for one in listed)
    both = {"rule": wording, "last": 1, "event": CONTEST}
    refused = await activities.ask("POST", "/rules/dry-run", by="9001", roles=STEWARD, json=both)
    assert refused.status_code == 422


async def test_rules_and_departments_are_the_work_department_s(activities: ServiceHarness) -> None:
    body: Json = {"title": "食堂", "title_en": "Canteen", "types": ["canteen."], "sources": ["/canteen/"]}
    for method, path, json in (
        ("PUT", "/rules/mine", rule("union-contest")),
        ("POST", "/rules/dry-run", {"rule": rule("union-contest"), "last": 1}),
        ("POST", "/rules/union-contest/retirement", {"reason": "x"}),
        ("PUT", "/departments/canteen", body),
        ("POST", "/arrivals/redrive", {"state": "quarantined"}),
    ):
        assert (await activities.ask(method, path, by="1001", json=json)).status_code == 403, path
    await ask(activities, "PUT", "/departments/canteen", body)
    again = await ask(activities, "PUT", "/departments/canteen", body | {"contact": "分机 8001"})
    assert again["version"] == 2
    kept = await ask(activities, "GET", "/departments/canteen")
    assert (kept["revision"], kept["earlier"][0]["registration"]["contact"]) == (2, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"types": ["union.contest."]}, "department.type_taken"),
        ({"schemas": {"union.x": {"body_schema": {}}}}, "schema.foreign_type"),
        ({"schemas": {"canteen.x": {"body_schema": {"type": "nothing"}}}}, "schema.unreadable"),
        ({"schemas": {"canteen.x": {"body_schema": {"pattern": "(a{1000}){1000}"}}}}, "schema.unreadable"),
        ({"schemas": {"canteen.x": {"body_schema": {"$ref": "http://127.0.0.1/x"}}}}, "schema"),
    ],
)
async def test_a_department_s_mistakes_are_refused(activities: ServiceHarness, changes: Json, code: str) -> None:
    body = {"title": "食堂", "title_en": "Canteen", "types": ["canteen."], "sources": ["/canteen/"], **changes}
    answer = await activities.ask("PUT", "/departments/canteen", by="9001", roles=STEWARD, json=body)
    assert (answer.status_code, answer.json()["type"].startswith(f"/problems/{code}")) == (422, True), answer.text
