"""For whom an office holds: the committee it names and everything below it, and nothing of another committee."""

from collections.abc import Callable

import pytest

from infra.kernel.errors import Forbidden
from infra.web.auth import Principal
from services.registry.access import AccessContext
from services.registry.party.model.organisation import Organisation, Tree
from services.registry.party.model.person import Person
from tests.unit.registry.examples import (
    COMMITTEE,
    ENGINEERING,
    GROUP,
    OFFICER,
    OPERATIONS,
    START,
    organisation,
    person,
    post,
)

BOARD = organisation("board", "party_committee", None)
OTHER = organisation("other", "party_committee", "board")
FOREIGN = organisation("foreign", "party_branch", "other")
UNDER = organisation("committee", "party_committee", "board")
TREE = Tree({one.id: one for one in (BOARD, UNDER, OTHER, FOREIGN, OPERATIONS, ENGINEERING, GROUP)})
DAY = OFFICER.at.date()

WORK, ELSEWHERE = "party_work_department@committee", "party_work_department@other"
ABOVE, ADMINISTRATOR = "party_work_department@board", "administrator@*"


def allowed(ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Forbidden:
        return False
    return True


def standing(*roles: str, record: Person | None = None) -> AccessContext:
    return AccessContext(Principal(id="E1", roles=frozenset(roles)), record, DAY, TREE)


@pytest.mark.parametrize(
    ("role", "keeps", "everything"),
    [
        (WORK, True, False), (ELSEWHERE, False, False), (ABOVE, True, True), (ADMINISTRATOR, True, True),
        ("administrator@other", False, False), ("hr_system@*", False, False), ("auditor@*", False, False),
        ("party_work_department", False, False), ("party_work_department@nowhere", False, False),
    ],
)  # fmt: skip
def test_an_office_keeps_what_is_below_its_committee(role: str, keeps: bool, everything: bool) -> None:
    who = standing(role)
    assert [who.keeps(key) for key in ("group-1", "engineering", "committee")] == [keeps] * 3
    assert who.sees_status("engineering") is keeps
    assert who.sees_record(person("E2")) is keeps
    assert who.keeps_everything is everything
    assert allowed(lambda: who.require_role("engineering", "administrator", "party_work_department")) is keeps
    assert allowed(who.require_everything) is everything


NEW = organisation("new", "party_branch", "committee")


@pytest.mark.parametrize(
    ("role", "current", "wanted", "may"),
    [
        (WORK, None, NEW, True),
        (ELSEWHERE, None, NEW, False),
        (ELSEWHERE, FOREIGN, organisation("foreign", "party_branch", "committee"), False),
        (WORK, FOREIGN, organisation("foreign", "party_branch", "committee"), False),
        (ABOVE, FOREIGN, organisation("foreign", "party_branch", "committee"), True),
        (WORK, UNDER, UNDER, True),
        (WORK, UNDER, COMMITTEE, False),
        (ABOVE, None, organisation("second", "party_committee", None), False),
        (ADMINISTRATOR, None, organisation("second", "party_committee", None), True),
    ],
)
def test_an_organisation_is_kept_where_it_stands_and_where_it_goes(
    role: str,
    current: Organisation | None,
    wanted: Organisation,
    may: bool,
) -> None:
    assert allowed(lambda: standing(role).require_organisation(current, wanted)) is may


OURS, THEIRS, NOBODYS = person("E2"), person("E2", member_of="foreign"), Person(id="E2", name="新人")
RENAMED = OURS.becomes(name="另名")
SECOND_POST = person("E2", post("branch_secretary", "foreign"))


@pytest.mark.parametrize(
    ("role", "current", "wanted", "may"),
    [
        (WORK, None, OURS, True),
        (ELSEWHERE, None, OURS, False),
        (WORK, OURS, RENAMED, True),
        (ELSEWHERE, OURS, RENAMED, False),
        (ELSEWHERE, OURS, THEIRS, False),
        (WORK, OURS, THEIRS, False),
        (ABOVE, OURS, THEIRS, True),
        (ELSEWHERE, OURS, SECOND_POST, True),
        (WORK, OURS, SECOND_POST, False),
        (WORK, None, NOBODYS, False),
        (ABOVE, None, NOBODYS, True),
    ],
)
def test_a_record_changes_only_where_the_office_holds(
    role: str,
    current: Person | None,
    wanted: Person,
    may: bool,
) -> None:
    assert allowed(lambda: standing(role).require_person(current, wanted)) is may


def test_political_status_is_for_posts_at_the_organisation_or_above_it() -> None:
    def sees(*at: str) -> bool:
        record = person("E1", *(post("branch_secretary", one, START) for one in at))
        return standing(record=record).sees_status("group-1")

    assert [sees(at) for at in ("group-1", "engineering", "committee", "operations")] == [True, True, True, False]
    assert not sees()
    assert not standing().sees_status("group-1")


def test_a_masked_value_is_for_the_role_above_its_organisation() -> None:
    roles = ("party_work_department",)
    assert standing(WORK).audience("engineering")(roles)
    assert not standing(ELSEWHERE).audience("engineering")(roles)
    assert not standing(WORK).audience("engineering")(("party_work_department@other",))


def test_reasons_are_for_the_owners_people_and_the_offices_above() -> None:
    for role in (WORK, ABOVE, ADMINISTRATOR, "auditor@*", "auditor@committee"):
        assert standing(role).sees_reasons("engineering"), role
    for role in (ELSEWHERE, "auditor@other", "hr_system@*"):
        assert not standing(role).sees_reasons("engineering"), role
    for at, sees in (("engineering", True), ("group-1", True), ("operations", False)):
        assert standing(record=person("E1", post("group_leader", at))).sees_reasons("engineering") is sees
    assert not standing(record=person("E1")).sees_reasons("engineering")
