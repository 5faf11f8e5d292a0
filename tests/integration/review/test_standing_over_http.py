"""Standings over real servers: told in any order, refused with the field, overdue once, rechecked in rounds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.review.standings.use_cases import AT_ONCE
from tests.integration.review.cast import COMMITTEE, FOREIGN_SECRETARY, OFFICER, SECRETARY, Ear, today
from tests.integration.review.standing_cast import BEGUN, RESOLUTION, THIS_YEAR, ask, brand, decide, stands
from tests.integration.standing.years import activities, tell_twice
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

ADMIN = ("administrator@*",)
NOW = date.fromisoformat(today())
PLAQUE = {"plaque": "sanxin.p1", "brand": "sanxin", "owner": "branch", "name": "三心", "number": "0004"}
pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_told_twice_and_in_any_order_it_ends_the_same(reviews: ServiceHarness, seed: int) -> None:
    moment = datetime(BEGUN.year, 6, 1, tzinfo=UTC)
    facts = [brand("sanxin", 1, "draft"), brand("sanxin", 3, "in_review"), brand("sanxin", 5, "approved")]
    facts += [brand("sanxin", 8, "plaqued"), *activities(moment, "sanxin", "branch")]
    award = {**PLAQUE, "awarded_on": f"{BEGUN.year}-07-01", "occasion": "七一", "flag": True}
    facts.append(("registry.plaque.awarded.v1", "sanxin.p1", 8, award))
    await tell_twice(reviews, facts, seed)
    seen: Json = {}

    async def complete() -> bool:
        answer = await reviews.ask("GET", f"/standings/sanxin/evidence?year={BEGUN.year}", by=OFFICER)
        seen.update(answer.json() if answer.is_success else {})
        whole = seen and (seen["activities"], len(seen["points"]), len(seen["portrait"] or ())) == (4, 1, 5)
        if not (whole and seen["portrait"]["state"] == "plaqued" and seen["portrait"]["plaque"]):
            return False
        shares = (seen["participation"], seen["filed_before_start"])  # corrections and filings come when they come
        return (shares, seen["points"][0]["value"]) == ((0.8, 0.75), 31.5)

    await eventually(complete, within=60)
    assert (seen["participation"], seen["filed_before_start"]) == (0.8, 0.75)
    assert (seen["points"][0]["value"], seen["kinds"]) == (31.5, {"open_day": 3, "theme_party_day": 1})
    standing = await stands(reviews, "sanxin", state="active", begun_on=BEGUN.isoformat())
    assert [line["deed"] for line in standing["history"]] == ["began"]
    assert standing["next_recheck"]["year"] == BEGUN.year


async def test_a_rectification_is_overdue_once(reviews: ServiceHarness, ear: Ear) -> None:
    await tell_twice(reviews, [brand("sanxin", 5, "approved")], 1)
    await stands(reviews, "sanxin")
    ordered, deadline = NOW - timedelta(days=60), NOW - timedelta(days=1)
    asked: Json = {"items": ["补齐记录", "补报备"], "deadline": deadline.isoformat()}
    await decide(reviews, "sanxin/rectifications", ordered, **asked)
    overdue = await ear.has("review.rectification.overdue.v1")
    assert (overdue[0]["deadline"], overdue[0]["unproved"]) == (deadline.isoformat(), 2)
    proof = {"item": 2, "text": "已报备"}
    await ask(reviews, "POST", "/standings/sanxin/rectifications/1/proofs", by=SECRETARY, json=proof)
    await decide(reviews, "sanxin/rectifications/1/closure", NOW, met=False)
    closed = await ear.has("review.rectification.closed.v1")
    assert closed[0]["outcome"] == "not_met"
    assert len(ear.of("review.rectification.overdue.v1")) == 1
    states = await ear.has("review.standing.recorded.v1", 3)
    assert [one["state"] for one in states] == ["active", "rectifying", "active"]


GOOD = {"reason": "研究", "on": BEGUN.isoformat(), **RESOLUTION}
TOO_LATE = {**GOOD, "on": (NOW + timedelta(days=2)).isoformat()}
WRONG: dict[str, tuple[str, str, Json, int, str, str | None]] = {
    "a stranger decides": (FOREIGN_SECRETARY, "sanxin/grading", {**GOOD, "level": "cultivating"}, 403,
                           "standing.not_office", None),
    "the secretary decides": (SECRETARY, "sanxin/revocation", GOOD, 403, "standing.not_office", None),
    "an unknown level": (OFFICER, "sanxin/grading", {**GOOD, "level": "golden"}, 422,
                         "standing.level_unknown", "/level"),
    "no reason": (OFFICER, "sanxin/grading", {"on": GOOD["on"], "level": "cultivating"}, 422, "input.invalid",
                  "/reason"),
    "an empty reason": (OFFICER, "sanxin/grading", {**GOOD, "reason": " ", "level": "cultivating"}, 422,
                        "input.invalid", "/reason"),
    "no day": (OFFICER, "sanxin/grading", {"reason": "研究", "level": "cultivating"}, 422, "input.invalid", "/on"),
    "tomorrow": (OFFICER, "sanxin/grading", {**TOO_LATE, "level": "cultivating"}, 422,
                 "standing.wrong_day", "/on"),
    "an old version": (OFFICER, "sanxin/grading", {**GOOD, "level": "cultivating", "version": 99}, 412,
                       "version.stale", None),
    "an unknown hint": (OFFICER, "sanxin/suspension", {**GOOD, "hint": "none"}, 404, "hint.unknown", None),
    "an unknown brand": (OFFICER, "nobody/suspension", GOOD, 404, "standing.not_found", None),
    "a year too early": (OFFICER, "sanxin/rechecks", {"year": BEGUN.year - 1}, 422,
                         "recheck.before_beginning", "/year"),
    "this very year": (OFFICER, "sanxin/rechecks", {"year": THIS_YEAR + 1}, 409, "recheck.too_early", "/year"),
    "the branch opens": (SECRETARY, "sanxin/rechecks", {"year": BEGUN.year}, 403, "standing.not_office", None),
    "no items": (OFFICER, "sanxin/rectifications", {**GOOD, "items": [], "deadline": GOOD["on"]}, 422, "input.invalid",
                 "/items"),
    "too long": (OFFICER, "sanxin/rectifications",
                 {**GOOD, "items": ["一"], "deadline": (BEGUN + timedelta(days=91)).isoformat()}, 422,
                 "rectification.deadline", "/deadline"),
    "the office proves": (OFFICER, "sanxin/rectifications/1/proofs", {"item": 1, "text": "改"}, 403,
                          "rectification.not_branch", None),
}  # fmt: skip


async def test_what_is_wrong_is_refused_with_its_field_and_changes_nothing(reviews: ServiceHarness) -> None:
    await tell_twice(reviews, [brand("sanxin", 5, "approved")], 1)
    before = await stands(reviews, "sanxin")
    faults = []
    for what, (by, path, body, *wanted) in WRONG.items():
        answer = await reviews.ask("POST", f"/standings/{path}", by=by, json=body)
        found = answer.json()
        got = [answer.status_code, found["type"].removeprefix("/problems/"), found.get("field")]
        if got != wanted or found["detail"] == found["detail_en"]:
            faults.append((what, got, found))
    assert faults == []
    assert await stands(reviews, "sanxin") == before


async def test_the_rules_are_data_in_versions_and_a_recheck_keeps_its_own(reviews: ServiceHarness) -> None:
    await tell_twice(reviews, [brand("sanxin", 5, "approved")], 1)
    await stands(reviews, "sanxin")
    await decide(reviews, "sanxin/grading", BEGUN, level="cultivating")
    await ask(reviews, "POST", "/standings/sanxin/rechecks", json={"year": BEGUN.year})
    rules = await ask(reviews, "GET", "/management-rules")
    drawn: Json = {name: value for name, value in rules.items() if name not in {"id", "number"}}
    fewer = {**drawn, "levels": drawn["levels"][1:]}
    refused = await reviews.ask("POST", "/management-rules", by="admin", roles=ADMIN, json=fewer)
    assert (refused.status_code, refused.json()["field"]) == (422, "/levels"), "a brand holds that level"
    wrong = {**drawn, "outcomes": ["revoke"], "recheck_last_month": 0 + 1, "recheck_first_month": 2}
    found: Any = await ask(reviews, "POST", "/management-rules/check", by="admin", roles=ADMIN, json=wrong)
    assert [one["field"] for one in found] == ["/outcomes", "/recheck_last_month"]
    strict = {**drawn, "outcomes": ["pass", "revoke"], "levels_per_decision": 3}
    denied = await reviews.ask("POST", "/management-rules", by=SECRETARY, json=strict)
    assert denied.status_code == 403
    published = await ask(reviews, "POST", "/management-rules", by="admin", roles=ADMIN, json=strict)
    assert published["number"] == 2
    asked: Json = {"outcome": "upgrade", "level": None}
    decided = await decide(reviews, f"sanxin/rechecks/{BEGUN.year}/decision", NOW, **asked)
    assert decided["level"] == "established", "decided by the rules that it was opened under"
    await decide(reviews, "sanxin/grading", NOW, level="exemplary")
    history = (await stands(reviews, "sanxin"))["history"]
    assert [line["rules"] for line in history] == [1, 1, 1, 1, 2]
    assert (await ask(reviews, "GET", "/management-rules/versions"))["total"] == 2


async def test_a_round_opens_the_recheck_of_every_brand_and_says_how_far_it_is(reviews: ServiceHarness) -> None:
    keys = [f"b{n:02}" for n in range(AT_ONCE + 3)]
    facts = [brand(key, 5, "approved") for key in keys] + [brand("fresh", 5, "approved", NOW)]
    await tell_twice(reviews, facts, 4)
    await stands(reviews, *keys, "fresh")
    start = {"year": BEGUN.year, "committee": "committee"}
    denied = await reviews.ask("POST", "/recheck-rounds", by=SECRETARY, json=start)
    assert (denied.status_code, denied.json()["field"]) == (403, "/committee")
    started = await ask(reviews, "POST", "/recheck-rounds", json=start)
    nowhere = await reviews.ask("POST", "/recheck-rounds", by=OFFICER, json={**start, "committee": "branch"})
    assert (nowhere.status_code, nowhere.json()["field"]) == (422, "/committee")
    assert (await reviews.ask("GET", f"/recheck-rounds/{started['id']}", by=SECRETARY)).status_code == 403
    seen: Json = {}

    async def done() -> bool:
        seen.update(await ask(reviews, "GET", f"/recheck-rounds/{started['id']}"))
        return bool(seen["state"] == "done")

    await eventually(done, within=60)
    assert (seen["total"], seen["opened"], seen["skipped"]) == (len(keys) + 1, len(keys), 1)
    assert [(one["brand"], one["code"]) for one in seen["notes"]] == [("fresh", "recheck.before_beginning")]
    assert (await stands(reviews, keys[-1]))["next_recheck"]["open"] is True
    shown = await ask(reviews, "GET", "/standings?limit=200", by=COMMITTEE[0])
    assert shown["total"] == len(keys) + 1
