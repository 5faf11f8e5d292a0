"""Who sees what: the roster is political status, and a role of one committee is none of another's."""

from tests.integration.review.cast import (
    COMMITTEE,
    OFFICER,
    PROBATIONER,
    SECRETARY,
    VOTERS,
    act,
    opened,
    to_meeting,
)
from tests.support.harness.service import Json, ServiceHarness

MEMBER = "1003"


async def look(reviews: ServiceHarness, path: str, by: str, *roles: str) -> Json:
    answer = await reviews.ask("GET", f"/reviews{path}", by=by, roles=roles)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_a_member_sees_figures_and_their_own_part_but_not_who_may_vote(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    for voter in (MEMBER, "1004"):
        await act(reviews, voter, f"{review}/votes", {"choice": "for"})
    counts = {"members": 6, "voters": 5, "in_favour": 2, "against": 0, "abstained": 0, "recused": 0}
    for by, own in ((MEMBER, [MEMBER]), (PROBATIONER, [])):
        view = await look(reviews, f"/{review}", by)
        talk = view["runs"][-1]
        assert (talk["voters"], [vote["by"] for vote in talk["votes"]], talk["counts"]) == (own, own, counts)
        assert set(talk["members"]) == {by}
        assert (view["waiting_for"], view["waiting"]) == ([], 3)
        story = await look(reviews, f"/{review}/history", by)
        assert [entry["by"] for entry in story["history"] if entry["command"]["kind"] == "vote"] == own
        assert story["holders"] == {}
        assert {seats["voters"] for seats in story["counts"].values()} == {5}
    for by in (SECRETARY, OFFICER, COMMITTEE[0]):
        talk = (await look(reviews, f"/{review}", by))["runs"][-1]
        assert (talk["voters"], talk["counts"]) == (list(VOTERS), counts)


async def test_a_role_of_another_committee_opens_nothing(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    for role in ("party_work_department", "administrator", "auditor"):
        for path in (f"/{review}", f"/{review}/history"):
            foreign = await reviews.ask("GET", f"/reviews{path}", by="7001", roles=(f"{role}@elsewhere",))
            assert (foreign.status_code, foreign.json()["type"]) == (403, "/problems/review.not_yours")
            await look(reviews, path, "7001", f"{role}@committee")
        totals = [
            (await look(reviews, f"?person={SECRETARY}", "7001", f"{role}@{scope}"))["total"]
            for scope in ("elsewhere", "committee", "*")
        ]
        assert totals == [0, 1, 1]


async def test_who_only_had_a_to_do_once_no_longer_takes_part(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await to_meeting(reviews, review)
    for voter in COMMITTEE:
        await act(reviews, voter, f"{review}/meetings/1/votes", {"choice": "for"})
    await reviews.service.mongo.collection("people").delete_one({"_id": COMMITTEE[0]})
    gone = await reviews.ask("GET", f"/reviews/{review}", by=COMMITTEE[0])
    assert gone.status_code == 403


async def test_procedures_are_not_published_by_a_committee_below_another(reviews: ServiceHarness) -> None:
    (shipped,) = (await reviews.ask("GET", "/procedures")).json()["items"]
    body = {name: shipped[name] for name in ("title", "title_en", "steps")}
    path = f"/procedures/{shipped['id']}"
    for role in ("party_work_department@branch", "party_work_department@elsewhere", "administrator@committee"):
        assert (await reviews.ask("PUT", path, json=body, roles=(role,))).status_code == 403
    for role in ("party_work_department@*", "administrator@*"):
        assert (await reviews.ask("PUT", path, json=body, roles=(role,))).status_code == 200
