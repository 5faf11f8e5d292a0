"""What may happen to a brand's standing, and what is refused with which problem and field."""

from datetime import date, timedelta
from typing import Any

import pytest

from infra.kernel.errors import Invalid, Problem, Refused
from services.review.standings.model.commands import Awarded, Concluded
from services.review.standings.model.grading import award, grade, grant
from services.review.standings.model.rechecking import decide_recheck, next_recheck, open_recheck
from services.review.standings.model.sanctions import months_after
from services.review.standings.model.standing import Standing, begin
from tests.unit.review.standing_scene import (
    BEGUN,
    OFFICE_ONLY,
    TODAY,
    WANTED,
    actor,
    approval,
    at,
    begun,
    checked,
    context,
    ending,
    evidence,
    level,
    refused,
    rules,
    said,
)


def test_it_begins_with_the_approval_once_and_without_a_level() -> None:
    standing, facts = begin(None, approval(), rules(), actor(BEGUN))
    assert (standing.state, standing.level, standing.begun_on) == ("active", None, BEGUN)
    assert [fact.type for fact in facts] == ["review.standing.recorded.v1"]
    assert begin(standing, approval(), rules(), actor()) == (standing, [])
    later, facts = begin(standing, approval(sequence=9), rules(), actor())
    assert (later.sequence, later.history, facts) == (9, standing.history, [])


def test_rules_may_begin_with_a_level() -> None:
    assert begun(rules(begins_with="cultivating")).level == "cultivating"


def test_a_level_at_a_time_unless_a_ground_of_direct_grading_is_stated() -> None:
    one = grade(begun(), level("cultivating"), context())[0]
    two = grade(one, level("established"), context())[0]
    assert two.level == "established"
    with pytest.raises(Refused) as far:
        grade(one, level("exemplary"), context())
    refused(far.value, "standing.too_far", "/level")
    direct = grade(one, level("exemplary"), context(direct="superior_honour", resolution="3号"))[0]
    assert (direct.level, direct.history[-1].justification.direct) == ("exemplary", "superior_honour")
    assert grade(one, level("excellent"), context(wanted=rules(levels_per_decision=2)))[0].level == "excellent"


@pytest.mark.parametrize(
    ("name", "justification", "code", "field"),
    [
        ("golden", {"resolution": "1号"}, "standing.level_unknown", "/level"),
        ("cultivating", {"resolution": "1号"}, "standing.same_level", "/level"),
        ("established", {"reason": "无文号"}, "standing.no_resolution", "/resolution"),
        ("exemplary", {"resolution": "1号", "direct": "sympathy"}, "standing.direct_unknown", "/direct"),
        ("exemplary", {"direct": "innovation"}, "standing.no_resolution", "/resolution"),
    ],
)
def test_what_grading_refuses(name: str, justification: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Problem) as caught:
        grade(at("cultivating"), level(name), context(**justification))
    refused(caught.value, code, field)


@pytest.mark.parametrize("on", [BEGUN - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_decision_is_dated_between_the_beginning_and_today(on: date) -> None:
    with pytest.raises(Invalid) as caught:
        grade(begun(), level("cultivating"), context(on, today=TODAY))
    refused(caught.value, "standing.wrong_day", "/on")


def test_a_campaign_grants_level_and_award_once_and_never_lowers() -> None:
    by = context(campaign="2027-first-batch")
    standing, facts = grant(begun(), "excellent", "commendation", by)
    assert (standing.level, [one.award for one in standing.awards]) == ("excellent", ["commendation"])
    assert len(facts) == 1
    assert grant(standing, "excellent", "commendation", by) == (standing, [])
    lower, facts = grant(standing, "established", None, context(campaign="2027-second-batch"))
    assert (lower, facts) == (standing, [])
    downgraded = grade(standing, level("established"), context())[0]
    assert grant(downgraded, "excellent", "commendation", by) == (downgraded, []), "a repetition undoes no decision"


def test_awards_are_of_the_types_of_the_rules() -> None:
    with pytest.raises(Invalid) as caught:
        award(begun(), said(Awarded, award="nobel"), context())
    refused(caught.value, "standing.award_unknown", "/award")
    assert award(begun(), said(Awarded, award="innovation"), context())[1][0].awards == ["innovation"]  # type: ignore[attr-defined]


def test_a_recheck_is_opened_once_in_its_time() -> None:
    standing = at("established")
    with pytest.raises(Refused) as early:
        open_recheck(standing, evidence(2027), actor(), rules())
    refused(early.value, "recheck.too_early", "/year")
    with pytest.raises(Invalid) as before:
        open_recheck(standing, evidence(2025), actor(), rules())
    refused(before.value, "recheck.before_beginning", "/year")
    opened = checked(standing)
    with pytest.raises(Refused) as twice:
        open_recheck(opened, evidence(), actor(), rules())
    refused(twice.value, "recheck.already", "/year")
    with pytest.raises(Refused) as pending:
        open_recheck(opened, evidence(2027), actor(date(2028, 1, 5)), rules())
    refused(pending.value, "recheck.open", "/year")
    found = next_recheck(opened, rules())
    assert found is not None
    assert (found.year, found.first, found.last, found.open) == (2026, date(2027, 1, 1), date(2027, 3, 31), True)


def test_each_outcome_of_a_recheck() -> None:
    opened = checked(at("established"))

    def ended(outcome: str, **fields: Any) -> Standing:  # noqa: ANN401 - fields of any type
        return decide_recheck(opened, 2026, ending(outcome, **fields), context())[0]

    assert (ended("pass").state, ended("pass").level) == ("active", "established")
    assert ended("upgrade").level == "excellent"
    assert ended("downgrade").level == "cultivating"
    rectifying = ended("rectify", **WANTED)
    assert (rectifying.state, rectifying.rectifications[0].year) == ("rectifying", 2026)
    revoked = ended("revoke")
    assert (revoked.state, revoked.level, revoked.reapply_from) == ("revoked", None, date(2028, 2, 1))
    assert next_recheck(revoked, rules()) is None
    assert next_recheck(ended("pass"), rules()).year == 2027  # type: ignore[union-attr]
    with pytest.raises(Refused) as twice:
        decide_recheck(revoked, 2026, ending("pass"), context())
    refused(twice.value, "recheck.decided", None)


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (ending("rectify"), "rectification.items", "/items"),
        (ending("upgrade", level="cultivating"), "recheck.level", "/level"),
        (ending("downgrade", level="excellent"), "recheck.level", "/level"),
        (ending("upgrade", level="exemplary"), "standing.too_far", "/level"),
    ],
)
def test_what_a_recheck_refuses(command: Concluded, code: str, field: str) -> None:
    with pytest.raises(Problem) as caught:
        decide_recheck(checked(at("established")), 2026, command, context())
    refused(caught.value, code, field)


def test_the_rules_say_which_outcomes_there_are_and_who_decides() -> None:
    opened = checked(at("cultivating"))
    with pytest.raises(Invalid) as outcome:
        decide_recheck(opened, 2026, ending("upgrade"), context(wanted=rules(outcomes=["pass", "revoke"])))
    refused(outcome.value, "recheck.outcome", "/outcome")
    with pytest.raises(Invalid) as number:
        decide_recheck(opened, 2026, ending("revoke"), context(**OFFICE_ONLY))
    refused(number.value, "standing.no_resolution", "/resolution")
    with pytest.raises(Refused) as lowest:
        decide_recheck(opened, 2026, ending("downgrade"), context())
    refused(lowest.value, "standing.no_level_there", "/outcome")


def test_months_end_where_a_month_is_shorter() -> None:
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_after(date(2026, 5, 31), 0) == date(2026, 5, 31)
