"""The nine cases that other engines get wrong, over HTTP on real servers, calm and with every message twice, shuffled.

Registry is played by its facts; each of them, and what review tells, is delivered as often and in the order that the
fixture says. Every command is sent twice with its key.
"""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.review import Review
from services.review.reviews.model.steps.signing import Signing
from tests.integration.review.cast import (
    DRAFTER,
    OFFICER,
    SECRETARY,
    hand_in,
    person,
)
from tests.support.chaos.repeating import repeating
from tests.support.harness.service import Json, ServiceHarness
from tests.support.harness.waiting import eventually

OFFICE = ("party_work_department@committee",)
EXPERT, DEPUTY = "1003", "1004"
SIGNERS = (EXPERT, DEPUTY, "9001")
COUNTERSIGN: Json = {
    "key": "countersign",
    "kind": "countersign",
    "title": "会签",
    "title_en": "Countersign",
    "assignees": ["work_department"],
    "signers": ["deputy", "committee_secretary"],
    "experts": [EXPERT],
    "days": 5,
    "on_not_carried": "secretary_check",
}


@pytest.fixture(params=["calm", "twice and shuffled"])
async def desk(request: pytest.FixtureRequest, reviews: ServiceHarness) -> AsyncIterator[ServiceHarness]:
    """The service with a procedure whose second check is followed by a countersign of three."""
    async with AsyncExitStack() as stack:
        if request.param != "calm":
            await stack.enter_async_context(repeating(reviews.environment, copies=2, seed=7, longest=0.1))
        await reviews.tell(*_published(person(DEPUTY, "deputy_secretary@branch"), 2))
        await reviews.tell(*_published(person(DRAFTER), 2))
        await reviews.tell(*_published(person("9001", "party_committee_secretary@committee", member="other"), 2))
        await _publish(reviews)

        async def known() -> bool:
            rows = reviews.service.mongo.collection("people").find({"_id": {"$in": [DEPUTY, DRAFTER, "9001"]}})
            return [row["version"] async for row in rows] == [2, 2, 2]

        await eventually(known)
        yield reviews


def _published(fact: tuple[str, str, Json], sequence: int) -> tuple[str, str, int, Json]:
    kind, subject, data = fact
    return kind, subject, sequence, data


async def _publish(reviews: ServiceHarness, **changes: object) -> int:
    """The shipped procedure with the countersign in the place of the discussion; returns the version's number."""
    shipped = (await reviews.ask("GET", "/procedures/one-branch-one-brand")).json()["items"][0]
    steps = [*shipped["steps"][:2], {**COUNTERSIGN, **changes}, *shipped["steps"][3:]]
    body = {"title": shipped["title"], "title_en": shipped["title_en"], "steps": steps}
    answer = await reviews.ask("PUT", "/procedures/one-branch-one-brand", json=body, roles=OFFICE)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["number"])


async def do(desk: ServiceHarness, by: str, path: str, body: Json | None = None) -> Json:
    """A command, sent twice with one key: the second answer is the first one again."""
    key = uuid.uuid4().hex
    once, again = [await desk.ask("POST", f"/reviews/{path}", by=by, json=body or {}, key=key) for _ in range(2)]
    assert once.status_code in (200, 201), once.text
    assert again.json() == {**once.json(), "repeated": True}
    answer: Json = once.json()
    return answer


async def refused(desk: ServiceHarness, by: str, path: str, body: Json) -> str:
    """The code of the problem that a command meets."""
    answer = await desk.ask("POST", f"/reviews/{path}", by=by, json=body)
    assert answer.status_code in (403, 409, 422), answer.text
    return str(answer.json()["type"]).removeprefix("/problems/")


async def stored(desk: ServiceHarness, review: str) -> Review:
    found: Review = await desk.service.stores[0].get(review)
    return found


async def submitted(desk: ServiceHarness, submission: int = 1, brand: str = "sanxin", number: int = 1) -> str:
    """The text handed in, and taken in."""
    review = await hand_in(desk, brand, submission, number)

    async def taken() -> bool:
        found = await desk.service.stores[0].find({"_id": review})
        return bool(found) and found[0].submission == submission

    await eventually(taken)
    return review


async def at_countersign(desk: ServiceHarness, brand: str = "sanxin") -> str:
    """Checked by the secretary; three are to sign."""
    review = await submitted(desk, brand=brand)
    await agree(desk, review)
    return review


async def agree(desk: ServiceHarness, review: str) -> None:
    assert (await do(desk, SECRETARY, f"{review}/check", {"decision": "agree"}))["step"] == "countersign"


async def sign(desk: ServiceHarness, review: str, *people: str, choice: str = "agree") -> Json:
    answers = [await do(desk, one, f"{review}/signatures", {"choice": choice}) for one in people]
    return answers[-1]


async def sound(desk: ServiceHarness, review: str, step: str | None, *waited_for: str) -> Review:
    """One live visit (or none), waited for are exactly these people, and the history gives this very review."""
    found = await stored(desk, review)
    live = [run.step for run in found.runs if run.closed_at is None]
    assert live == ([step] if step else [])
    assert {task.person for task in found.tasks if task.state == "open"} == set(waited_for)
    assert replay(first(found), found.history, found.holders).becomes(version=found.version) == found
    return found


async def test_a_returned_from_a_countersign_after_some_have_signed(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, EXPERT, DEPUTY)
    await do(desk, OFFICER, f"{review}/return", {"to": "secretary_check", "reason": "请再核"})
    await sound(desk, review, "secretary_check", SECRETARY)
    await agree(desk, review)
    found = await sound(desk, review, "countersign", *SIGNERS)
    signed = [len(run.signatures) for run in found.runs if isinstance(run, Signing)]
    assert signed == [2, 0]


async def test_b_a_second_loop_is_returned_to_a_step_of_the_first(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, *SIGNERS)
    await do(desk, OFFICER, f"{review}/return", {"to": "countersign", "reason": "再签"})
    await sign(desk, review, *SIGNERS)
    await do(desk, OFFICER, f"{review}/return", {"to": "secretary_check", "reason": "再核"})
    await agree(desk, review)
    found = await sound(desk, review, "countersign", *SIGNERS)
    rounds = [(run.step, run.round) for run in found.runs if run.step in ("secretary_check", "countersign")]
    assert rounds == [("secretary_check", 1), ("countersign", 1), ("countersign", 2), ("secretary_check", 2),
                      ("countersign", 3)]  # fmt: skip


async def test_c_recalled_while_one_of_three_has_signed(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, EXPERT)
    assert await refused(desk, SECRETARY, f"{review}/recall", {}) == "recall.not_submitter"
    assert (await do(desk, DRAFTER, f"{review}/recall", {"reason": "另有考虑"}))["state"] == "recalled"
    found = await sound(desk, review, None)
    assert {task.state for task in found.tasks if task.step == "countersign" and task.person != EXPERT} == {"withdrawn"}
    assert await refused(desk, DEPUTY, f"{review}/signatures", {"choice": "agree"}) == "review.finished"


async def test_d_an_added_signer_disagrees(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, EXPERT, DEPUTY)
    await do(desk, "9001", f"{review}/signers", {"person": "1005", "reason": "请安全员会签"})
    assert await refused(desk, "9002", f"{review}/signers", {"person": "9003", "reason": "?"}) == "step.not_assignee"
    assert await refused(desk, OFFICER, f"{review}/signers", {"person": "0000", "reason": "?"}) == "person.unknown"
    assert (await sign(desk, review, "1005", choice="disagree"))["step"] == "secretary_check"
    found = await sound(desk, review, "secretary_check", SECRETARY)
    assert found.runs[-2].outcome == "not_carried"


async def test_e_a_signer_is_added_and_removed_again(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await do(desk, OFFICER, f"{review}/signers", {"person": "1005", "reason": "会签"})
    await sign(desk, review, *SIGNERS)
    await sound(desk, review, "countersign", "1005")
    assert await refused(desk, OFFICER, f"{review}/signers/{EXPERT}/removal", {"reason": "?"}) == "signer.signed"
    await do(desk, OFFICER, f"{review}/signers/1005/removal", {"reason": "出差"})
    found = await sound(desk, review, "committee_co_revision", OFFICER)
    assert found.runs[-2].signers[-1].removed_why == "出差"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("resume", "step", "people"), [(True, "countersign", SIGNERS), (False, "secretary_check", (SECRETARY,))]
)
async def test_f_resubmitted_straight_to_the_returning_step_or_from_the_start(
    desk: ServiceHarness, resume: bool, step: str, people: tuple[str, ...]
) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, EXPERT)
    await do(desk, OFFICER, f"{review}/return", {"reason": "补充", "resume": resume})
    await sound(desk, review, "draft", DRAFTER)
    await submitted(desk, 2)
    await sound(desk, review, step, *people)


async def test_g_a_signer_leaves_the_post_between_being_asked_and_signing(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, EXPERT)
    await desk.tell(*_published(person(DEPUTY), 3))
    await desk.tell(*_published(person("1005", "deputy_secretary@branch", member="group"), 3))

    async def succeeded() -> bool:
        tasks = (await stored(desk, review)).tasks
        return {task.person for task in tasks if task.state == "open"} == {"1005", "9001"}

    await eventually(succeeded)
    assert await refused(desk, DEPUTY, f"{review}/signatures", {"choice": "agree"}) == "sign.not_signer"
    await sign(desk, review, "1005", "9001")
    found = await sound(desk, review, "committee_co_revision", OFFICER)
    gone = next(one for one in found.runs[-2].signers if one.person == DEPUTY)  # type: ignore[attr-defined]
    assert (gone.removed_by, gone.role) == ("system", "deputy")


async def test_h_another_version_is_published_while_reviews_wait_in_a_countersign(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await sign(desk, review, EXPERT)
    assert await _publish(desk, majority={"of": "signers", "more_than": "1/2"}) == 3
    await sign(desk, review, DEPUTY)  # two of three carry version 3, not version 2
    await sound(desk, review, "countersign", "9001")
    other = await at_countersign(desk, "newer")
    assert (await sign(desk, other, EXPERT, DEPUTY))["step"] == "committee_co_revision"
    await sign(desk, review, "9001")
    assert (await sound(desk, review, "committee_co_revision", OFFICER)).procedure.number == 2
    assert (await stored(desk, other)).procedure.number == 3


async def test_i_the_same_submissions_arrive_again_and_the_older_one_last(desk: ServiceHarness) -> None:
    review = await at_countersign(desk)
    await do(desk, OFFICER, f"{review}/return", {"reason": "补充", "resume": True})
    await submitted(desk, 2)
    await hand_in(desk, submission=2)
    await hand_in(desk, submission=1)
    await submitted(desk, 3, number=2)  # of the same subject: taken in after them
    found = await sound(desk, review, "countersign", *SIGNERS)
    assert [entry.command.kind for entry in found.history].count("submit") == 2
