"""A circulation over HTTP on real servers: who has read it, who left, and the deadline at which it passes by itself."""

from tests.integration.review.cast import DRAFTER, OFFICER, SECRETARY, Ear, act, opened, person
from tests.support.actors.days import day
from tests.support.harness.clock import LedClock
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

ADMIN = ("administrator@*",)
FIRST = "one-branch-one-brand"
CIRCULATION: Json = {
    "key": "circulation",
    "kind": "acknowledge",
    "title": "传阅",
    "title_en": "Circulation",
    "assignees": ["work_department"],
    "readers": ["secretary"],
    "experts": ["1003", "9001"],
    "days": 3,
}


async def at_circulation(reviews: ServiceHarness) -> str:
    """A review whose check was agreed to; the secretary, 1003 and 9001 are to read it."""
    shipped = (await reviews.ask("GET", f"/procedures/{FIRST}")).json()["items"][0]
    steps = [*shipped["steps"][:2], CIRCULATION, shipped["steps"][4] | {"on_not_carried": "draft"}]
    body = {"title": shipped["title"], "title_en": shipped["title_en"], "steps": steps}
    trial = (await reviews.ask("POST", "/procedures/trial", by="admin", roles=ADMIN, json=body)).json()
    assert (trial["sound"], [stop["step"] for stop in trial["stops"]][1]) == (True, "circulation")
    answer = await reviews.ask("PUT", f"/procedures/{FIRST}", by="admin", roles=ADMIN, json=body)
    assert answer.status_code == 200, answer.text
    assert "传阅：secretary, 1003, 9001" in (await reviews.ask("GET", f"/procedures/{FIRST}/versions/2/diagram")).text
    review = await opened(reviews)
    assert (await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"}))["step"] == "circulation"
    return review


async def look(reviews: ServiceHarness, review: str, by: str = OFFICER) -> Json:
    answer = await reviews.ask("GET", f"/reviews/{review}", by=by)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_it_passes_when_all_have_read_who_did_not_leave(reviews: ServiceHarness, ear: Ear) -> None:
    review = await at_circulation(reviews)
    assert {task["person"] for task in (await look(reviews, review))["waiting_for"]} == {SECRETARY, "1003", "9001"}
    for repeated in (False, True):
        answer = await act(reviews, "1003", f"{review}/acknowledgements", {"comment": "已阅"}, key="once")
        assert (answer["step"], answer["repeated"]) == ("circulation", repeated)
    twice = await reviews.ask("POST", f"/reviews/{review}/acknowledgements", by="1003", json={})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/acknowledge.twice")
    strange = await reviews.ask("POST", f"/reviews/{review}/acknowledgements", by="1005", json={})
    assert (strange.status_code, strange.json()["type"]) == (403, "/problems/acknowledge.no_reader")

    office, reader = [(await look(reviews, review, by))["runs"][-1] for by in (OFFICER, "9001")]
    assert [(one["by"], one["comment"]) for one in office["readings"]] == [("1003", "已阅")]
    assert office["counts"] == reader["counts"] == {"readers": 3, "read": 1}
    page = (await reviews.ask("GET", f"/reviews/{review}/explanation", by=OFFICER)).json()
    assert "应传阅 3 人，2 人尚未确认阅知" in page["zh"]

    kind, subject, data = person(SECRETARY)
    await reviews.tell(kind, subject, 2, data)

    async def left() -> bool:
        return {task["person"] for task in (await look(reviews, review))["waiting_for"]} == {"9001"}

    await eventually(left)
    assert (await act(reviews, "9001", f"{review}/acknowledgements"))["step"] == "committee_resolution"
    assert (await look(reviews, review))["runs"][-2]["outcome"] == "passed"
    await ear.has("review.tasks.changed.v1", 5)


async def test_at_its_deadline_it_passes_by_itself(reviews: ServiceHarness, led: LedClock) -> None:
    review = await at_circulation(reviews)
    await act(reviews, "1003", f"{review}/acknowledgements")
    led.lead(day(4))

    async def passed() -> bool:
        return bool((await look(reviews, review))["step"] == "committee_resolution")

    await eventually(passed)
    run = (await look(reviews, review, DRAFTER))["runs"][-2]
    assert (run["outcome"], run["overdue"], run["counts"]) == ("passed", False, {"readers": 3, "read": 1})
    assert "传阅期限届满：1 人已阅，2 人未确认" in run["reason"]
