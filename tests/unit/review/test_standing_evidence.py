"""The evidence of a year: what was told, counted by the days of China; what nobody told is None."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from services.review.events.value_objects import Measured
from services.review.standings.model.evidence import Held, Sources, Suspected, gather
from tests.unit.review.standing_scene import rules

AS_OF = datetime(2027, 2, 1, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)
"""Midnight in China, when 2027 begins."""


def held(key: str, at: datetime, *, present: int = 9, late: bool | None = False, kind: str = "open_day") -> Held:
    return Held(activity=key, kind=kind, held_at=at, expected=10, present=present, filed_late=late)


def measured(value: float, at: datetime, indicator: str = "效率") -> Measured:
    return Measured(indicator=indicator, value=value, unit="箱", measured_at=at, department="production")


def suspected(key: str, at: datetime) -> Suspected:
    return Suspected(
        id=key, title="事故", title_en="accident", reason="", department_title="安全", restricted=False, raised_at=at
    )


def test_of_what_nobody_told_nothing_is_said() -> None:
    found = gather(2026, Sources(), rules(), AS_OF)
    assert (found.activities, found.kinds, found.points, found.hints) == (0, {}, (), ())
    assert (found.filed_before_start, found.participation, found.last_activity, found.days_since_last) == (None,) * 4
    assert [one.threshold for one in found.signals] == ["few_activities"]


def test_a_year_begins_at_midnight_in_china() -> None:
    before, after = NEW_YEAR - timedelta(seconds=1), NEW_YEAR
    sources = Sources(
        held=(held("a", before), held("b", after)),
        measured=(measured(1, before), measured(2, after)),
        suspected=(suspected("h1", before), suspected("h2", after)),
    )
    found = gather(2026, sources, rules(), AS_OF)
    assert (found.activities, found.last_activity, found.days_since_last) == (1, before, 0)
    assert ([one.value for one in found.points], [one.id for one in found.hints]) == ([1], ["h1"])
    assert gather(2027, sources, rules(), AS_OF).points[0].value == 2


def test_shares_leave_out_what_is_not_known() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    rows = (held("a", at), held("b", at, late=True, present=5), held("c", at, late=None, kind="visit", present=7))
    found = gather(2026, Sources(held=rows), rules(), AS_OF)
    assert (found.filed_before_start, found.participation) == (0.5, 0.7)
    assert found.kinds == {"open_day": 2, "visit": 1}
    assert found.days_since_last == 305
    missed = {one.threshold: one.value for one in found.signals}
    assert missed == {"few_activities": 3, "filed_late": 0.5, "low_participation": 0.7, "long_silence": 305}


def test_in_whatever_order_it_was_told_it_is_the_same() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    rows = [measured(1, at), measured(2, at + timedelta(days=1)), measured(3, at, "质量"), measured(4, at, "质量")]
    ends = {gather(2026, Sources(measured=order), rules(), AS_OF).points for order in permutations(rows)}
    assert [(one.indicator, one.value) for one in ends.pop()] == [("效率", 2), ("质量", 4)]
    assert ends == set()


@pytest.mark.parametrize(("value", "missed"), [(None, False), (0.2, True), (0.9, False), (1.0, False)])
def test_a_threshold_is_missed_below_it_and_of_nothing_never(value: float | None, missed: bool) -> None:
    found = next(one for one in rules().thresholds if one.id == "filed_late")
    assert found.missed(value) is missed
