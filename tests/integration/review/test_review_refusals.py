"""Wrong input over HTTP: each gets its problem document in Chinese and English, and changes nothing."""

from typing import Any

import pytest

from tests.integration.review.cast import (
    COMMITTEE,
    DRAFTER,
    FOREIGN_SECRETARY,
    OFFICER,
    PROBATIONER,
    SECRETARY,
    act,
    carry_discussion,
    opened,
    to_meeting,
    today,
)
from tests.support.harness.service import Json, ServiceHarness


async def refused(reviews: ServiceHarness, by: str, path: str, body: Json, **more: Any) -> tuple[int, str, str | None]:  # noqa: ANN401
    """Ask for what is refused; returns status, code and field, and makes sure that nothing changed."""
    before = await _documents(reviews)
    answer = await reviews.ask("POST", path, by=by, json=body, **more)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert problem["detail"]
    assert problem["detail_en"]
    assert await _documents(reviews) == before
    return answer.status_code, problem["type"].removeprefix("/problems/"), problem.get("field")


async def _documents(reviews: ServiceHarness) -> list[Any]:
    return [
        document
        async for document in reviews.service.mongo.collection("reviews").find({}, {"outbox_since": 0, "outbox": 0})
    ]


AT_THE_CHECK: list[tuple[str, str, Json, tuple[int, str, str | None]]] = [
    (FOREIGN_SECRETARY, "check", {"decision": "agree"}, (403, "step.not_assignee", None)),
    (DRAFTER, "check", {"decision": "agree"}, (403, "step.not_assignee", None)),
    (SECRETARY, "check", {"decision": "perhaps"}, (422, "input.invalid", "/decision")),
    (SECRETARY, "check", {"decision": "agree", "wish": 1}, (422, "input.invalid", "/wish")),
    (SECRETARY, "check", {"decision": "return"}, (422, "check.no_reason", "/reason")),
    (SECRETARY, "check", {"decision": "return", "reason": " "}, (422, "input.invalid", "/reason")),
    (SECRETARY, "check", {"decision": "agree", "version": 0}, (412, "version.stale", None)),
    (SECRETARY, "return", {"to": "committee_resolution", "reason": "x"}, (409, "return.not_earlier", "/to")),
    (SECRETARY, "return", {"to": "../x", "reason": "x"}, (422, "input.invalid", "/to")),
    (SECRETARY, "votes", {"choice": "for"}, (409, "step.not_running", None)),
    (SECRETARY, "recall", {}, (403, "recall.not_submitter", None)),
    (OFFICER, "suggestions", {"path": "/name", "proposal": 1, "reason": "x"}, (409, "step.not_running", None)),
    (OFFICER, "suggestions", {"path": "/name", "reason": "x"}, (422, "input.invalid", "/proposal")),
]


async def test_at_the_check(reviews: ServiceHarness, subtests: pytest.Subtests) -> None:
    review = await opened(reviews)
    for by, path, body, expected in AT_THE_CHECK:
        with subtests.test(path, by=by, body=body):
            assert await refused(reviews, by, f"/reviews/{review}/{path}", body) == expected


async def test_in_the_discussion(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    votes, vote = f"/reviews/{review}/votes", {"choice": "for"}
    for stranger in (PROBATIONER, FOREIGN_SECRETARY, COMMITTEE[0]):
        assert await refused(reviews, stranger, votes, vote) == (403, "vote.not_entitled", None)
    await act(reviews, "1003", f"{review}/votes", vote)
    assert await refused(reviews, "1003", votes, {"choice": "against"}) == (409, "vote.twice", None)
    closure = f"/reviews/{review}/discussion/closure"
    assert await refused(reviews, SECRETARY, closure, {}) == (409, "discussion.no_quorum", None)
    assert await refused(reviews, "1003", closure, {}) == (403, "step.not_assignee", None)
    ruling = {"adopted": True, "reason": "有理"}
    assert await refused(reviews, SECRETARY, f"/reviews/{review}/opinions/7/ruling", ruling) == (
        422,
        "opinion.unknown",
        None,
    )


async def test_in_the_co_revision(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await carry_discussion(reviews, review)
    path = f"/reviews/{review}/suggestions"
    wish: Json = {"path": "/motto", "proposal": "x", "reason": "x"}
    assert await refused(reviews, SECRETARY, path, wish) == (403, "step.not_assignee", None)
    assert await refused(reviews, OFFICER, path, wish) == (422, "path.unknown", "/path")
    wish = {"path": "/blocks/words/data/items", "proposal": [], "reason": "x"}
    assert await refused(reviews, OFFICER, path, wish) == (422, "suggestion.unfit", "/proposal")
    wish = {"path": "/slogan", "proposal": {"state": "known", "value": "好"}, "reason": "x"}
    await act(reviews, "7777", f"{review}/suggestions", wish, roles=("party_work_department@committee",))
    assert await refused(reviews, "7777", path, wish, roles=("party_work_department@elsewhere",)) == (
        403,
        "step.not_assignee",
        None,
    )
    answer = f"{path}/1/answer"
    assert await refused(reviews, FOREIGN_SECRETARY, answer, {"accepted": True}) == (403, "suggestion.not_branch", None)
    closure = f"/reviews/{review}/co-revision/closure"
    assert await refused(reviews, OFFICER, closure, {}) == (409, "co_revision.suggestions_open", None)


async def test_in_the_meeting_and_after_it(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    meeting = await to_meeting(reviews, review)
    path = f"/reviews/{review}/meetings/{meeting}"
    assert await refused(reviews, SECRETARY, f"{path}/votes", {"choice": "for"}) == (403, "vote.not_entitled", None)
    assert await refused(reviews, OFFICER, f"{path}/resolution", {"number": "1号"}) == (
        409,
        "meeting.votes_missing",
        "/close",
    )
    for member in COMMITTEE:
        await act(reviews, member, f"{review}/meetings/{meeting}/votes", {"choice": "for"})
    await act(reviews, OFFICER, f"{review}/meetings/{meeting}/resolution", {"number": "1号"})
    again = {"number": "第2次", "held_on": today(), "agenda": ["再议"], "present": []}
    assert await refused(reviews, OFFICER, f"/reviews/{review}/meetings", again) == (409, "review.finished", None)
    assert await refused(reviews, DRAFTER, f"/reviews/{review}/recall", {}) == (409, "review.finished", None)


async def test_who_has_no_part_sees_no_details_and_nobody_unknown_gets_in(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    stranger = await reviews.ask("GET", f"/reviews/{review}", by=FOREIGN_SECRETARY)
    assert (stranger.status_code, stranger.json()["type"]) == (403, "/problems/review.not_yours")
    auditor = await reviews.ask("GET", f"/reviews/{review}/history", by="7001", roles=("auditor@*",))
    assert auditor.status_code == 200
    assert (await refused(reviews, SECRETARY, "/reviews/none.r1/check", {"decision": "agree"}))[0] == 404


async def test_procedures_are_published_by_the_office_and_running_reviews_keep_theirs(reviews: ServiceHarness) -> None:
    running = await opened(reviews)
    (shipped,) = (await reviews.ask("GET", "/procedures")).json()["items"]
    body = {name: shipped[name] for name in ("title", "title_en", "steps")}
    path, office = f"/procedures/{shipped['id']}", ("party_work_department@committee",)
    assert (await reviews.ask("PUT", path, json=body)).status_code == 403
    broken = {**body, "steps": body["steps"][1:]}
    answer = await reviews.ask("PUT", path, json=broken, roles=office)
    assert (answer.status_code, answer.json()["field"]) == (422, "/steps/0/kind")
    broken = {**body, "steps": [{**body["steps"][0], "kind": "lottery"}]}
    answer = await reviews.ask("PUT", path, json=broken, roles=office)
    assert (answer.status_code, answer.json()["field"]) == (422, "/steps/0/kind")

    shorter = {**body, "steps": [body["steps"][0], body["steps"][4] | {"on_not_carried": "draft"}]}
    answer = await reviews.ask("PUT", path, json=shorter, roles=office, key="v2")
    assert (answer.status_code, answer.json()["number"]) == (200, 2)
    assert (await reviews.ask("PUT", path, json=shorter, roles=office, key="v2")).json()["repeated"]
    assert [one["number"] for one in (await reviews.ask("GET", path)).json()["items"]] == [1, 2]
    assert (await reviews.ask("GET", f"{path}/versions/1")).json() == shipped
    assert (await reviews.ask("GET", f"{path}/versions/3")).status_code == 404

    newer = await opened(reviews, "newer")
    views = [(await reviews.ask("GET", f"/reviews/{key}", by=DRAFTER)).json() for key in (running, newer)]
    assert [(view["procedure"]["number"], view["step"]) for view in views] == [
        (1, "secretary_check"),
        (2, "committee_resolution"),
    ]
