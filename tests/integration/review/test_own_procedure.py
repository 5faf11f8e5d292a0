"""A county's own procedure without a line of code: online vote, panel, on-site scoring, public notice, resolution.

It is unlike the one that is shipped in every step but the first and the last. It is walked, drawn and published over
HTTP; one review runs through it to its approval, another is lost on site by a score below the pass mark.
"""

from typing import Any

import pytest

from tests.integration.review.cast import COMMITTEE, OFFICER, SECRETARY, act, hand_in, person
from tests.integration.review.county import ADMIN, AREA, FIRST, ONSITE, PANEL, county, sheet
from tests.support.actors.days import MONDAY, day, morning
from tests.support.harness.clock import LedClock
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually


async def published(reviews: ServiceHarness) -> Json:
    """The county's procedure, published as the next version of the one that new reviews take."""
    drawn = await county(reviews)
    answer = await reviews.ask("PUT", f"/procedures/{FIRST}", by="admin", roles=ADMIN, json=drawn)
    assert answer.status_code == 200, answer.text
    assert answer.json()["number"] == 2
    return drawn


async def begun(reviews: ServiceHarness, brand: str, **more: Any) -> str:  # noqa: ANN401 - of the envelope
    """A review in which the whole area may vote."""
    review = await hand_in(reviews, brand, **more)

    async def voting() -> bool:
        answer = await reviews.ask("GET", f"/reviews/{review}", by=OFFICER)
        return answer.status_code == 200 and answer.json()["step"] == "online_vote"

    await eventually(voting)
    return review


async def voted(reviews: ServiceHarness, review: str) -> None:
    """Eight of thirteen vote, five in favour."""
    for n, voter in enumerate(AREA[:8]):
        await act(reviews, voter, f"{review}/poll/votes", {"choice": "for" if n < 5 else "against"})
    await act(reviews, OFFICER, f"{review}/poll/closure", {"close": True})


async def judged(reviews: ServiceHarness, review: str, judges: tuple[str, ...], given: Json) -> Json:
    """All judges hand in the same, it is revealed and closed."""
    for judge in judges:
        await act(reviews, judge, f"{review}/scoring/sheets", given)
    await act(reviews, OFFICER, f"{review}/scoring/reveal")
    return await act(reviews, OFFICER, f"{review}/scoring/closure")


async def look(reviews: ServiceHarness, review: str, by: str, *roles: str) -> Json:
    answer = await reviews.ask("GET", f"/reviews/{review}", by=by, roles=roles)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_it_is_walked_published_and_drawn(reviews: ServiceHarness) -> None:
    drawn = await county(reviews)
    trial = (await reviews.ask("POST", "/procedures/trial", by="admin", roles=ADMIN, json=drawn)).json()
    assert (trial["sound"], trial["ends"], trial["problems"]) == (True, "approved", [])
    assert [(stop["step"], stop["passes_with"], stop["not_carried_to"]) for stop in trial["stops"]] == [
        ("online_vote", "2 / 3", "draft"),
        ("expert_panel", "60 / 100", "draft"),
        ("onsite_review", "75 / 100", "reject"),
        ("notice", "5 个工作日无成立异议 / 5 working days, no objection upheld", "draft"),
        ("resolution", "3 / 5", "draft"),
    ]
    await published(reviews)
    picture = (await reviews.ask("GET", f"/procedures/{FIRST}/versions/2/diagram")).text
    assert "网络投票 Online vote<br/>网络投票：full_member@committee" in picture
    assert "合格 75 / 100" in picture
    wrong = {**drawn, "steps": [*drawn["steps"][:5], {**drawn["steps"][5], "assignees": [{"posts": ["astronaut"]}]}]}
    refused = await reviews.ask("PUT", f"/procedures/{FIRST}", by="admin", roles=ADMIN, json=wrong)
    assert (refused.status_code, refused.json()["field"]) == (422, "/steps/5/assignees")
    wrong["steps"][5] = {**drawn["steps"][5], "assignees": [{"posts": ["branch_secretary"], "at": "nowhere"}]}
    refused = await reviews.ask("PUT", f"/procedures/{FIRST}", by="admin", roles=ADMIN, json=wrong)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/organisation.unknown")


async def test_a_review_runs_through_it_to_its_approval(reviews: ServiceHarness, led: LedClock) -> None:
    drawn = await published(reviews)
    review = await begun(reviews, "county", time=morning(MONDAY).isoformat())
    led.lead(MONDAY)
    assert (await look(reviews, review, OFFICER))["runs"][-1]["counts"] == {"voters": 13, "cast": 0}
    await voted(reviews, review)
    seen = await look(reviews, review, "auditor", "auditor@*")
    assert seen["runs"][-2]["votes"] == []
    assert (seen["runs"][-2]["counts"]["in_favour"], seen["runs"][-2]["counts"]["cast"]) == (5, 8)
    panel = seen["runs"][-1]
    assert panel["judges"] == [SECRETARY, "2001", "9001", "9002"]
    assert [one["judge"] for one in panel["card"]["recusals"]] == [SECRETARY]

    brand = drawn["steps"][2]["rubric"]
    refused = await reviews.ask("POST", f"/reviews/{review}/scoring/sheets", by=SECRETARY, json=sheet(brand, 0.8))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/score.not_judge")
    above = sheet(brand, 0.8) | {"points": {**sheet(brand, 0.8)["points"], "identity": "10.01"}}
    refused = await reviews.ask("POST", f"/reviews/{review}/scoring/sheets", by="9001", json=above)
    assert (refused.status_code, refused.json()["field"]) == (422, "/points/identity")
    await judged(reviews, review, PANEL, sheet(brand, 0.8))
    done = await judged(reviews, review, COMMITTEE, sheet(ONSITE, 0.9))
    assert (done["state"], done["step"]) == ("running", "notice")
    for question in ("secrecy", "necessity", "accuracy"):
        await act(reviews, OFFICER, f"{review}/notice/review", {"question": question, "passed": True})
    await act(reviews, COMMITTEE[0], f"{review}/notice/approval")
    await act(reviews, OFFICER, f"{review}/notice/publication", {"where": "县政府门户网站"})
    led.lead(day(6))

    async def shown() -> bool:
        return bool((await look(reviews, review, OFFICER))["step"] == "resolution")

    await eventually(shown)
    held = {"number": "第1次", "held_on": day(6).isoformat(), "agenda": ["审定"], "present": list(COMMITTEE)}
    n = (await act(reviews, OFFICER, f"{review}/meetings", held))["meeting"]
    for member in COMMITTEE:
        await act(reviews, member, f"{review}/meetings/{n}/votes", {"choice": "for"})
    end = await act(reviews, OFFICER, f"{review}/meetings/{n}/resolution", {"number": "党委决议1号"})
    assert end["state"] == "approved"
    view = await look(reviews, review, OFFICER)
    assert [(run["step"], run["outcome"]) for run in view["runs"]] == [
        ("draft", "passed"),
        ("online_vote", "passed"),
        ("expert_panel", "passed"),
        ("onsite_review", "passed"),
        ("notice", "passed"),
        ("resolution", "passed"),
    ]
    assert [run["standing"]["mean"] for run in view["runs"][2:4]] == ["80.00", "90.00"]


async def test_another_is_lost_on_site_below_the_pass_mark(reviews: ServiceHarness) -> None:
    drawn = await published(reviews)
    review = await begun(reviews, "weak")
    await voted(reviews, review)
    await judged(reviews, review, PANEL, sheet(drawn["steps"][2]["rubric"], 0.6))
    end = await judged(reviews, review, COMMITTEE, sheet(ONSITE, 0.74))
    assert end["state"] == "rejected"
    view = await look(reviews, review, OFFICER)
    assert (view["runs"][-1]["outcome"], view["runs"][-1]["standing"]["verdict"]) == ("not_carried", "below_mark")
    assert "平均 74.00 分，合格线 75 分" in view["reason"]
    page = (await reviews.ask("GET", f"/reviews/{review}/explanation", by=OFFICER)).json()
    assert "合格线 75 分" in page["past"][-1]["reason"]


@pytest.mark.security
async def test_sealed_points_leave_the_service_only_to_their_judge(reviews: ServiceHarness) -> None:
    drawn = await published(reviews)
    review = await begun(reviews, "sealed")
    await voted(reviews, review)
    given = sheet(drawn["steps"][2]["rubric"], 0.61, comment="秘而不宣")
    await act(reviews, "9001", f"{review}/scoring/sheets", given)
    for path in ("", "/history", "/explanation"):
        for by, roles in ((OFFICER, ()), ("9002", ()), ("admin", ADMIN), ("auditor", ("auditor@*",))):
            text = (await reviews.ask("GET", f"/reviews/{review}{path}", by=by, roles=roles)).text
            assert "秘而不宣" not in text
            assert "15.25" not in text
            assert "poll_vote" not in text
    assert "秘而不宣" in (await reviews.ask("GET", f"/reviews/{review}", by="9001")).text


async def test_the_to_do_of_a_role_with_a_scope_follows_its_holder(reviews: ServiceHarness) -> None:
    await published(reviews)
    review = await begun(reviews, "follows")
    await voted(reviews, review)

    async def waited_for(who: str) -> bool:
        stored = await reviews.service.stores[0].get(review)
        return who in {task.person for task in stored.tasks if task.state == "open"}

    assert await waited_for(OFFICER)
    kind, number, data = person("2001", "branch_secretary@other", "deputy_secretary@other", member="other")
    await reviews.tell(kind, number, 2, data)
    kind, number, data = person("1005", "deputy_secretary@other", member="group")
    await reviews.tell(kind, number, 2, data)
    await eventually(lambda: waited_for("1005"))
    assert not await waited_for(OFFICER)
    kind, number, data = person("1005", member="group")
    await reviews.tell(kind, number, 3, data)

    async def handed_on() -> bool:
        return not await waited_for("1005")

    await eventually(handed_on)
    for judge in PANEL:
        rubric = (await look(reviews, review, "2001"))["procedure"]["steps"][2]["rubric"]
        await act(reviews, judge, f"{review}/scoring/sheets", sheet(rubric, 0.9))
    await act(reviews, "2001", f"{review}/scoring/reveal")


async def test_rubrics_are_published_in_versions_by_who_may(reviews: ServiceHarness) -> None:
    (shipped,) = (await reviews.ask("GET", "/rubrics")).json()["items"]
    assert (shipped["id"], shipped["number"]) == ("brand", 1)
    next_one = {**shipped, "pass_mark": "70"}
    assert (await reviews.ask("PUT", "/rubrics/brand", by="1003", json=next_one)).status_code == 403
    assert (await reviews.ask("PUT", "/rubrics/other", by="admin", roles=ADMIN, json=next_one)).status_code == 422
    useless = {**shipped, "pass_mark": "110.01"}
    assert (await reviews.ask("PUT", "/rubrics/brand", by="admin", roles=ADMIN, json=useless)).status_code == 422
    answer = await reviews.ask("PUT", "/rubrics/brand", by="admin", roles=ADMIN, json=next_one)
    assert answer.json()["number"] == 2
    assert (await reviews.ask("GET", "/rubrics/brand/versions/1")).json() == shipped
    assert (await reviews.ask("GET", "/rubrics/brand/versions/3")).status_code == 404
    assert [one["pass_mark"] for one in (await reviews.ask("GET", "/rubrics/brand")).json()["items"]] == [None, "70"]
