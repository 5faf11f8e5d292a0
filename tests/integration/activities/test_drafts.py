"""A draft becomes a plan or a record by a person's hand, once, and nothing is lost when a process dies."""

import pytest

from services.activities.inbound.use_cases.effects import Effects
from tests.integration.activities.enterprise import (
    EVENTS,
    OPERATIONS,
    STEWARD,
    Arrivals,
    send,
    tell_enterprise,
    url_of,
)
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually


async def drafted(environment: Environment, activities: ServiceHarness, event: Json) -> Json:
    """The draft that this event led to."""
    await tell_enterprise(activities)
    await send(url_of(environment, event["type"]), event["type"], event)
    (arrival,) = await Arrivals(activities).settled(1)
    answer = await activities.ask("GET", f"/drafts/{arrival['outcomes'][0]['id']}", by="3001")
    return dict(answer.json())


def sheet(draft: Json) -> Json:
    times = {"started_at": draft["occurred_at"], "ended_at": draft["ended_at"]}
    return {**times, "chair": "3001", "recorder": "3001", "present": ["3001"], "content": "加固堆场。"}


async def test_a_draft_is_filed_by_the_branch_as_a_late_plan_with_what_the_event_said(
    environment: Environment, activities: ServiceHarness
) -> None:
    draft = await drafted(environment, activities, EVENTS["safety-rescue-2026-007"])
    path = f"/drafts/{draft['id']}/filing"
    assert (await activities.ask("POST", path, by="2001", json={})).status_code == 403
    assert (await activities.ask("POST", path, by="3001", json={"brand": "charm-gps"})).status_code == 409
    filed = await activities.ask("POST", path, by="3001", json={"brand": "ops-gps"}, key="once")
    again = await activities.ask("POST", path, by="3001", json={"brand": "ops-gps"}, key="once")
    assert (filed.status_code, again.json()["activity"]) == (201, filed.json()["activity"])
    activity = (await activities.ask("GET", f"/activities/{filed.json()['activity']}")).json()
    plan = activity["plan"]
    assert (activity["state"], plan["title"], plan["place"]) == ("planned", draft["title"], draft["place"])
    assert (plan["late"], plan["filed_by"]) == (True, "3001")
    assert (await activities.ask("POST", path, by="3001", json={})).json()["type"] == "/problems/draft.settled"
    listed = await activities.ask("GET", f"/drafts?organisation={OPERATIONS}&state=open", by="3001")
    assert listed.json()["total"] == 0


async def test_a_draft_is_recorded_at_once_with_who_was_there(
    environment: Environment, activities: ServiceHarness
) -> None:
    draft = await drafted(environment, activities, EVENTS["safety-rescue-2026-007"])
    path = f"/drafts/{draft['id']}/record"
    stranger = await activities.ask("POST", path, by="3001", json={"sheet": sheet(draft) | {"present": ["1001"]}})
    assert (stranger.status_code, stranger.json()["type"]) == (422, "/problems/record.not_on_roster")
    answer = await activities.ask("POST", path, by="3001", json={"sheet": sheet(draft)})
    assert answer.status_code == 201, answer.text
    activity = (await activities.ask("GET", f"/activities/{answer.json()['activity']}", by="3001")).json()
    assert (activity["state"], activity["record"]["present"]) == ("held", 1)


async def test_what_the_event_did_not_say_must_be_said_by_the_person(
    environment: Environment, activities: ServiceHarness
) -> None:
    event = EVENTS["league-league-2026-11"]
    data = {name: value for name, value in event["data"].items() if name != "place"}
    draft = await drafted(environment, activities, event | {"data": data})
    assert draft["place"] is None
    path = f"/drafts/{draft['id']}/filing"
    refused = await activities.ask("POST", path, by="3001", json={})
    assert (refused.status_code, refused.json()["field"]) == (422, "/place")
    assert (await activities.ask("POST", path, by="3001", json={"place": "团员活动室"})).status_code == 201


async def test_a_dismissed_draft_stays_dismissed_and_is_told(
    environment: Environment, activities: ServiceHarness
) -> None:
    draft = await drafted(environment, activities, EVENTS["union-contest-2026-05"])
    path = f"/drafts/{draft['id']}"
    assert (await activities.ask("POST", f"{path}/dismissal", by="3001", json={"reason": "非本支部活动"})).is_success
    assert (await activities.ask("POST", f"{path}/filing", by="3001", json={})).status_code == 409
    redriven = await activities.ask("POST", f"/arrivals/{draft['origin']['arrival']}/redrive", by="9", roles=STEWARD)
    assert redriven.is_success
    assert (await activities.ask("GET", path, by="3001")).json()["state"] == "dismissed", "a redrive does not undo it"

    async def published() -> bool:
        journal = activities.service.mongo.collection("journal")
        return bool(await journal.count_documents({"type": "activities.draft.settled.v1"}))

    await eventually(published)


async def test_the_activity_follows_even_when_the_process_dies_after_the_draft_was_settled(
    environment: Environment, activities: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await drafted(environment, activities, EVENTS["union-contest-2026-05"])
    whole, calls = Effects.enact, 0

    async def dies_first(self: Effects, key: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("the process died")
        await whole(self, key)

    monkeypatch.setattr(Effects, "enact", dies_first)
    answer = await activities.ask("POST", f"/drafts/{draft['id']}/filing", by="3001", json={})
    assert answer.status_code == 500

    async def there() -> bool:
        return bool((await activities.ask("GET", "/activities")).json()["total"] == 1)

    await eventually(there)
