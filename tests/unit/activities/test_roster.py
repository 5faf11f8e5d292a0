"""Who belongs where on which day, who may act, and which brand an activity may carry."""

from datetime import UTC, date, datetime

import pytest

from infra.kernel.dates import covers, day_of
from infra.kernel.errors import Forbidden, Invalid, Refused
from services.activities.plans.model.roster import (
    Brand,
    Organisation,
    Person,
    Tree,
    holds_post,
    require_brand,
    require_post,
    roster,
)

DAY = date(2026, 6, 22)


def organisation(key: str, parent: str | None, kind: str = "party_branch", **terms: date) -> Organisation:
    terms = {"valid_from": date(2020, 1, 1), **terms}
    return Organisation.model_validate({"id": key, "name": key, "kind": kind, "parent": parent, **terms})


TREE = Tree(
    [
        organisation("committee", None, "party_committee"),
        organisation("general", "committee", "general_branch"),
        organisation("branch", "general"),
        organisation("group", "branch", "party_group"),
        organisation("closed", "general", valid_to=date(2026, 6, 21)),
        organisation("orphan", "unknown-parent"),
    ]
)


def member(key: str, organisation: str, status: str = "full_member", **terms: date) -> Person:
    terms = {"since": date(2021, 7, 1), **terms}
    return Person.model_validate(
        {"id": key, "name": key, "memberships": [{"organisation": organisation, "status": status, **terms}]}
    )


@pytest.mark.parametrize(
    ("day", "held"),
    [(date(2026, 1, 1), False), (date(2026, 1, 2), True), (date(2026, 3, 4), True), (date(2026, 3, 5), False)],
)
def test_a_term_holds_from_its_first_to_its_last_day(day: date, held: bool) -> None:
    assert covers(date(2026, 1, 2), date(2026, 3, 4), day) is held


def test_a_person_who_moves_on_a_day_is_that_day_in_one_branch_only() -> None:
    moved = Person.model_validate(
        {
            "id": "1001",
            "name": "甲",
            "memberships": [
                {"organisation": "branch", "status": "full_member", "since": "2021-07-01", "until": date(2026, 6, 21)},
                {"organisation": "other", "status": "full_member", "since": DAY},
            ],
        }
    )
    assert [len(roster([moved], [place], DAY)) for place in ("branch", "other")] == [0, 1]


def test_the_roster_counts_full_and_probationary_members_of_an_organisation_and_those_below() -> None:
    people = [
        member("1001", "branch"),
        member("1002", "group", "probationary_member"),
        member("1003", "branch", "activist"),
        member("1004", "general"),
        member("1005", "branch", since=date(2026, 6, 23)),
    ]
    within = [one.id for one in TREE.below("branch", DAY)]
    assert sorted(within) == ["branch", "group"]
    assert [entry.person for entry in roster(people, within, DAY)] == ["1001", "1002"]


def test_above_and_below_follow_the_tree_of_the_day() -> None:
    assert TREE.above("group") == ["group", "branch", "general", "committee"]
    assert TREE.above("orphan") == ["orphan", "unknown-parent"]
    assert {one.id for one in TREE.below("general", DAY)} == {"general", "branch", "group"}
    assert "closed" in {one.id for one in TREE.below("general", date(2026, 6, 21))}
    with pytest.raises(Invalid, match=r"organisation\.unknown"):
        TREE.require("nowhere")


def test_the_branches_of_an_organisation_include_a_general_branch_that_has_none_below() -> None:
    tree = Tree([*TREE.known.values(), organisation("lone", "committee", "general_branch")])
    assert [one.id for one in tree.branches("committee", DAY)] == ["branch", "lone"]
    assert [one.id for one in tree.branches("general", DAY)] == ["branch"]
    assert [one.id for one in tree.branches("group", DAY)] == ["group"]


def test_an_evening_in_china_is_not_yet_tomorrow() -> None:
    assert day_of(datetime(2026, 6, 21, 16, 0, tzinfo=UTC)) == DAY
    assert day_of(datetime(2026, 6, 21, 15, 59, tzinfo=UTC)) == date(2026, 6, 21)


def test_only_who_holds_a_post_at_exactly_this_organisation_that_day_may_act() -> None:
    secretary = Person.model_validate(
        {
            "id": "1001",
            "name": "甲",
            "posts": [
                {
                    "organisation": "branch",
                    "post": "branch_secretary",
                    "since": "2024-01-01",
                    "until": date(2026, 6, 21),
                }
            ],
        }
    )
    assert holds_post(secretary, "branch", date(2026, 6, 21))
    for person, place, day in [
        (secretary, "branch", DAY),
        (secretary, "general", date(2026, 6, 21)),
        (member("1002", "branch"), "branch", DAY),
        (None, "branch", DAY),
    ]:
        with pytest.raises(Forbidden, match=r"post\.missing"):
            require_post(person, place, day)


def test_a_brand_belongs_to_the_organisation_or_to_one_above_it() -> None:
    require_brand(Brand(id="b", owner="branch"), "b", "branch", TREE.above("branch"))
    require_brand(Brand(id="b", owner="general"), "b", "branch", TREE.above("branch"))
    with pytest.raises(Refused, match=r"brand\.of_another"):
        require_brand(Brand(id="b", owner="group"), "b", "branch", TREE.above("branch"))
    with pytest.raises(Invalid, match=r"brand\.unknown"):
        require_brand(None, "b", "branch", TREE.above("branch"))
