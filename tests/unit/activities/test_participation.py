"""全员参与率: distinct members present at least once ÷ members at the end of the period."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kernel.errors import Invalid
from services.activities.plans.model.activity import Activity, Plan
from services.activities.plans.model.attendance import Record
from services.activities.plans.model.participation import Participation, check_period, participation
from services.activities.plans.model.roster import RosterEntry

START = datetime(2026, 6, 26, 1, tzinfo=UTC)
PEOPLE = [f"10{number:02}" for number in range(8)]


def entries(people: list[str]) -> tuple[RosterEntry, ...]:
    return tuple(RosterEntry(person=person, name=person, status="full_member") for person in people)


def held(present: list[str], expected: list[str], organisation: str = "branch") -> Activity:
    plan = Plan(
        revision=1,
        kind="talk",
        kind_title="宣讲",
        title="宣讲",
        starts_at=START,
        ends_at=None,
        place="礼堂",
        brand=None,
        content=None,
        filed_by="1001",
        filed_at=START,
        late=False,
    )
    record = Record(
        revision=1,
        started_at=START,
        ended_at=START + timedelta(hours=1),
        chair="1001",
        recorder="1001",
        roster=entries(expected),
        present=tuple(present),
        on_leave=(),
        absent=(),
        non_voting_attendees=(),
        content="宣讲",
        warnings=(),
        late_entry=False,
        recorded_by="1001",
        recorded_at=START,
    )
    return Activity(id="a", organisation=organisation, state="held", plan=plan, record=record)


def of_branch(members: list[str], activities: list[Activity], *, disclose: bool = True) -> Participation:
    return participation("branch", "第一党支部", entries(members), activities, disclose=disclose)


def test_a_member_counts_once_however_often_they_came_and_wherever_it_was() -> None:
    four = PEOPLE[:4]
    seen = of_branch(four, [held(four[:2], four), held(four[:1], four), held(four[2:3], PEOPLE, "general")])
    assert (seen.members, seen.took_part, seen.rate) == (4, 3, 0.75)
    assert (seen.sessions, seen.session_rate) == (2, 0.375)
    assert [member.person for member in seen.not_yet or ()] == [four[3]]


def test_others_see_the_rate_and_nobody_s_name() -> None:
    assert of_branch(PEOPLE, [], disclose=False).not_yet is None


@pytest.mark.parametrize(
    ("last", "code"),
    [(date(2023, 12, 31), r"period\.ends_before_start"), (date(2025, 1, 1), r"period\.too_long")],
)
def test_a_period_has_its_days_in_order_and_is_at_most_a_year(last: date, code: str) -> None:
    first = date(2024, 1, 1)
    check_period(first, date(2024, 12, 31))  # 366 days
    with pytest.raises(Invalid, match=code):
        check_period(first, last)


def test_a_branch_without_members_has_no_rate() -> None:
    assert of_branch([], [held(PEOPLE, PEOPLE)]).rate is None


def test_the_list_of_those_missing_says_nothing_of_their_political_status() -> None:
    missing = of_branch(PEOPLE[:1], []).not_yet
    assert missing is not None
    assert missing[0].model_dump() == {"person": PEOPLE[0], "name": PEOPLE[0]}


@given(
    st.lists(st.sampled_from(PEOPLE), unique=True),
    st.lists(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True), max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_rate_is_the_definition_whatever_the_order_and_repetition(
    members: list[str], attendances: list[list[str]], chance: object
) -> None:
    activities = [held(present, PEOPLE) for present in attendances]
    seen = of_branch(members, activities)
    there = {person for present in attendances for person in present}
    assert seen.took_part == len(there & set(members))
    assert {member.person for member in seen.not_yet or ()} == set(members) - there
    assert seen.rate is None or 0 <= seen.rate <= 1
    shuffled = [*activities, *activities]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = of_branch(members, shuffled)
    assert (again.took_part, again.rate, again.not_yet) == (seen.took_part, seen.rate, seen.not_yet)
