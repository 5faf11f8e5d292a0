"""Facts in: early, late, repeated, in any order; posts that change hands; deadlines that pass."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.kernel.errors import Forbidden
from infra.kernel.events import Cause
from infra.web.auth import Principal
from services.review.app import PROCEDURE, build
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.use_cases import ReviewUseCases
from services.review.shared.role_holders import RoleHolders
from tests.integration.review.cast import (
    REGISTRY,
    SECRETARY,
    VOTERS,
    Ear,
    act,
    carry_discussion,
    hand_in,
    opened,
    organisation,
    person,
    settled,
    tell_registry,
)
from tests.support.harness.environment import Environment
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually


async def test_a_submission_that_comes_before_everything_it_refers_to_waits_for_it(
    environment: Environment, tmp_path: Path
) -> None:
    patient = "0.1,0.2,0.4,0.8,1.6,3.2,6.4,12.8"  # so that telling everything may take its time
    async with ServiceHarness(environment, "review", build, retry_delays=patient).running() as reviews:
        review = await hand_in(reviews)
        await tell_registry(reviews, reversed(REGISTRY))

        async def assigned() -> bool:
            answer = await reviews.ask("GET", f"/reviews/{review}", by=SECRETARY)
            return answer.status_code == 200 and [task["person"] for task in answer.json()["waiting_for"]] == [
                SECRETARY
            ]

        await eventually(assigned)
        await settled(reviews)


async def test_the_same_submission_three_times_opens_one_review_once(reviews: ServiceHarness, ear: Ear) -> None:
    event = str(uuid.uuid4())
    moment = datetime.now(UTC).isoformat()
    for _ in range(3):
        await hand_in(reviews, id=event, time=moment)
    await hand_in(reviews)  # the same submission in another envelope
    other = await hand_in(reviews, submission=2, number=2)  # of the same subject: decided after the four
    await eventually(lambda: {"sanxin.r1", other} <= {one["review"] for one in ear.of("review.review.opened.v1")})
    assert [one["review"] for one in ear.of("review.review.opened.v1")].count("sanxin.r1") == 1
    stored = await reviews.service.stores[0].get("sanxin.r1")
    assert (stored.version, len(stored.history)) == (1, 1)


async def test_to_dos_follow_a_secretary_who_leaves(reviews: ServiceHarness, ear: Ear) -> None:
    review = await opened(reviews)
    kind, subject, data = person("1003", "branch_secretary@branch")
    await reviews.tell(kind, subject, 2, data)
    kind, subject, data = person(SECRETARY)
    await reviews.tell(kind, subject, 2, data)

    async def moved() -> bool:
        stored = await reviews.service.stores[0].get(review)
        return {task.person: task.state for task in stored.tasks} == {SECRETARY: "withdrawn", "1003": "open"}

    await eventually(moved)
    refused = await reviews.ask("POST", f"/reviews/{review}/check", by=SECRETARY, json={"decision": "agree"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/step.not_assignee")
    await act(reviews, "1003", f"{review}/check", {"decision": "agree"})
    await ear.has("review.tasks.changed.v1", 3)


async def test_role_holders_are_looked_up_again_when_another_process_was_faster(
    reviews: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = await opened(reviews)
    desk, other = (ReviewUseCases(reviews.service.mongo, PROCEDURE) for _ in range(2))
    holders, looked = desk.holders, list[RoleHolders]()

    async def slowly(*about: Any) -> RoleHolders:  # noqa: ANN401 - whatever the use cases pass
        looked.append(await holders(*about))
        if len(looked) == 1:
            await reviews.service.mongo.collection("people").update_one({"_id": SECRETARY}, {"$set": {"posts": []}})
            await other.reseat([SECRETARY], {"branch"}, _cause("left"))
        return looked[-1]

    monkeypatch.setattr(desk, "holders", slowly)
    with pytest.raises(Forbidden):
        await desk.execute(review, Agree(), Principal(id=SECRETARY), _cause("agree"))
    assert [one.secretaries for one in looked] == [(SECRETARY,), ()]


def _cause(name: str) -> Cause:
    return Cause(id=name, at=datetime.now(UTC), correlation=name)


async def test_to_dos_follow_posts_that_end_with_the_day(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    mongo = reviews.service.mongo
    past = {"post": "branch_secretary", "organisation": "branch", "since": "2020-01-01", "until": "2020-12-31"}
    await mongo.collection("people").update_one({"_id": SECRETARY}, {"$set": {"posts": [past]}})
    await mongo.collection("people").update_one({"_id": "1003"}, {"$set": {"posts": [{**past, "until": None}]}})
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await mongo.collection("sweeps").update_one({"_id": "daily"}, {"$set": {"due_at": yesterday}})

    async def moved() -> bool:
        stored = await reviews.service.stores[0].get(review)
        return {task.person: task.state for task in stored.tasks} == {SECRETARY: "withdrawn", "1003": "open"}

    await eventually(moved)

    async def moved_on() -> bool:
        return bool(await mongo.collection("sweeps").count_documents({"due_at": {"$gt": datetime.now(UTC)}}))

    await eventually(moved_on)


async def test_to_dos_follow_an_organisation_that_moves_in_the_tree(reviews: ServiceHarness) -> None:
    await reviews.tell(*_numbered(organisation("committee-2", "party_committee", None), 1))
    await reviews.tell(*_numbered(person("8002", "party_work_officer@committee-2", member="other"), 1))
    review = await opened(reviews)
    await carry_discussion(reviews, review)
    await reviews.tell(*_numbered(organisation("branch", "party_branch", "committee-2"), 2))

    async def moved() -> bool:
        stored = await reviews.service.stores[0].get(review)
        return {task.person for task in stored.tasks if task.state == "open"} == {"8002"}

    await eventually(moved)


def _numbered(fact: tuple[str, str, Json], sequence: int) -> tuple[str, str, int, Json]:
    kind, subject, data = fact
    return kind, subject, sequence, data


async def test_a_deadline_that_has_passed_is_told_once(reviews: ServiceHarness, ear: Ear) -> None:
    await hand_in(reviews, time=(datetime.now(UTC) - timedelta(days=6)).isoformat())
    (late,) = await ear.has("review.step.overdue.v1")
    assert (late["step"], late["round"], late["people"]) == ("secretary_check", 1, [SECRETARY])
    await act(reviews, SECRETARY, "sanxin.r1/check", {"decision": "agree"})
    await ear.has("review.tasks.changed.v1", 2)
    assert len(ear.of("review.step.overdue.v1")) == 1


async def test_all_voters_at_once_are_all_counted(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    await asyncio.gather(*(act(reviews, voter, f"{review}/votes", {"choice": "for"}) for voter in VOTERS))
    stored = await reviews.service.stores[0].get(review)
    assert sorted(vote.by for vote in stored.live.votes) == sorted(VOTERS)


async def test_one_voter_five_times_at_once_votes_once(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    tries = [reviews.ask("POST", f"/reviews/{review}/votes", by="1003", json={"choice": "for"}) for _ in range(5)]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert codes == [200, 409, 409, 409, 409]


async def test_the_same_key_again_gets_the_same_answer_and_another_body_is_refused(reviews: ServiceHarness) -> None:
    review = await opened(reviews)
    await act(reviews, SECRETARY, f"{review}/check", {"decision": "agree"})
    once = await act(reviews, "1003", f"{review}/votes", {"choice": "for"}, key="k1")
    again = await act(reviews, "1003", f"{review}/votes", {"choice": "for"}, key="k1")
    assert again == {**once, "repeated": True}
    path = f"/reviews/{review}/votes"
    other = await reviews.ask("POST", path, by="1003", json={"choice": "against"}, key="k1")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency.key_reused")
