"""Operations over HTTP: absence and proxy, transfer, delegation, copy, urge, unfinished text, terminating; trials."""

from datetime import UTC, datetime, timedelta

from infra.kernel.dates import day_of
from tests.integration.review.cast import (
    DRAFTER,
    FOREIGN_SECRETARY,
    OFFICER,
    SECRETARY,
    Ear,
    act,
    opened,
    today,
)
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

OFFICE = ("party_work_department@committee",)


async def code(reviews: ServiceHarness, by: str, path: str, body: Json, roles: tuple[str, ...] = ()) -> str:
    """The code of the problem that a command meets."""
    answer = await reviews.ask("POST", path, by=by, json=body, roles=roles)
    assert answer.status_code >= 400, answer.text
    problem = answer.json()
    assert problem["detail"]
    assert problem["detail_en"]
    return str(problem["type"]).removeprefix("/problems/")


async def waited_for(reviews: ServiceHarness, review: str) -> set[str]:
    stored = await reviews.service.stores[0].get(review)
    return {task.person for task in stored.tasks if task.state == "open"}


async def test_a_proxy_checks_for_an_absent_secretary_until_the_absence_ends(reviews: ServiceHarness) -> None:
    review, other = await opened(reviews), await opened(reviews, "other-brand")
    away: Json = {"proxy": "1003", "since": today(), "until": today(), "reason": "出差"}
    assert await code(reviews, "1004", "/absences", {**away, "person": SECRETARY}) == "absence.not_own"
    assert await code(reviews, SECRETARY, "/absences", {**away, "proxy": "0000"}) == "person.unknown"
    tomorrow = day_of(datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert await code(reviews, SECRETARY, "/absences", {**away, "since": tomorrow}) == "absence.days"
    recorded = await reviews.ask("POST", "/absences", by=SECRETARY, json=away, key="once")
    again = await reviews.ask("POST", "/absences", by=SECRETARY, json=away, key="once")
    assert (recorded.json()["absence"], again.json()["repeated"]) == (1, True)
    assert await waited_for(reviews, review) == {SECRETARY, "1003"}

    await act(reviews, "1003", f"{review}/check", {"decision": "agree"})
    story = (await reviews.ask("GET", f"/reviews/{review}/history", by=SECRETARY)).json()
    assert [(entry["by"], entry["behalf"]) for entry in story["history"]][-1] == ("1003", SECRETARY)
    view = (await reviews.ask("GET", f"/reviews/{review}", by=SECRETARY)).json()
    assert (view["runs"][1]["closed_by"], view["runs"][1]["closed_for"]) == ("1003", SECRETARY)

    assert (await reviews.ask("POST", f"/absences/{SECRETARY}/1/end", by=SECRETARY, json={})).status_code == 200
    assert await waited_for(reviews, other) == {SECRETARY}
    path = f"/reviews/{other}/check"
    assert await code(reviews, "1003", path, {"decision": "agree"}) == "step.not_assignee"
    (absence,) = (await reviews.ask("GET", f"/absences/{SECRETARY}", by=SECRETARY)).json()["absences"]
    assert absence["ended_by"] == SECRETARY
    assert (await reviews.ask("GET", f"/absences/{SECRETARY}", by="1004")).status_code == 403


async def test_a_duty_is_transferred_and_an_opinion_asked_for(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    hand = f"/reviews/{review}/transfer"
    assert await code(reviews, SECRETARY, hand, {"to": DRAFTER, "reason": "?"}) == "duty.own_text"
    await act(reviews, SECRETARY, f"{review}/delegation", {"to": FOREIGN_SECRETARY, "reason": "请核对"})
    assert await waited_for(reviews, review) == {FOREIGN_SECRETARY}
    await act(reviews, FOREIGN_SECRETARY, f"{review}/advice", {"opinion": "属实"})
    await act(reviews, SECRETARY, f"{review}/transfer", {"to": "1003", "reason": "请代为审核"})
    assert await waited_for(reviews, review) == {"1003"}
    await act(reviews, "1003", f"{review}/check", {"decision": "agree"})
    view = (await reviews.ask("GET", f"/reviews/{review}", by=FOREIGN_SECRETARY)).json()
    assert [one["opinion"] for one in view["runs"][1]["handings"]] == ["属实", None]


async def test_a_copy_lets_somebody_look_and_an_urge_is_told_once_in_four_hours(
    reviews: ServiceHarness, ear: Ear
) -> None:
    review = await opened(reviews)
    assert (await reviews.ask("GET", f"/reviews/{review}", by=FOREIGN_SECRETARY)).status_code == 403
    await act(reviews, SECRETARY, f"{review}/copies", {"to": [FOREIGN_SECRETARY], "note": "供参考"})
    assert (await reviews.ask("GET", f"/reviews/{review}", by=FOREIGN_SECRETARY)).status_code == 200
    (copied,) = await ear.has("review.review.copied.v1")
    assert (copied["people"], copied["note"]) == ([FOREIGN_SECRETARY], "供参考")
    await act(reviews, DRAFTER, f"{review}/urge", {"note": "请尽快"})
    assert await code(reviews, OFFICER, f"/reviews/{review}/urge", {}) == "urge.too_soon"
    (urged,) = await ear.has("review.step.urged.v1")
    assert (urged["people"], urged["urged_by"]) == ([SECRETARY], DRAFTER)
    assert await code(reviews, "1003", f"/reviews/{review}/urge", {}) == "review.no_part"


async def test_an_unfinished_text_is_its_authors_alone(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    path = f"/reviews/{review}/unfinished"
    before = (await reviews.service.stores[0].get(review)).version
    assert (await reviews.ask("PUT", path, by="1003", json={"text": "我认为……"})).status_code == 200
    assert (await reviews.ask("GET", path, by="1003")).json()["text"] == "我认为……"
    assert (await reviews.ask("GET", path, by="1004")).json()["text"] is None
    assert (await reviews.ask("PUT", path, by=FOREIGN_SECRETARY, json={"text": "x"})).status_code == 403
    assert (await reviews.ask("PUT", path, by="1003", json={"text": ""})).status_code == 422
    await reviews.ask("PUT", path, by="1003", json={"text": None})
    assert (await reviews.ask("GET", path, by="1003")).json()["text"] is None
    assert (await reviews.service.stores[0].get(review)).version == before


async def test_the_office_or_an_administrator_terminates_and_registry_hears_rejected(
    reviews: ServiceHarness, ear: Ear
) -> None:
    first, second = await opened(reviews), await opened(reviews, "other-brand")
    path, why = f"/reviews/{first}/termination", {"reason": "支部撤销"}
    for by, roles in ((SECRETARY, ()), ("7001", ("auditor@*",)), ("7002", ("administrator@elsewhere",))):
        assert await code(reviews, by, path, why, roles) == "terminate.not_office"
    assert (await act(reviews, OFFICER, f"{first}/termination", why))["state"] == "terminated"
    await act(reviews, "7003", f"{second}/termination", why, roles=("administrator@*",))
    ends = await ear.has("review.review.concluded.v1", 2)
    assert [(one["outcome"], one["terminated"], one["reason"]) for one in ends] == [("rejected", True, "支部撤销")] * 2

    async def withdrawn() -> bool:
        return await waited_for(reviews, first) == set()

    await eventually(withdrawn)


async def test_a_drawn_procedure_is_walked_and_drawn_without_being_published(reviews: ServiceHarness) -> None:
    path = "/procedures/one-branch-one-brand"
    (shipped,) = (await reviews.ask("GET", path)).json()["items"]
    drawn = {name: shipped[name] for name in ("title", "title_en", "steps")}
    assert (await reviews.ask("POST", "/procedures/trial", json=drawn)).status_code == 403
    trial = (await reviews.ask("POST", "/procedures/trial", json=drawn, roles=OFFICE)).json()
    assert (trial["sound"], trial["ends"], len(trial["stops"])) == (True, "approved", 4)
    trial = (
        await reviews.ask("POST", "/procedures/trial", json={**drawn, "people": {"voters": []}}, roles=OFFICE)
    ).json()
    assert [found["field"] for found in trial["problems"]] == ["/steps/2/assignees"]
    assert (await reviews.ask("GET", path)).json()["total"] == 1
    picture = await reviews.ask("GET", f"{path}/versions/1/diagram")
    assert picture.headers["content-type"].startswith("text/plain")
    assert picture.text.startswith("flowchart TD\n")
    assert (await reviews.ask("GET", f"{path}/versions/2/diagram")).status_code == 404
