"""Rules as versioned data, and what their maps may yield."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from infra.kernel.errors import Invalid, NotFound, Refused
from services.activities.inbound.model import rule as rules
from services.activities.inbound.model.effect import Kind, WantedPoint, require_discreet, shaped
from services.activities.inbound.model.rule import Wording
from services.activities.plans.model.roster import Actor

BY = Actor("9001", datetime(2026, 6, 1, tzinfo=UTC))
SAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/union",
    "type": "union.contest.held",
    "data": {"title": "球赛"},
}
TEXT: dict[str, Any] = {"title": "竞赛", "title_en": "Contest", "event": "union.contest.", "effect": "draft_activity"}


def wording(**changes: Any) -> Wording:  # noqa: ANN401
    return Wording.model_validate({**TEXT, "map": "{title: data.title}", "sample": SAMPLE, **changes})


def test_a_version_never_changes_and_only_the_published_one_is_in_force() -> None:
    first, _ = rules.write("contest", wording(), None, BY)
    assert (first.state, first.in_force) == ("draft", None)
    published, _ = rules.publish(first, 1)
    second, _ = rules.write("contest", wording(when="false"), published, BY)
    assert (second.state, second.in_force, len(second.versions)) == ("published", first.versions[0], 2)
    newer, _ = rules.publish(second, 2)
    assert newer.in_force is not None
    assert (newer.in_force.when, newer.versions[0]) == ("false", first.versions[0])
    back, _ = rules.publish(newer, 1)
    assert back.in_force == first.versions[0]
    retired, _ = rules.retire(newer, "不再需要")
    assert (retired.state, retired.in_force, retired.reason) == ("retired", None, "不再需要")
    with pytest.raises(NotFound, match=r"rule\.no_version"):
        rules.publish(retired, 3)


def test_a_sample_that_would_burst_the_rule_is_refused() -> None:
    with pytest.raises(Invalid, match=r"rule\.sample_too_large"):
        rules.write("contest", wording(sample=SAMPLE | {"data": "x" * rules.MOST_SAMPLE}), None, BY)


def test_the_same_wording_again_is_no_new_version_and_there_is_an_end_to_versions() -> None:
    rule, _ = rules.write("contest", wording(), None, BY)
    assert rules.write("contest", wording(), rule, BY) == (rule, [])
    full = rule.becomes(versions=tuple(rule.versions[0] for _ in range(rules.MOST_VERSIONS)))
    with pytest.raises(Refused, match=r"rule\.too_many_versions"):
        rules.write("contest", wording(when="false"), full, BY)


@pytest.mark.parametrize(
    ("sample", "code"),
    [
        ({"id": "1"}, r"rule\.sample"),
        ({**SAMPLE, "type": "union.song.sung"}, r"rule\.sample_type"),
        ({**SAMPLE, "data": {"a": "\0"}}, r"rule\.sample"),
    ],
)
def test_a_sample_is_an_event_that_the_rule_listens_to(sample: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        rules.write("contest", wording(sample=sample), None, BY)


@pytest.mark.parametrize(
    "wrong", [{"event": "*"}, {"event": ""}, {"effect": "dismissal"}, {"when": "x" * 3000}, {"map": ""}, {"wen": "1"}]
)
def test_a_wording_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        wording(**wrong)


WHO: dict[str, Any] = {"organisation": "branch"}
DRAFT: dict[str, Any] = {**WHO, "kind": "open_day", "title": "开放日"}
POINT: dict[str, Any] = {**WHO, "indicator": "honours", "value": 1, "unit": "项"}
REMINDER = {**WHO, "title": "提醒", "text": "请关注"}
HINT = {**WHO, "title": "线索", "reason": "事故"}


@pytest.mark.parametrize(
    ("effect", "result"),
    [
        ("draft_activity", DRAFT),
        ("draft_activity", [DRAFT, {**DRAFT, "occurred_at": "2026-06-01T08:00:00+08:00"}]),
        ("point", POINT),
        ("point", {**POINT, "organisation": None, "brand": "charm-gps", "value": -0.5}),
        ("reminder", {**REMINDER, "to": "members"}),
        ("veto_hint", {**HINT, "organisation": None, "department": "D-1"}),
    ],
)
def test_a_map_yields_one_effect_or_several(effect: Kind, result: Any) -> None:  # noqa: ANN401
    assert len(shaped(effect, result)) == (len(result) if isinstance(result, list) else 1)


def test_null_counts_as_left_out() -> None:
    (point,) = shaped("point", {**POINT, "measured_at": None, "series": None})
    assert isinstance(point, WantedPoint)
    assert (point.measured_at, point.value) == (None, 1.0)


@pytest.mark.parametrize(
    ("effect", "result"),
    [
        ("draft_activity", None),
        ("draft_activity", "开放日"),
        ("draft_activity", []),
        ("draft_activity", [DRAFT] * 51),
        ("draft_activity", [DRAFT, 5]),
        ("draft_activity", {**DRAFT, "titel": "x"}),
        ("draft_activity", {**DRAFT, "title": ""}),
        ("draft_activity", {**DRAFT, "title": 5}),
        ("draft_activity", {**DRAFT, "title": "长" * 201}),
        ("draft_activity", {**DRAFT, "occurred_at": 5}),
        ("draft_activity", {**DRAFT, "occurred_at": "2026-06-01"}),
        ("draft_activity", {**DRAFT, "occurred_at": "0001-01-01T00:00:00Z"}),
        ("draft_activity", {**DRAFT, "present": ["1001"]}),
        ("draft_activity", {**DRAFT, "organisation": None}),
        ("draft_activity", {**DRAFT, "department": "D-1"}),
        ("point", {**POINT, "value": "12"}),
        ("point", {**POINT, "value": True}),
        ("point", {**POINT, "value": float("inf")}),
        ("point", {**POINT, "unit": None}),
        ("reminder", {**REMINDER, "to": "everybody"}),
        ("veto_hint", {**HINT, "reason": None}),
    ],
)
def test_nonsense_is_refused_with_its_place(effect: Kind, result: Any) -> None:  # noqa: ANN401
    with pytest.raises(Invalid, match=r"map\.nonsense") as caught:
        shaped(effect, result)
    assert (caught.value.field or "").startswith("/map")


@pytest.mark.parametrize(
    ("effect", "result", "discreet"),
    [
        ("draft_activity", DRAFT, False),
        ("point", POINT, False),
        ("reminder", REMINDER, False),
        ("reminder", {**REMINDER, "to": "work_department"}, True),
        ("veto_hint", HINT, True),
    ],
)
def test_what_is_restricted_leads_to_nothing_that_others_see(effect: Kind, result: Any, *, discreet: bool) -> None:  # noqa: ANN401
    (wanted,) = shaped(effect, result)
    require_discreet(wanted, restricted=False)
    if discreet:
        require_discreet(wanted, restricted=True)
    else:
        with pytest.raises(Invalid, match=r"map\.not_discreet"):
            require_discreet(wanted, restricted=True)
