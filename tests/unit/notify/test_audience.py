"""Whom a message reaches: dated keys, on the day of the message, independent of what became known first."""

from datetime import UTC, date, datetime

import pytest

from infra.kernel.dates import above, day_of
from services.notify.inbox.model.audience import Organisation, Person, keys_of
from tests.support.actors.audience import reaches

DAY = date(2026, 6, 26)
TREE = {
    one.id: one
    for one in (
        Organisation(id="committee", name="公司党委"),
        Organisation(id="general", name="营运操作部党总支", parent="committee"),
        Organisation(id="branch", name="第一党支部", parent="general"),
    )
}


def person(posts: tuple[tuple[str, str], ...] = (), status: str = "full_member", until: str | None = None) -> Person:
    return Person.model_validate(
        {
            "id": "1001",
            "memberships": [{"organisation": "branch", "status": status, "since": "2021-07-01", "until": until}],
            "posts": [
                {"organisation": organisation, "post": post, "since": "2024-01-01", "until": until}
                for organisation, post in posts
            ],
        }
    )


SECRETARY = person((("branch", "branch_secretary"),))

CASES = [
    ("the person named", "person:1001", None, (), True),
    ("another person", "person:1002", SECRETARY, (), False),
    ("a member of the branch", "member:branch", person(), (), True),
    ("a probationary member", "member:branch", person(status="probationary_member"), (), True),
    ("an activist is no member", "member:branch", person(status="activist"), (), False),
    ("a member of a branch below", "member:committee", person(), (), True),
    ("the secretary", "secretary:branch", SECRETARY, (), True),
    ("the secretary of a branch below", "secretary:general", SECRETARY, (), False),
    ("another post", "secretary:branch", person((("branch", "group_leader"),)), (), False),
    ("who left on the day before", "member:branch", person(until="2026-06-25"), (), False),
    ("whose last day it was", "member:branch", person(until="2026-06-26"), (), True),
    ("a person not known here yet", "member:branch", None, (), False),
    ("the work department", "work_department:committee", None, ("committee",), True),
    ("the work department of another committee", "work_department:committee", None, ("elsewhere",), False),
]


@pytest.mark.parametrize(("who", "to", "known", "scopes", "reached"), CASES, ids=[case[0] for case in CASES])
def test_a_message_reaches(who: str, to: str, known: Person | None, scopes: tuple[str, ...], reached: bool) -> None:
    assert reaches([to], DAY, keys_of("1001", known, TREE, scopes)) is reached, who


def test_a_branch_that_becomes_known_late_lets_its_members_be_reached_then() -> None:
    without = {key: value for key, value in TREE.items() if key != "branch"}
    assert not reaches(["member:general"], DAY, keys_of("1001", person(), without, ()))
    assert reaches(["member:general"], DAY, keys_of("1001", person(), TREE, ()))


def test_above_ends_at_the_top_and_at_what_is_not_known() -> None:
    assert above("branch", TREE) == ["branch", "general", "committee"]
    assert above("branch", {"branch": TREE["branch"]}) == ["branch", "general"]


def test_a_day_is_a_day_in_china() -> None:
    assert day_of(datetime(2026, 6, 25, 16, tzinfo=UTC)) == DAY
