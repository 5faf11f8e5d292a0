"""The Party tree, people in it, the roster of any day, and who may write which brand."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kernel.dates import below
from infra.kernel.errors import Forbidden, Invalid, Problem
from services.registry.access import DraftingRights, require_drafter
from services.registry.party.model import organisation as tree
from services.registry.party.model import person as people
from services.registry.party.model.organisation import PARENTS, Known, Span, first_overlap
from services.registry.party.model.person import WHERE_HELD, Membership, Person, roster
from tests.unit.registry.examples import COMMITTEE, ENGINEERING, GROUP, OPERATIONS, START, organisation, person, post

KNOWN = {one.id: one for one in (COMMITTEE, OPERATIONS, ENGINEERING, GROUP)}
KINDS = list(PARENTS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parent", [*KINDS, None])
def test_every_kind_under_every_kind(kind: str, parent: str | None) -> None:
    above = [organisation("above", parent, None)] if parent else []
    wanted = organisation("new", kind, "above" if parent else None)
    allowed = parent in PARENTS[kind] if parent else kind == "party_committee"
    try:
        after, facts = tree.record(None, wanted, above)
    except Invalid as problem:
        assert (allowed, problem.field) == (False, "/parent")  # noqa: PT017 - the table says which it must be
    else:
        assert allowed
        assert (after, [fact.type for fact in facts]) == (wanted, ["registry.organisation.recorded.v1"])


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (organisation("x", "party_branch", "nowhere"), "organisation.unknown"),
        (organisation("x", "party_branch", valid_to=date(2019, 12, 31)), "period.empty"),
        (organisation("x", "party_branch", name=Known(value=" ")), "value.empty"),
        (organisation("engineering", "general_branch"), "organisation.kind_fixed"),
        (organisation("committee", "party_committee", "committee"), "organisation.circle"),
    ],
)
def test_what_an_organisation_cannot_be(wanted: tree.Organisation, code: str) -> None:
    above = [KNOWN[wanted.parent]] if wanted.parent in KNOWN else []
    with pytest.raises(Problem) as caught:
        tree.record(KNOWN.get(wanted.id), wanted, above)
    assert caught.value.code == code


def test_a_masked_name_is_told_as_it_is_shown_and_the_same_again_changes_nothing() -> None:
    after, (published,) = tree.record(None, ENGINEERING, [COMMITTEE])
    assert published.model_dump()["name"] == "**党支部"
    assert tree.record(after, ENGINEERING, [COMMITTEE]) == (after, [])


def membership(at: str, since: date, until: date | None = None, status: str = "full_member") -> Membership:
    return Membership.model_validate({"organisation": at, "status": status, "since": since, "until": until})


def recorded(**fields: Any) -> Person:  # noqa: ANN401 - any fields
    return people.record(None, Person.model_validate({"id": "E1", "name": "张三", **fields}), KNOWN)[0]


LAST, TRANSFER = date(2026, 2, 28), date(2026, 3, 1)


def test_a_transfer_leaves_no_day_between_and_none_twice() -> None:
    moved = recorded(memberships=[membership("operations", START, LAST), membership("engineering", TRANSFER)])
    assert [moved.membership_on(day) for day in (LAST, TRANSFER)] == list(moved.memberships)


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"memberships": [membership("nowhere", START)]}, "organisation.unknown", "/memberships/0/organisation"),
        ({"posts": [post("group_leader", "nowhere")]}, "organisation.unknown", "/posts/0/organisation"),
        (
            {"memberships": [membership("operations", START), membership("engineering", TRANSFER)]},
            "membership.overlap",
            "/memberships/1",
        ),
        ({"memberships": [membership("operations", TRANSFER, LAST)]}, "period.empty", "/memberships/0/until"),
        ({"posts": [post("branch_secretary", "committee")]}, "post.wrong_kind", "/posts/0/post"),
        (
            {"posts": [post("group_leader", "group-1"), post("group_leader", "group-1", TRANSFER)]},
            "post.overlap",
            "/posts",
        ),
        ({"name": "王\0五"}, "document.unfit", "/name"),
    ],
)
def test_what_a_person_cannot_be(fields: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(Invalid) as caught:
        recorded(**fields)
    assert (caught.value.code, caught.value.field) == (code, where)


@pytest.mark.parametrize("name", WHERE_HELD)
@pytest.mark.parametrize("kind", KINDS)
def test_every_post_at_every_kind(name: str, kind: str) -> None:
    known = {"x": organisation("x", kind)}
    wanted = Person(id="E1", name="张三", posts=(post(name, "x"),))
    if kind in WHERE_HELD[name]:
        assert people.record(None, wanted, known)[0].posts == wanted.posts
    else:
        with pytest.raises(Invalid, match="wrong_kind"):
            people.record(None, wanted, known)


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 20))
SPANS = st.builds(
    lambda since, days: Span(since=since, until=since + timedelta(days=days) if days else None),
    DAYS,
    st.integers(0, 9),
)


@given(st.lists(SPANS, max_size=4))
def test_overlapping_means_that_some_day_belongs_to_two(spans: list[Span]) -> None:
    days = [date(2026, 1, number) for number in range(1, 31)]
    assert (first_overlap(spans) is not None) == any(sum(span.covers(day) for span in spans) > 1 for day in days)


def test_the_roster_of_a_day_counts_those_in_it_and_below_it() -> None:
    everybody = [
        person("E1"),
        person("E2", member_of="group-1", status="probationary_member"),
        person("E3", status="activist"),
        person("E4", member_of="operations"),
        Person(id="E5", name="调出", memberships=(membership("engineering", START, LAST),)),
        Person(id="E6", name="调入", memberships=(membership("group-1", TRANSFER),)),
    ]
    within = [one.id for one in below("engineering", KNOWN, TRANSFER)]
    assert within == ["engineering", "group-1"]
    found = roster("engineering", TRANSFER, within, everybody)
    assert (found.expected, found.voters) == (3, 2)
    assert [entry.person for entry in found.people] == ["E1", "E2", "E3", "E6"]
    earlier = roster("engineering", LAST, within, everybody)
    assert [entry.person for entry in earlier.people if entry.expected] == ["E1", "E2", "E5"]


def test_whoever_may_not_see_political_status_gets_names_only() -> None:
    shown = roster("engineering", TRANSFER, ["engineering"], [person("E1")]).names_only().people[0]
    assert {name for name, value in shown if value is not None} == {"person", "name"}


def test_an_organisation_that_ended_is_below_nothing_after_its_last_day() -> None:
    ended = organisation("group-1", "party_group", "engineering", valid_to=LAST)
    known = {**KNOWN, "group-1": ended}
    assert [one.id for one in below("engineering", known, LAST)] == ["engineering", "group-1"]
    assert [one.id for one in below("engineering", known, TRANSFER)] == ["engineering"]


DESK = DraftingRights.of(ENGINEERING, [GROUP, OPERATIONS], TRANSFER)


@pytest.mark.parametrize("held", ["branch_secretary", "deputy_secretary", "publicity_committee_member"])
def test_post_holders_of_the_owner_write_its_brand(held: str) -> None:
    require_drafter(person("E1", post(held, "engineering")), DESK, TRANSFER)


def test_post_holders_of_its_groups_write_it_too() -> None:
    require_drafter(person("E1", post("group_leader", "group-1")), DESK, TRANSFER)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (None, "brand.not_drafter"),
        (person("E1"), "brand.not_drafter"),
        (person("E1", post("branch_secretary", "operations")), "brand.foreign_secretary"),
        (person("E1", post("party_committee_secretary", "committee")), "brand.not_drafter"),
        (person("E1", post("branch_secretary", "engineering", START, LAST)), "brand.not_drafter"),
    ],
)
def test_everybody_else_does_not(who: Person | None, code: str) -> None:
    with pytest.raises(Forbidden) as caught:
        require_drafter(who, DESK, TRANSFER)
    assert caught.value.code == code
