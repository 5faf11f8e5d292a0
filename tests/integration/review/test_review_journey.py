"""One brand's review over HTTP on real servers, from the submission to the resolution, and everything it tells."""

from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.review import Review
from tests.integration.review.cast import (
    COMMITTEE,
    DRAFTER,
    OFFICER,
    PROBATIONER,
    SECRETARY,
    VOTERS,
    Ear,
    act,
    hand_in,
    opened,
    today,
)
from tests.support.harness.service import ServiceHarness
from tests.support.harness.waiting import eventually

SLOGAN = {"state": "known", "value": "尽心、细心、暖心"}


async def test_a_brand_goes_the_whole_way_returned_once_and_a_meeting_held_again(
    reviews: ServiceHarness, ear: Ear
) -> None:
    review = await opened(reviews)
    (published,) = await ear.has("review.review.opened.v1")
    assert (published["step"], published["procedure_version"]) == ("secretary_check", 1)

    answer = await act(reviews, SECRETARY, f"{review}/check", {"decision": "return", "reason": "请补充"})
    assert (answer["state"], answer["step"]) == ("returned", "draft")
    (returned,) = await ear.has("review.review.returned.v1")
    assert (returned["to_drafter"], returned["reason"], returned["drafter"]) == (True, "请补充", DRAFTER)
    await hand_in(reviews, submission=2)
    await ear.has("review.review.opened.v1", 2)

    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    opinion = await act(reviews, PROBATIONER, f"{review}/opinions", {"text": "可加故事", "path": "/blocks/words"})
    ruling = {"adopted": False, "reason": "另文刊载"}
    await act(reviews, SECRETARY, f"{review}/opinions/{opinion['opinion']}/ruling", ruling)
    for voter in VOTERS[:3]:
        await act(reviews, voter, f"{review}/votes", {"choice": "for"})
    assert (await act(reviews, SECRETARY, f"{review}/discussion/closure"))["step"] == "committee_co_revision"

    wish = {"path": "/slogan", "proposal": SLOGAN, "reason": "补口号"}
    suggestion = (await act(reviews, OFFICER, f"{review}/suggestions", wish))["suggestion"]
    await act(reviews, DRAFTER, f"{review}/suggestions/{suggestion}/answer", {"accepted": True})
    (revised,) = await ear.has("review.document.revised.v1")
    assert (revised["revision"], revised["document"]["slogan"]) == (3, SLOGAN)
    await act(reviews, OFFICER, f"{review}/co-revision/closure")

    held = {"number": "第1次", "held_on": today(), "agenda": ["审定"], "present": list(COMMITTEE[:3])}
    assert (await act(reviews, OFFICER, f"{review}/meetings", held))["meeting"] == 1
    held |= {"number": "第1次（重开）", "present": list(COMMITTEE[:5])}
    assert (await act(reviews, OFFICER, f"{review}/meetings", held))["meeting"] == 2
    for member in COMMITTEE[:5]:
        await act(reviews, member, f"{review}/meetings/2/votes", {"choice": "for"})
    answer = await act(reviews, OFFICER, f"{review}/meetings/2/resolution", {"number": "1号"})
    assert answer["state"] == "approved"
    (concluded,) = await ear.has("review.review.concluded.v1")
    assert (concluded["outcome"], concluded["revision"]) == ("approved", 3)
    figures = {name: concluded["resolution"][name] for name in ("expected", "present", "in_favour")}
    assert figures == {"expected": 6, "present": 5, "in_favour": 5}

    await _to_dos_are_told_completely(reviews, ear, review)
    await _history_replays(reviews, review)


async def _to_dos_are_told_completely(reviews: ServiceHarness, ear: Ear, review: str) -> None:
    """Whoever keeps the newest state of each told to-do has what review has."""
    stored = await reviews.service.stores[0].get(review)
    wanted = {task.task: task.state for task in stored.tasks}
    assert set(wanted.values()) == {"done", "withdrawn"}

    def published() -> dict[str, str]:
        newest: dict[str, tuple[int, str]] = {}
        for event in ear.consumed:
            for task in event["data"].get("tasks", ()):
                newest[task["task"]] = max(newest.get(task["task"], (0, "")), (event["sequence"], task["state"]))
        return {key: state for key, (_, state) in newest.items()}

    await eventually(lambda: published() == wanted)


async def _history_replays(reviews: ServiceHarness, review: str) -> None:
    stored: Review = await reviews.service.stores[0].get(review)
    again = replay(first(stored), stored.history, stored.holders)
    assert again.model_copy(update={"version": stored.version}) == stored
    story = (await reviews.ask("GET", f"/reviews/{review}/history", by=SECRETARY)).json()
    assert [entry["command"]["kind"] for entry in story["history"]][:4] == ["submit", "send_back", "submit", "agree"]
    assert {entry["holders"] for entry in story["history"]} <= set(story["holders"])


async def test_the_full_view_says_whom_it_waits_for_and_since_when(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    view = (await reviews.ask("GET", f"/reviews/{review}", by=DRAFTER)).json()
    assert (view["step"], view["step_title"], view["waiting"]) == ("secretary_check", "支部书记审核", 1)
    (task,) = view["waiting_for"]
    assert (task["person"], task["since"], task["due"]) == (SECRETARY, view["since"], view["due"])


async def test_lists_are_filtered_and_name_nobody(reviews: ServiceHarness) -> None:
    review = await opened(reviews)

    async def listed(query: str, by: str = SECRETARY) -> list[str]:
        page = (await reviews.ask("GET", f"/reviews?{query}", by=by)).json()
        assert page["total"] == len(page["items"])
        assert all("waiting_for" not in found and "runs" not in found for found in page["items"])
        return [found["id"] for found in page["items"]]

    assert await listed("") == await listed("owner=branch&state=running") == [review]
    assert await listed(f"person={SECRETARY}") == [review]
    assert await listed(f"person={DRAFTER}", by=DRAFTER) == await listed("owner=other") == []
    asked = await reviews.ask("GET", f"/reviews?person={DRAFTER}", by=SECRETARY)
    assert asked.status_code == 403
    asked = await reviews.ask("GET", f"/reviews?person={SECRETARY}", by="7001", roles=("auditor@*",))
    assert asked.json()["total"] == 1
