"""The explanation over HTTP: the figures for everybody who takes part, the names for those who may know them."""

from tests.integration.review.cast import OFFICER, SECRETARY, VOTERS, act, opened
from tests.support.harness.service import Json, ServiceHarness

MEMBER = "1003"


async def explained(reviews: ServiceHarness, review: str, by: str, entry: int | None = None) -> Json:
    path = f"/reviews/{review}/explanation" + (f"?entry={entry}" if entry else "")
    answer = await reviews.ask("GET", path, by=by)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_who_may_know_the_roster_is_told_for_whom_it_waits_and_others_how_many(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    for voter in (MEMBER, "1004"):
        await act(reviews, voter, f"{review}/votes", {"choice": "for"})
    for by in (SECRETARY, OFFICER):
        now = (page := await explained(reviews, review, by))["now"]
        assert [one["person"] for one in now["waits_for"]] == ["1001", "1002", "1005"]
        assert now["instead"][0]["people"] == ["1002"]
        assert [deed["by"] for deed in page["past"][-1]["decisions"]] == [MEMBER, "1004"]
    now = (page := await explained(reviews, review, MEMBER))["now"]
    assert (now["waits_for"], now["waiting"], now["body"]["sizes"]["voters"]) == ([], 3, len(VOTERS))
    assert (now["instead"][0]["people"], now["instead"][0]["size"]) == ([], 1)
    assert [deed["by"] for deed in page["past"][-1]["decisions"]] == [MEMBER]
    assert {rule["rule"]: rule["count"] for rule in now["rules"]}["quorum"] == 2
    assert not any(voter in str(page["past"][-1]) for voter in ("1002", "1004", "1005"))
    stranger = await reviews.ask("GET", f"/reviews/{review}/explanation", by="7001")
    assert (stranger.status_code, stranger.json()["type"]) == (403, "/problems/review.not_yours")


async def test_any_earlier_moment_is_explained_again_as_it_was(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    then = await explained(reviews, review, SECRETARY)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    await act(reviews, MEMBER, f"{review}/votes", {"choice": "for"})
    assert await explained(reviews, review, SECRETARY) != then
    assert await explained(reviews, review, SECRETARY, then["entry"]) == then
    never = await reviews.ask("GET", f"/reviews/{review}/explanation?entry=99", by=SECRETARY)
    assert (never.status_code, never.json()["type"]) == (422, "/problems/entry.unknown")
