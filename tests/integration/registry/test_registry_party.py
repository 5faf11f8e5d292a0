"""Organisations and people over HTTP: the tree, rosters of a day, who sees whose political status."""

import yaml

from tests.integration.registry.office import (
    ADMINISTRATOR,
    ELSEWHERE,
    HIDDEN,
    MASKED,
    OFFICER,
    ROOT,
    SECRETARY,
    VIEWER,
    Office,
)

ROSTER = "/organisations/office-2/roster"


async def test_the_tree_stands_and_everything_recorded_is_told(office: Office) -> None:
    forest = await office.done("GET", "/tree")
    (top,) = forest["tops"]
    branch = next(node for node in top["children"] if node["id"] == "office-2")
    assert [node["id"] for node in branch["children"]] == ["office-2-hr", "office-2-union", "office-2-work"]
    content = yaml.safe_load((ROOT / "examples" / "enterprise.yaml").read_text(encoding="utf-8"))
    people = await office.published("registry.person.recorded.v1", len(content["people"]))
    assert {fact["person"] for fact in people} == set(content["people"])
    organisations = await office.published("registry.organisation.recorded.v1", len(content["organisations"]))
    assert {fact["organisation"]: fact["name"] for fact in organisations}["fifth"] == "（名称未知）"
    assert len(await office.published("registry.block_type.recorded.v1", 11)) == 11


async def test_loading_twice_changes_nothing(office: Office) -> None:
    before = await office.done("GET", "/people?limit=200")
    await office.load()
    assert await office.done("GET", "/people?limit=200") == before


async def test_the_roster_counts_who_is_expected_and_who_votes_on_a_day(office: Office) -> None:
    roster = await office.done("GET", ROSTER, **OFFICER)
    assert (roster["expected"], roster["voters"]) == (10, 9)
    assert (await office.done("GET", f"{ROSTER}?on=2019-12-31", **OFFICER))["people"] == []
    moved = {
        "name": "何欣怡",
        "memberships": [
            {"organisation": "office-2-work", "status": "full_member", "since": "2020-01-01", "until": "2026-01-31"},
            {"organisation": "fifth", "status": "full_member", "since": "2026-02-01"},
        ],
    }
    await office.done("PUT", "/people/E204", json=moved, **ADMINISTRATOR)
    days = {day: await office.done("GET", f"{ROSTER}?on={day}", **OFFICER) for day in ("2026-01-31", "2026-02-01")}
    assert [days[day]["expected"] for day in days] == [10, 9]


async def test_political_status_is_shown_to_offices_and_to_nobody_else(office: Office) -> None:
    own, foreign = {"by": "E201"}, SECRETARY
    for who in (OFFICER, ADMINISTRATOR, own, {"by": "E002"}):
        assert {entry["votes"] for entry in (await office.done("GET", ROSTER, **who))["people"]} == {True, False}
        assert (await office.done("GET", "/people/E206", **who))["memberships"][0]["status"] == "probationary_member"
    for who in (foreign, VIEWER, {"by": "unheard-of"}):
        roster = await office.done("GET", ROSTER, **who)
        assert {(entry["status"], entry["votes"]) for entry in roster["people"]} == {(None, None)}
        for person in (await office.done("GET", "/people?organisation=office-2-hr", **who))["items"]:
            assert (person["memberships"], person["posts"]) == (None, None)
    themselves = await office.done("GET", "/people/E206", by="E206")
    assert themselves["memberships"][0]["status"] == "probationary_member"


async def test_there_is_no_place_for_a_telephone_number(office: Office) -> None:
    body = {"name": "张三", "phone": "13800000000"}
    assert await office.refused("PUT", "/people/E999", json=body, **ADMINISTRATOR) == (422, "input.invalid", "/phone")


async def test_a_masked_name_is_seen_by_the_roles_it_names(office: Office) -> None:
    name = {**MASKED, "visible_to": ["party_work_department", "branch_secretary"]}
    body = {"kind": "party_branch", "name": name, "parent": "committee", "valid_from": "2020-01-01"}
    await office.done("PUT", "/organisations/engineering", json=body, **ADMINISTRATOR)
    for who, sees in ((OFFICER, True), (SECRETARY, True), (VIEWER, False), ({"by": "E201"}, False)):
        one = await office.done("GET", "/organisations/engineering", **who)
        assert (one["shown"], one["name"].get("value")) == ("**党支部", HIDDEN if sees else None)
        listed = await office.done("GET", "/organisations?kind=party_branch", **who)
        assert (HIDDEN in str(listed)) is sees
    assert HIDDEN not in str(await office.published("registry.organisation.recorded.v1", 2, organisation="engineering"))


async def test_only_keepers_write_and_wrong_input_changes_nothing(office: Office) -> None:
    branch = {"kind": "party_branch", "name": {"state": "unknown"}, "parent": "committee", "valid_from": "2020-01-01"}
    people = {"name": "张三", "memberships": [{"organisation": "no-such", "status": "activist", "since": "2020-01-01"}]}
    for who in (SECRETARY, VIEWER, {"by": "E011"}):
        assert await office.refused("PUT", "/organisations/new", json=branch, **who) == (403, "role.missing", None)
    cases = [
        ("/organisations/new", {**branch, "parent": "no-such"}, (422, "organisation.unknown", "/parent")),
        ("/organisations/new", {**branch, "parent": "office-2-hr"}, (422, "organisation.parent_kind", "/parent")),
        (
            "/organisations/new",
            {**branch, "name": {"state": "known", "value": ""}},
            (422, "value.empty", "/name/value"),
        ),
        ("/organisations/office-2", {**branch, "kind": "joint_branch"}, (409, "organisation.kind_fixed", "/kind")),
        ("/people/E999", people, (422, "organisation.unknown", "/memberships/0/organisation")),
    ]
    for path, body, expected in cases:
        assert await office.refused("PUT", path, json=body, **ADMINISTRATOR) == expected
    assert await office.refused("GET", "/organisations/new") == (404, "organisation.not_found", None)
    assert await office.refused("GET", "/people/E999") == (404, "person.not_found", None)


async def test_hr_moves_no_party_relationship_and_sees_no_political_status(office: Office) -> None:
    system = {"by": "hr", "roles": ("hr_system@*",)}
    branch = {"kind": "party_branch", "name": {"state": "unknown"}, "parent": "committee", "valid_from": "2020-01-01"}
    for path, body in (("/people/E900", {"name": "新人"}), ("/organisations/new", branch)):
        assert await office.refused("PUT", path, json=body, **system) == (403, "role.missing", None)
    assert (await office.done("GET", "/people/E101", **system))["memberships"] is None


async def test_the_work_department_of_another_committee_neither_writes_nor_sees(office: Office) -> None:
    other = {"kind": "party_committee", "name": {"state": "unknown"}, "parent": "committee", "valid_from": "2020-01-01"}
    await office.done("PUT", "/organisations/other", json=other, **OFFICER)
    await office.begun()
    roster = await office.done("GET", ROSTER, **ELSEWHERE)
    assert {entry["status"] for entry in roster["people"]} == {None}
    assert (await office.done("GET", "/people/E206", **ELSEWHERE))["memberships"] is None
    rules = await office.done("GET", "/programme")
    shape = {"title": "荣誉", "title_en": "Honours", "body_schema": {"type": "object"}}
    plaque = {"brand": "1010", "number": "9", "awarded_on": "2026-07-01", "occasion": "会", "flag": False}
    for method, path, body in (
        ("PUT", "/organisations/engineering", {**other, "kind": "party_branch"}),
        ("PUT", "/organisations/second", {**other, "parent": None}),
        ("PUT", "/people/E206", {"name": "改名"}),
        ("PUT", "/people/E901", {"name": "新人"}),
        ("PUT", "/programme", rules),
        ("PUT", "/block-types/honours", shape),
        ("PUT", "/brands/imported", {"owner": "operations"}),
        ("POST", "/plaques", plaque),
    ):
        assert await office.refused(method, path, json=body, **ELSEWHERE) == (403, "role.elsewhere", None), path
    await office.done("PUT", "/organisations/other", json={**other, "valid_to": "2030-12-31"}, **ELSEWHERE)
