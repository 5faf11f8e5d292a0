"""A public notice over HTTP on real servers: reviewed, approved, put up, objected to, lost, shown again, and passed."""

from datetime import datetime, timedelta

from services.review.audit import faults
from tests.integration.review.cast import COMMITTEE, DRAFTER, OFFICER, SECRETARY, Ear, act, hand_in
from tests.support.actors.days import MONDAY, NOTICED, day, morning
from tests.support.harness.clock import LedClock
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

OFFICE = ("party_work_department@committee",)
CHIEF = COMMITTEE[0]


async def calendars(standing: ServiceHarness, sequence: int, own: list[Json]) -> None:
    """Registry confirms both years around; one has days of the company's own."""
    for year in (MONDAY.year, MONDAY.year + 1):
        data = {"calendar": str(year), "year": year, "confirmed": True, "holidays": [], "worked": [], "own": own}
        await standing.tell("registry.calendar.recorded.v1", str(year), sequence, data)


async def at_notice(standing: ServiceHarness, led: LedClock) -> str:
    """Checked on the Monday; the notice waits for its review."""
    answer = await standing.ask("PUT", "/procedures/one-branch-one-brand", by=OFFICER, roles=OFFICE, json=NOTICED)
    assert answer.is_success, answer.text
    review = await hand_in(standing, time=morning(MONDAY).isoformat())

    async def there() -> bool:
        return (await standing.ask("GET", f"/reviews/{review}", by=SECRETARY)).status_code == 200

    await eventually(there)
    led.lead(MONDAY)
    await act(standing, SECRETARY, f"{review}/check", {"decision": "agree"})
    return review


async def put_up(standing: ServiceHarness, review: str) -> None:
    """Review, approve and publish."""
    for question in ("secrecy", "necessity", "accuracy"):
        await act(standing, OFFICER, f"{review}/notice/review", {"question": question, "passed": True})
    await act(standing, CHIEF, f"{review}/notice/approval", {"comment": "同意公示"})
    await act(standing, OFFICER, f"{review}/notice/publication", {"where": "公司公告栏"})


async def seen(standing: ServiceHarness, review: str, by: str = OFFICER) -> Json:
    """The review as somebody sees it."""
    answer = await standing.ask("GET", f"/reviews/{review}", by=by)
    assert answer.is_success, answer.text
    body: Json = answer.json()
    return body


async def sound(standing: ServiceHarness, review: str) -> None:
    """Everything is told, and the audit finds nothing: the history replays to what is stored and to what was told."""
    mongo = standing.service.mongo
    stored: Json = {}

    async def all_published() -> bool:
        stored.update(await mongo.collection("reviews").find_one({"_id": review}) or {})
        return not stored.get("outbox")

    await eventually(all_published)
    filed = [dict(row) async for row in mongo.collection("journal").find({"subject": review}).sort("sequence", 1)]
    assert list(faults(stored, filed)) == []


async def test_a_notice_with_objections_from_its_review_to_its_end(
    reviews: ServiceHarness, ear: Ear, led: LedClock
) -> None:
    review = await at_notice(reviews, led)
    early = await reviews.ask("POST", f"/reviews/{review}/notice/approval", by=CHIEF, json={})
    assert early.json()["type"].endswith("notice.state")
    await put_up(reviews, review)
    own = await reviews.ask("POST", f"/reviews/{review}/notice/approval", by=OFFICER, json={})
    assert own.status_code in (403, 409)

    live = (await seen(reviews, review))["runs"][-1]
    assert (live["notice"]["state"], live["notice"]["last_day"]) == ("implemented", day(5).isoformat())
    assert live["notice"]["provisional"]  # no calendar has come
    off = {"day": day(3).isoformat(), "working": False, "name": "厂庆"}
    await calendars(reviews, 1, [off])

    async def moved() -> bool:
        notice = (await seen(reviews, review))["runs"][-1]["notice"]
        return bool(notice["last_day"] == day(6).isoformat() and not notice["provisional"])

    await eventually(moved)

    led.lead(day(2))
    named = {"text": "口号与他人雷同", "raised_by": "李四，分机8001"}
    answer = await act(reviews, OFFICER, f"{review}/notice/objections", named)
    assert answer["objection"] == 1
    unanswered = {"upheld": True, "reason": "属实"}
    refusal = await reviews.ask("POST", f"/reviews/{review}/notice/objections/1/decision", by=OFFICER, json=unanswered)
    assert (refusal.status_code, refusal.json()["field"]) == (422, "/reply")
    for by, shown in ((OFFICER, named["raised_by"]), (SECRETARY, "**"), (DRAFTER, "**")):
        run = (await seen(reviews, review, by))["runs"][-1]
        assert [one["raised_by"] for one in run["notice"]["objections"]] == [shown]
        history = (await reviews.ask("GET", f"/reviews/{review}/history", by=by)).text
        assert ("李四" in history) is (by == OFFICER)

    lost = await act(reviews, OFFICER, f"{review}/notice/objections/1/decision", {**unanswered, "reply": "已电话答复"})
    assert (lost["step"], lost["round"]) == ("secretary_check", 2)
    (returned,) = await ear.has("review.review.returned.v1")
    assert returned["to_step"] == "secretary_check"
    assert not any("李四" in str(fact) for fact in ear.consumed)

    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    await put_up(reviews, review)
    second = (await seen(reviews, review))["runs"][-1]["notice"]
    assert second["last_day"] == day(8).isoformat()  # five working days after Wednesday, Thursday being off
    await act(reviews, OFFICER, f"{review}/notice/objections", {"text": "事迹不实"})

    led.lead(day(9))
    page = f"/reviews/{review}/explanation"

    async def over() -> bool:
        rules = (await reviews.ask("GET", page, by=OFFICER)).json()["now"]["rules"]
        return {one["rule"]: one["fulfilled"] for one in rules}["notice_period"] is True

    await eventually(over)
    assert (await seen(reviews, review))["state"] == "running"  # one objection is not decided
    said = {"upheld": False, "reason": "经核实，事迹属实"}
    answer = await act(reviews, OFFICER, f"{review}/notice/objections/1/decision", said)
    assert answer["state"] == "approved"
    (concluded,) = await ear.has("review.review.concluded.v1")
    assert (concluded["outcome"], concluded["concluded_by"]) == ("approved", OFFICER)
    await sound(reviews, review)


async def test_a_notice_that_nobody_objects_to_passes_by_itself(
    reviews: ServiceHarness, ear: Ear, led: LedClock
) -> None:
    review = await at_notice(reviews, led)
    await put_up(reviews, review)
    led.lead(day(5))
    late = await reviews.ask("POST", f"/reviews/{review}/notice/publication", by=OFFICER, json={"where": "再次"})
    assert late.status_code == 409
    assert ear.of("review.review.concluded.v1") == []  # the last day is not over
    led.lead(day(6))
    (concluded,) = await ear.has("review.review.concluded.v1")
    assert (concluded["outcome"], concluded["concluded_by"]) == ("approved", "system")
    last = (await seen(reviews, review))["runs"][-1]
    closed = datetime.fromisoformat(last["closed_at"])
    assert closed >= morning(day(6)) - timedelta(hours=9)
    await sound(reviews, review)
