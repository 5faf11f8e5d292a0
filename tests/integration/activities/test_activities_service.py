"""Activities over HTTP with the registry played by its facts: filed, noted, recorded, corrected, counted."""

import asyncio
from datetime import timedelta

from tests.integration.activities.branch import DEPARTMENT, NOW, PEOPLE, filed, person, plan, sheet
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually


async def published(activities: ServiceHarness, kind: str) -> list[Json]:
    """What the relay has told of one type, oldest first."""
    journal = activities.service.mongo.collection("journal")
    return [dict(row) async for row in journal.find({"type": kind}, sort=[("time", 1)])]


async def test_a_plan_is_public_at_once_and_told_once_however_often_it_is_sent(activities: ServiceHarness) -> None:
    answers = await asyncio.gather(
        *(activities.ask("POST", "/activities", json=plan(), key="once") for _ in range(3)),
    )
    assert {answer.status_code for answer in answers} == {201}
    (key,) = {answer.json()["id"] for answer in answers}
    page = (await activities.ask("GET", "/activities?organisation=branch&state=planned", by="9999")).json()
    assert (page["total"], page["items"][0]["id"], page["items"][0]["plan"]["late"]) == (1, key, False)

    async def arrived() -> bool:
        return bool(await published(activities, "activities.activity.filed.v1"))

    await eventually(arrived)
    (fact,) = await published(activities, "activities.activity.filed.v1")
    assert (fact["subject"], fact["sequence"], fact["data"]["kind_title"]) == (key, 1, "开放日")


async def test_from_filing_to_record_to_correction_nothing_is_lost_and_counts_are_told(
    activities: ServiceHarness,
) -> None:
    key = await filed(activities, starts_at=(NOW - timedelta(hours=2)).isoformat())
    note = {"kind": "query", "text": "请说明路线"}
    assert (
        await activities.ask("POST", f"/activities/{key}/acknowledgement", by="9001", roles=DEPARTMENT, json=note)
    ).is_success
    moved = {name: value for name, value in plan(place="会议室").items() if name != "organisation"}
    assert (await activities.ask("PUT", f"/activities/{key}/plan", json=moved)).is_success
    record = await activities.ask("POST", f"/activities/{key}/record", json=sheet())
    assert (record.status_code, record.json()["state"]) == (201, "held")
    again = await activities.ask("POST", f"/activities/{key}/record", json=sheet())
    assert (again.status_code, again.json()["type"]) == (409, "/problems/activity.not_planned")
    corrected = sheet(present=["1001", "1003", "1004"], reason="漏记一人")
    assert (await activities.ask("PUT", f"/activities/{key}/record", json=corrected)).is_success

    seen = (await activities.ask("GET", f"/activities/{key}")).json()
    assert [seen["earlier_plans"][0]["place"], seen["plan"]["place"]] == ["党员之家", "会议室"]
    assert [one["text"] for one in seen["notes"]] == ["请说明路线"]
    assert seen["record"]["late_entry"] is False
    assert {name: seen["record"][name] for name in ("revision", "expected", "present", "on_leave", "absent")} == {
        "revision": 2,
        "expected": 4,
        "present": 3,
        "on_leave": 1,
        "absent": 0,
    }
    assert [len(one["present"]) for one in seen["attendance"]] == [2, 3]
    assert seen["attendance"][0]["absent"] == [{"person": "1004", "reason": None}]

    async def arrived() -> bool:
        return len(await published(activities, "activities.activity.recorded.v1")) == 2

    await eventually(arrived)
    counts = [fact["data"]["present"] for fact in await published(activities, "activities.activity.recorded.v1")]
    assert counts == [2, 3]


async def test_who_may_not_see_people_sees_counts(activities: ServiceHarness) -> None:
    key = await filed(activities)
    await activities.ask("POST", f"/activities/{key}/record", json=sheet())
    for by, roles, names in [("1001", (), True), ("9001", DEPARTMENT, True), ("1002", (), False), ("2001", (), False)]:
        seen = (await activities.ask("GET", f"/activities/{key}", by=by, roles=roles)).json()
        assert (seen["attendance"] is not None) is names
        assert seen["record"]["present"] == 2
        assert names or "党员1003" not in str(seen)


async def test_a_cancellation_is_told_with_its_reason(activities: ServiceHarness) -> None:
    key = await filed(activities)
    assert (await activities.ask("POST", f"/activities/{key}/cancellation", json={"reason": "暴雨"})).is_success

    async def relayed() -> bool:
        return bool(await published(activities, "activities.activity.cancelled.v1"))

    await eventually(relayed)
    (fact,) = await published(activities, "activities.activity.cancelled.v1")
    assert (fact["subject"], fact["sequence"], fact["data"]["reason"]) == (key, 2, "暴雨")


async def test_participation_of_each_branch_names_people_only_to_the_branch_itself(activities: ServiceHarness) -> None:
    key = await filed(activities)
    await activities.ask("POST", f"/activities/{key}/record", json=sheet())
    day = (NOW - timedelta(hours=2) + timedelta(hours=8)).date()  # when it was held, in China
    path = f"/participation?organisation=committee&from={day - timedelta(days=2)}&to={day}"
    mine, foreign = (await activities.ask("GET", path)).json()["items"]
    assert (mine["organisation"], mine["members"], mine["took_part"], mine["rate"]) == ("branch", 4, 2, 0.5)
    assert mine["not_yet"] == [{"person": "1002", "name": "党员1002"}, {"person": "1004", "name": "党员1004"}]
    assert (foreign["organisation"], foreign["rate"], foreign["not_yet"]) == ("other", 0.0, None)
    for row in (await activities.ask("GET", path, by="1002")).json()["items"]:
        assert row["not_yet"] is None
    earlier = path.replace(f"to={day}", f"to={day - timedelta(days=1)}")
    assert (await activities.ask("GET", earlier)).json()["items"][0]["took_part"] == 0


async def test_kinds_are_shipped_and_an_enterprise_s_own_are_data(activities: ServiceHarness) -> None:
    kinds = (await activities.ask("GET", "/kinds")).json()["items"]
    assert len(kinds) == 13
    own = {"title": "知识竞赛", "title_en": "Quiz"}
    assert (await activities.ask("PUT", "/kinds/quiz", json=own)).status_code == 403
    assert (await activities.ask("PUT", "/kinds/quiz", roles=DEPARTMENT, json=own)).is_success
    assert await filed(activities, kind="quiz")


async def test_an_older_or_repeated_fact_does_not_undo_a_newer_one(activities: ServiceHarness) -> None:
    left = person("1001", "branch", "full_member", None)
    await activities.tell("registry.person.recorded.v1", "1001", 3, left)
    await activities.tell("registry.person.recorded.v1", "1001", 1, person(*PEOPLE[0]))
    await activities.tell("registry.person.recorded.v1", "1002", 2, person("1002", "branch", "full_member", "x"))

    async def arrived() -> bool:
        mirror = activities.service.mongo.collection("people")
        newest = [{"_id": "1001", "version": 3}, {"_id": "1002", "version": 2}]
        return bool(await mirror.count_documents({"$or": newest}) == len(newest))

    await eventually(arrived)
    assert (await activities.ask("POST", "/activities", json=plan())).status_code == 403
