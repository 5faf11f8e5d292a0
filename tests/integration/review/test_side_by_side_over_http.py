"""Suggestions side by side and opinions with their fate over HTTP, for those who take part and nobody else."""

from tests.integration.review.cast import DRAFTER, OFFICER, SECRETARY, VOTERS, act, opened
from tests.support.harness.service import Json, ServiceHarness

MEMBER = "1003"


async def seen(reviews: ServiceHarness, path: str, by: str) -> Json:
    answer = await reviews.ask("GET", f"/reviews/{path}", by=by)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_what_was_said_is_seen_with_its_fate_and_nothing_is_silently_overwritten(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    for text in ("口号不够响亮", "内涵清楚"):
        await act(reviews, MEMBER, f"{review}/opinions", {"text": text, "path": "/slogan"})
    await act(reviews, SECRETARY, f"{review}/opinions/1/ruling", {"adopted": True, "reason": "有理"})
    page = await seen(reviews, f"{review}/opinions", DRAFTER)
    assert [(said["n"], said["state"]) for said in page["opinions"]] == [(2, "open"), (1, "adopted")]
    assert page["opinions"][1]["ruling"]["reason"] == "有理"
    await act(reviews, SECRETARY, f"{review}/opinions/2/ruling", {"adopted": False, "reason": "无须修改"})
    for voter in VOTERS:
        await act(reviews, voter, f"{review}/votes", {"choice": "for"})
    await act(reviews, SECRETARY, f"{review}/discussion/closure")

    for text in ("尽心、细心、暖心", "用心服务"):
        proposal = {"state": "known", "value": text}
        await act(
            reviews, OFFICER, f"{review}/suggestions", {"path": "/slogan", "proposal": proposal, "reason": "补上"}
        )
    place = (await seen(reviews, f"{review}/suggestions", SECRETARY))["places"][0]
    ways = [[(way["kind"], way["suggestion"]) for way in one["conflicts"]] for one in place["suggestions"]]
    assert ways == [[("same", 2)], [("same", 1)]]
    await act(reviews, SECRETARY, f"{review}/suggestions/1/answer", {"accepted": True})
    await act(
        reviews,
        OFFICER,
        f"{review}/suggestions",
        {"path": "/slogan", "proposal": {"state": "known", "value": "尽心、精心、暖心"}, "reason": "更准"},
    )
    page = await seen(reviews, f"{review}/suggestions", OFFICER)
    place = page["places"][0]
    assert (place["path"], place["now"]["value"], page["open"]) == ("/slogan", "尽心、细心、暖心", 2)
    accepted, changed, third = place["suggestions"]
    assert (accepted["state"], accepted["answered_by"]) == ("accepted", SECRETARY)
    assert [(way["kind"], way["suggestion"]) for way in changed["conflicts"]] == [("changed", 1), ("same", 3)]
    assert [(one["kind"], one["text"]) for one in third["differences"][0]["pieces"]] == [
        ("same", "尽心、"),
        ("removed", "细"),
        ("added", "精"),
        ("same", "心、暖心"),
    ]
    body = {"accepted": True, "version": page["version"]}
    refused = await reviews.ask("POST", f"/reviews/{review}/suggestions/2/answer", by=SECRETARY, json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/suggestion.conflict")
    assert "采纳第 1 条建议" in refused.text
    await act(reviews, SECRETARY, f"{review}/suggestions/3/answer", body)
    for path in ("suggestions", "opinions"):
        stranger = await reviews.ask("GET", f"/reviews/{review}/{path}", by="7001")
        assert (stranger.status_code, stranger.json()["type"]) == (403, "/problems/review.not_yours")
