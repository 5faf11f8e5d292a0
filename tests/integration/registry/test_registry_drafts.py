"""Writing brands over HTTP: begin, save, compare, hand in; masks; what is refused."""

import asyncio

import yaml

from tests.integration.registry.office import ADMINISTRATOR, HIDDEN, MASKED, OFFICER, ROOT, SECRETARY, VIEWER, Office
from tests.support.harness.service import Json

KNOWN = {"state": "known", "value": "服务在一线"}
FOREIGN = {"by": "E401"}


async def test_a_brand_is_begun_once_however_often_it_is_sent(office: Office) -> None:
    body = {"owner": "engineering"}
    sent = [office.ask("POST", "/brands", json=body, key="once", **SECRETARY) for _ in range(4)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} == {201}
    (key,) = {answer.json()["id"] for answer in answers}
    brand = await office.brand(key)
    assert (brand["state"], brand["revision"], brand["name"]) == ("draft", 1, None)
    assert brand["completeness"]["met"] == 0
    assert (await office.done("GET", "/brands"))["total"] == 1


async def test_from_text_to_text_every_version_is_kept_and_compared(office: Office) -> None:
    await office.begun(background=MASKED)
    document = (await office.brand())["document"]
    document["slogan"] = KNOWN
    document["blocks"] = {"digits": {"type": "numeric_code", "data": {"digits": "1010"}}}
    saved = await office.done("PUT", "/brands/1010/document", json={"revision": 1, "document": document}, **SECRETARY)
    assert (saved["state"], saved["revision"]) == ("draft", 2)
    history = await office.done("GET", "/brands/1010/versions")
    assert [(line["revision"], line["by"]) for line in history["items"]] == [(2, "E301"), (1, "E301")]
    first = await office.done("GET", "/brands/1010/versions/1")
    assert first["document"]["slogan"] == {"state": "unknown"}
    changes = (await office.done("GET", "/brands/1010/diff?from=1&to=2"))["changes"]
    assert [(change["pointer"], change["kind"]) for change in changes] == [
        ("/slogan", "changed"),
        ("/blocks/digits", "added"),
    ]
    assert await office.refused("GET", "/brands/1010/versions/9") == (404, "version.not_found", None)


async def test_what_is_behind_a_mask_is_seen_by_its_roles_only_and_survives_writers_without_them(
    office: Office,
) -> None:
    await office.begun(background=MASKED)
    paths = ["/brands/1010", "/brands/1010/versions/1", "/brands/1010/diff?from=1&to=1", "/brands", "/matrix"]
    for who, sees in ((SECRETARY, True), (VIEWER, False), (OFFICER, False), (FOREIGN, False)):
        brand = await office.brand(who=who)
        assert brand["document"]["background"].get("value") == (HIDDEN if sees else None)
        for path in paths:
            assert sees or HIDDEN not in (await office.ask("GET", path, **who)).text
    deputy = {"by": "E302"}
    text = (await office.brand(who=deputy))["document"]
    assert "value" not in text["background"]
    text["slogan"] = KNOWN
    text["background"]["visible_to"] = ["deputy_secretary"]
    await office.done("PUT", "/brands/1010/document", json={"revision": 1, "document": text}, **deputy)
    assert (await office.brand())["document"]["background"] == MASKED
    assert "value" not in (await office.brand(who=deputy))["document"]["background"]
    await office.published("registry.brand.recorded.v1", 2)  # begun and saved
    everything = [row async for row in office.mongo.collection("journal").find({}, {"data": 1})]
    assert HIDDEN not in str(everything)


async def test_two_who_save_at_once_cannot_overwrite_each_other(office: Office) -> None:
    await office.begun()
    texts = [{"aliases": [f"别名{n}"]} for n in range(6)]
    saves = [
        office.ask("PUT", "/brands/1010/document", json={"revision": 1, "document": text}, **SECRETARY)
        for text in texts
    ]
    answers = await asyncio.gather(*saves)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 5
    brand = await office.brand()
    (winner,) = [text for text, answer in zip(texts, answers, strict=True) if answer.is_success]
    assert (brand["revision"], brand["document"]["aliases"]) == (2, winner["aliases"])


async def test_handing_in_freezes_the_text_and_tells_review_once(office: Office) -> None:
    await office.begun()
    sent = [office.ask("POST", "/brands/1010/submission", key="once", **SECRETARY) for _ in range(3)]
    answers = await asyncio.gather(*sent)
    assert [(answer.status_code, answer.json()["review"]) for answer in answers] == [(202, "1010.r1")] * 3
    (fact,) = await office.published("registry.brand.submitted.v1")
    assert (fact["submitted_by"], fact["revision"], fact["submission"]) == ("E301", 1, 1)
    body = {"revision": 1, "document": {}}
    assert await office.refused("PUT", "/brands/1010/document", json=body, **SECRETARY) == (
        409,
        "brand.not_draft",
        None,
    )
    assert await office.refused("POST", "/brands/1010/submission", **SECRETARY) == (409, "brand.not_draft", None)


async def test_who_may_not_write_and_what_cannot_be_written(office: Office) -> None:
    await office.begun()
    before = await office.brand()
    saved = {"revision": 1, "document": {}}
    for who, code in (
        (FOREIGN, "brand.foreign_secretary"),
        (VIEWER, "brand.not_drafter"),
        (OFFICER, "brand.not_drafter"),
    ):
        for method, path, sent in (
            ("PUT", "/brands/1010/document", saved),
            ("POST", "/brands/1010/submission", None),
            ("POST", "/brands", {"owner": "engineering"}),
        ):
            assert await office.refused(method, path, json=sent, **who) == (403, code, None)
    block = {"revision": 1, "document": {"blocks": {"x": {"type": "no_such", "data": {}}}}}
    empty = {"revision": 1, "document": {"slogan": {"state": "known", "value": ""}}}
    number = {"revision": 1, "document": {"name": {"state": "known", "value": 1010}}}
    cases: list[tuple[str, str, Json, tuple[int, str, str | None]]] = [
        ("PUT", "/brands/1010/document", block, (422, "block.unknown_type", "/document/blocks/x/type")),
        ("PUT", "/brands/1010/document", empty, (422, "value.empty", "/document/slogan/value")),
        ("PUT", "/brands/1010/document", number, (422, "input.invalid", "/document/name/value")),
        ("PUT", "/brands/1010/document", {"document": {}}, (422, "input.invalid", "/revision")),
        ("PUT", "/brands/1010/document", {"revision": 7, "document": {}}, (412, "brand.old_revision", "/revision")),
        ("POST", "/brands", {}, (422, "input.invalid", "/owner")),
        ("POST", "/brands", {"owner": "no-such"}, (422, "organisation.unknown", "/owner")),
        ("POST", "/brands", {"owner": "engineering"}, (409, "brand.too_many", "/owner")),
    ]
    for method, path, body, expected in cases:
        assert await office.refused(method, path, json=body, **SECRETARY) == expected
    assert await office.brand() == before


async def test_two_brands_of_one_organisation_begun_at_once_are_one(office: Office) -> None:
    begun = [
        office.ask("POST", "/brands", json={"id": f"b-{n}", "owner": "engineering"}, by=who)
        for n, who in enumerate(("E301", "E302", "E303"))
    ]
    assert sorted(answer.status_code for answer in await asyncio.gather(*begun)) == [201, 409, 409]


async def test_more_brands_for_an_organisation_are_a_setting(office: Office) -> None:
    rules = await office.done("GET", "/programme")
    await office.done("PUT", "/programme", json={**rules, "brands_per_organisation": 3}, **OFFICER)
    begun = [
        office.ask("POST", "/brands", json={"id": f"b-{n}", "owner": "engineering"}, **SECRETARY) for n in range(5)
    ]
    assert sorted(answer.status_code for answer in await asyncio.gather(*begun)) == [201, 201, 201, 409, 409]


async def test_the_examples_are_imported_as_far_as_they_tell_and_twice_changes_nothing(office: Office) -> None:
    content = yaml.safe_load((ROOT / "examples" / "brands.yaml").read_text(encoding="utf-8"))
    for _ in range(2):
        for key, row in content.items():
            answer = await office.done(
                "PUT", f"/brands/{key}", json={"owner": row["owner"], "document": row["document"]}, **ADMINISTRATOR
            )
            assert (answer["version"], answer["revision"]) == (1, 1)
    lines = {line["id"]: line["name"] for line in (await office.done("GET", "/brands"))["items"]}
    assert lines == {"gps": "魅力GPS", "power": "POWER", "1010": "1010", "three-hearts": "三心", "fifth": None}
    found = await office.done("GET", "/brands", by="E104")
    assert found["total"] == 5
    assert [line["id"] for line in (await office.done("GET", "/brands?name=ｐｏｗ"))["items"]] == ["power"]
    other = {"owner": "fifth", "document": {"name": {"state": "known", "value": "五"}}}
    assert await office.refused("PUT", "/brands/fifth", json=other, **ADMINISTRATOR) == (409, "brand.exists", "/id")
    assert await office.refused("PUT", "/brands/fifth", json=other, **SECRETARY) == (403, "role.missing", None)


async def test_questions_beyond_all_measure_are_wrong_input(office: Office) -> None:
    for query in ("/brands?name=%00", "/brands?limit=99999999999999999999", "/brands?limit=0", "/matrix?on=9999-12-31"):
        assert (await office.refused("GET", query))[:2] == (422, "input.invalid")
    assert (await office.done("GET", "/brands?name=(&owner=$ne"))["items"] == []


async def test_block_types_are_data(office: Office) -> None:
    shape = {"title": "荣誉", "title_en": "Honours", "body_schema": {"type": "object", "required": ["name"]}}
    await office.done("PUT", "/block-types/honours", json=shape, **OFFICER)
    honour: Json = {"blocks": {"h": {"type": "honours", "data": {"name": "先进"}}}}
    await office.begun(**honour)
    stricter = {**shape, "body_schema": {"type": "object", "required": ["name", "year"]}}
    await office.done("PUT", "/block-types/honours", json=stricter, **OFFICER)
    versions = await office.done("GET", "/block-types/honours/versions")
    assert [one["number"] for one in versions["items"]] == [1, 2]
    text = {"revision": 1, "document": {**honour, "aliases": ["旧块保持原样"]}}
    await office.done("PUT", "/brands/1010/document", json=text, **SECRETARY)
    bad = {**shape, "body_schema": {"type": "object", "properties": {"a": {"type": "nothing"}}}}
    code = (422, "block_type.bad_schema", "/body_schema/properties/a/type")
    assert await office.refused("PUT", "/block-types/honours", json=bad, **OFFICER) == code
    assert await office.refused("PUT", "/block-types/honours", json=shape, **SECRETARY) == (403, "role.missing", None)
