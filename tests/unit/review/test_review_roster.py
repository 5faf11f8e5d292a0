"""Role holders: from the tree and its dated people to who holds what around one organisation on one day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from infra.kernel.dates import day_of
from infra.kernel.errors import NotYet
from services.review.shared.role_holders import (
    Organisation,
    Person,
    RoleHolders,
    context_of,
    holders,
    under,
    waiting_for_posts,
)

TREE = [
    Organisation(id="committee", kind="party_committee"),
    Organisation(id="general", kind="general_branch", parent="committee"),
    Organisation(id="branch", kind="party_branch", parent="general"),
    Organisation(id="group", kind="party_group", parent="branch"),
    Organisation(id="other", kind="party_branch", parent="general"),
]
DAY = date(2026, 3, 2)


def person(key: str, *posts: str, member: str | None = None, since: str = "2020-01-01", **until: Any) -> Person:  # noqa: ANN401
    """A person with posts such as ``branch_secretary@branch`` and a membership such as ``full_member@group``."""
    terms = [dict(zip(("post", "organisation"), post.split("@"), strict=True)) for post in posts]
    standing = [dict(zip(("status", "organisation"), member.split("@"), strict=True))] if member else []
    dated = {"since": since, **until}
    return Person.model_validate(
        {
            "id": key,
            "posts": [{**term, **dated} for term in terms],
            "memberships": [{**one, **dated} for one in standing],
        }
    )


def seated(*persons: Person, day: date = DAY, meeting: date | None = None) -> RoleHolders:
    return holders(context_of(TREE, "branch", day), persons, day, meeting)


def test_the_roster_counts_everybody_below_and_only_full_members_vote() -> None:
    found = seated(
        person("a", member="full_member@branch"),
        person("b", member="full_member@group"),
        person("c", member="probationary_member@group"),
        person("d", member="activist@branch"),
        person("e", member="full_member@other"),
        person("f", member="full_member@general"),
    )
    assert (found.members, found.voters) == (("a", "b", "c"), ("a", "b"))


def test_posts_count_where_they_are_held() -> None:
    found = seated(
        person("s", "branch_secretary@branch"),
        person("x", "branch_secretary@other"),
        person("d", "deputy_secretary@branch"),
        person("g", "branch_secretary@general"),
        person("c", "party_committee_member@committee"),
        person("cs", "party_committee_secretary@committee"),
        person("o", "party_work_officer@committee"),
    )
    assert found == RoleHolders(
        secretaries=("s",),
        deputies=("d",),
        superior_secretaries=("g",),
        committee_members=("c", "cs"),
        committee_secretaries=("cs",),
        work_department=("o",),
        branch_committee=("d", "s"),
    )


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        ("2026-03-02", None, True),
        ("2026-03-03", None, False),
        ("2020-01-01", "2026-03-02", True),
        ("2020-01-01", "2026-03-01", False),
    ],
)
def test_terms_are_dated_and_both_ends_belong_to_them(since: str, until: str | None, holds: bool) -> None:
    found = seated(person("s", "branch_secretary@branch", since=since, until=until))
    assert bool(found.secretaries) is holds


def test_the_committee_is_that_of_the_day_of_the_meeting() -> None:
    left = person("c", "party_committee_member@committee", until="2026-02-28")
    assert seated(left).committee_members == ()
    assert seated(left, meeting=date(2026, 2, 20)).committee_members == ("c",)


def test_an_owner_may_be_the_committee_itself() -> None:
    place = context_of(TREE, "committee", DAY)
    assert (place.committee, place.superior, len(place.below)) == ("committee", None, 5)


@pytest.mark.parametrize("missing", ["branch", "general", "committee"])
def test_while_a_part_of_the_way_up_is_missing_it_is_not_yet(missing: str) -> None:
    with pytest.raises(NotYet):
        context_of([place for place in TREE if place.id != missing], "branch", DAY)


@pytest.mark.parametrize(
    ("time", "members"),
    [
        ({"valid_to": "2026-03-02"}, ("b", "c")),
        ({"valid_to": "2026-03-01"}, ("c",)),
        ({"valid_from": "2026-03-02"}, ("b", "c")),
        ({"valid_from": "2026-03-03"}, ("c",)),
    ],
)
def test_members_of_a_group_that_has_ended_do_not_count_but_those_below_it_do(
    time: dict[str, str], members: tuple[str, ...]
) -> None:
    group = Organisation.model_validate({"id": "group", "kind": "party_group", "parent": "branch", **time})
    below = Organisation(id="below", kind="party_group", parent="group")
    tree = [*(place for place in TREE if place.id != "group"), group, below]
    persons = [person("b", member="full_member@group"), person("c", member="full_member@below")]
    assert holders(context_of(tree, "branch", DAY), persons, DAY).voters == members


def test_whose_reviews_a_change_concerns() -> None:
    assert waiting_for_posts(TREE, {"general"}) == ["general", "branch", "other"]
    assert waiting_for_posts(TREE, {"branch"}) == ["branch", "group"]
    assert len(waiting_for_posts(TREE, {"committee"})) == len(TREE)
    assert under(TREE, {"branch"}) == ["branch", "group"]
    orphan = Organisation(id="orphan", kind="party_branch", parent="not-here-yet")
    assert under([*TREE, orphan], {"orphan"}) == ["orphan"]


def test_a_circle_in_the_tree_is_no_endless_loop() -> None:
    circle = [
        Organisation(id="a", kind="party_branch", parent="b"),
        Organisation(id="b", kind="party_branch", parent="a"),
    ]
    with pytest.raises(NotYet):
        context_of(circle, "a", DAY)


def test_equal_seats_have_one_name_and_days_are_chinese() -> None:
    assert RoleHolders(voters=("a",)).digest == RoleHolders(voters=("a",)).digest != RoleHolders(members=("a",)).digest
    assert day_of(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == DAY
