"""What review does to brands, over the real broker: rounds, shuffles, repetitions; plaques, ledger and matrix."""

import asyncio
import random
import uuid
from typing import Any

import pytest

from tests.integration.registry.office import MASKED, OFFICER, RESOLUTION, SECRETARY, VIEWER, Office, conclusion
from tests.support.harness.service import Json
from tests.support.harness.waiting import eventually

PLAQUE = {"brand": "1010", "number": "0004", "awarded_on": "2026-07-01", "occasion": "庆祝建党主题活动", "flag": True}


def slogan(document: Json, words: str) -> Json:
    return {**document, "slogan": {"state": "known", "value": words}}


def of(fact: Json, **more: Any) -> Json:  # noqa: ANN401 - any fields
    """The fields that all of review's facts have."""
    return {**{name: fact[name] for name in ("review", "brand", "owner", "document", "revision")}, **more}


def returned(fact: Json, *, to_drafter: bool = True, **more: Any) -> Json:  # noqa: ANN401 - any fields
    return of(
        fact, from_step="branch_discussion", to_step="draft", to_drafter=to_drafter, reason="请补充内涵",
        returned_by="E301", drafter="E301", **more,
    )  # fmt: skip


def revised(fact: Json, revision: int, words: str) -> Json:
    text = {"document": slogan(fact["document"], words), "revision": revision}
    return {**of(fact, changes=[], suggested_by="E011", accepted_by="E301"), **text}


async def test_a_brand_comes_back_goes_again_and_is_approved_with_what_it_hid(office: Office) -> None:
    await office.begun(background=MASKED)
    fact = await office.handed_in()
    await office.review_says("review.returned", 3, returned(fact))
    back = await office.becomes({"state": "draft"})
    assert (back["returned"]["reason"], back["document"]["background"]) == ("请补充内涵", MASKED)
    for who, reads in ((OFFICER, True), ({"by": "audit", "roles": ("auditor@*",)}, True), (VIEWER, False)):
        seen = await office.brand(who=who)
        words = "请补充内涵" if reads else None
        assert (seen["returned"]["reason"], seen["moves"][-1]["note"]) == (words, words)
    again = await office.handed_in()
    assert (again["review"], again["submission"]) == ("1010.r1", 2)
    opened = {
        "review": "1010.r1",
        "brand": "1010",
        "step": "s",
        "procedure": "p",
        "procedure_version": 2,
        "submission": 2,
    }
    await office.review_says("review.opened", 4, opened)
    await office.review_says("document.revised", 6, revised(again, 2, "新口号"))
    await office.becomes({"revision": 2, "state": "in_review", "procedure": "p@2"})
    final = conclusion(again, document=slogan(again["document"], "新口号"), revision=2)
    await office.review_says("review.concluded", 9, final)
    brand = await office.becomes({"state": "approved"})
    assert brand["document"]["background"] == MASKED
    assert brand["final"] == {"revision": 2, "approved_on": "2026-03-20", "resolution": RESOLUTION}
    version = await office.done("GET", "/brands/1010/versions/2", **SECRETARY)
    assert (version["document"], version["final"]) == (brand["document"], brand["final"])
    published = await office.published("registry.brand.recorded.v1", 7)
    assert [one["state"] for one in published] == [
        "draft",
        "in_review",
        "draft",
        "in_review",
        "in_review",
        "in_review",
        "approved",
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_reviews_facts_shuffled_and_doubled_end_as_in_order(office: Office, seed: int) -> None:
    await office.begun(background=MASKED)
    fact = await office.handed_in()
    final = conclusion(fact, document=slogan(fact["document"], "三"), revision=4)
    facts = [(f"{n}", kind, n, data) for n, (kind, data) in enumerate([
        ("document.revised", revised(fact, 2, "一")),
        ("review.returned", returned({**fact, **revised(fact, 2, "一")}, to_drafter=False)),
        ("document.revised", revised(fact, 3, "二")),
        ("document.revised", revised(fact, 4, "三")),
        ("review.concluded", final),
    ], start=1)] * 3  # fmt: skip
    random.Random(seed).shuffle(facts)
    ids = {key: str(uuid.uuid4()) for key, *_ in facts}
    for key, kind, sequence, data in facts:
        await office.review_says(kind, sequence, data, id=ids[key], time=f"2026-03-20T0{key}:00:00.123456Z")
    await office.becomes({"state": "approved", "revision": 4})

    async def complete() -> bool:
        return int((await office.done("GET", "/brands/1010/versions"))["total"]) == 6

    await eventually(complete)
    history = (await office.done("GET", "/brands/1010/versions"))["items"]
    assert [(line["revision"], line["source"]) for line in history] == [
        (4, "final"), (4, "suggestion"), (3, "suggestion"), (2, "returned"), (2, "suggestion"), (1, "saved"),
    ]  # fmt: skip
    assert (await office.brand())["document"]["background"] == MASKED
    digests = {row["_id"] async for row in office.mongo.collection("versions").find({}, {"_id": 1})}
    kept = await office.mongo.collection("brands").find_one({"_id": "1010"})
    assert kept is not None
    assert {line["digest"] for line in kept["history"]} == digests
    assert await office.mongo.collection("parked").count_documents({}) == 0


async def test_a_recalled_brand_is_a_draft_again_and_a_rejected_one_after_it_was_changed(office: Office) -> None:
    await office.begun()
    await office.review_says("review.concluded", 4, conclusion(await office.handed_in(), "recalled"))
    await office.becomes({"state": "draft"})
    second = await office.handed_in()
    assert second["review"] == "1010.r2"
    await office.review_says("review.concluded", 4, conclusion(second, "rejected"))
    await office.becomes({"state": "rejected"})
    assert await office.refused("POST", "/brands/1010/submission", **SECRETARY) == (409, "brand.rejected", None)
    text = {"revision": 1, "document": {"aliases": ["改"]}}
    assert (await office.done("PUT", "/brands/1010/document", json=text, **SECRETARY))["state"] == "draft"


async def test_plaques_are_for_approved_brands_and_their_numbers_are_unique(office: Office) -> None:
    await office.begun()
    post = ("POST", "/plaques")
    assert await office.refused(*post, json=PLAQUE, **OFFICER) == (409, "plaque.not_approved", "/brand")
    await office.review_says("review.concluded", 5, conclusion(await office.handed_in()))
    await office.becomes({"state": "approved"})
    assert await office.refused(*post, json=PLAQUE, **SECRETARY) == (403, "role.missing", None)
    assert await office.refused(*post, json={**PLAQUE, "number": " "}, **OFFICER) == (422, "input.invalid", "/number")
    for day in ("2026-03-19", "2999-01-01"):
        wrong = {**PLAQUE, "awarded_on": day}
        assert await office.refused(*post, json=wrong, **OFFICER) == (422, "plaque.wrong_day", "/awarded_on")
    answer = await office.done(*post, json=PLAQUE, key="award", **OFFICER)
    assert (await office.done(*post, json=PLAQUE, key="award", **OFFICER))["repeated"]
    assert answer["state"] == "plaqued"
    assert await office.refused(*post, json={**PLAQUE, "number": "0005"}, **OFFICER) == (
        409,
        "plaque.already",
        "/brand",
    )
    (fact,) = await office.published("registry.plaque.awarded.v1")
    assert (fact["plaque"], fact["number"], fact["awarded_on"]) == ("1010.p1", "0004", "2026-07-01")
    (line,) = (await office.done("GET", "/plaques"))["items"]
    assert (line["brand"], line["owner_name"], line["flag"]) == ("1010", "**党支部", True)


async def test_one_number_awarded_to_many_at_once_is_awarded_to_one(office: Office) -> None:
    owners = {"1010": ("engineering", "E301"), "gps": ("operations", "E101"), "three-hearts": ("logistics", "E401")}
    for key, (owner, secretary) in owners.items():
        await office.approved(key, owner, {"by": secretary})
    awards = [office.ask("POST", "/plaques", json={**PLAQUE, "brand": key}, **OFFICER) for key in owners]
    answers = await asyncio.gather(*awards)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    codes = {(answer.json()["type"], answer.json()["field"]) for answer in answers if not answer.is_success}
    assert codes == {("/problems/plaque.number_taken", "/number")}
    assert (await office.done("GET", "/plaques"))["total"] == 1
    assert len(await office.published("registry.plaque.awarded.v1")) == 1


async def test_the_matrix_shows_everybody_and_what_took_place(office: Office) -> None:
    await office.approved()
    await office.done("POST", "/plaques", json=PLAQUE, **OFFICER)
    for number, brand in enumerate(("1010", "1010", None)):
        data = {
            "activity": f"a-{number}", "organisation": "engineering", "brand": brand, "kind": "open_day",
            "title": "开放日", "held_at": "2026-07-01T15:59:00Z", "recorded_by": "E301",
            "expected": 5, "present": 4, "on_leave": 1, "absent": 0,
        }  # fmt: skip
        await office.standing.tell("activities.activity.recorded.v1", f"a-{number}", 2, data)

    async def counted() -> bool:
        rows = (await office.done("GET", "/matrix?on=2026-07-01"))["rows"]
        return bool(next(row for row in rows if row["organisation"] == "engineering")["activities"] == 3)

    await eventually(counted)
    matrix = await office.done("GET", "/matrix?on=2026-07-01")
    assert matrix["coverage"] == {"eligible": 5, "covered": 1, "rate": 0.2}
    row = next(row for row in matrix["rows"] if row["organisation"] == "engineering")
    (cell,) = row["brands"]
    assert (row["name"], cell["state"], cell["plaque"]["number"], cell["activities"]) == (
        "**党支部",
        "plaqued",
        "0004",
        2,
    )
    earlier = await office.done("GET", "/matrix?on=2026-03-19")
    assert earlier["coverage"]["covered"] == 0
    day_before = await office.done("GET", "/matrix?on=2026-06-30")
    (cell,) = next(row for row in day_before["rows"] if row["organisation"] == "engineering")["brands"]
    assert (cell["state"], cell["plaque"], cell["activities"]) == ("approved", None, 0)


async def test_a_fact_of_a_review_that_nobody_asked_for_waits_and_is_parked(office: Office) -> None:
    await office.begun()
    fact = await office.handed_in()
    await office.review_says("review.concluded", 5, conclusion({**fact, "review": "1010.r7"}))
    parked = office.mongo.collection("parked")

    async def there() -> bool:
        return await parked.count_documents({}) == 1

    await eventually(there)
    assert (await office.brand())["state"] == "in_review"
