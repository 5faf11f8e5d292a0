"""Leavers one at a time: few are believed, many within a day are asked about, and a person's word counts."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.kernel.errors import Refused
from services.registry.hr.model import run as moves
from services.registry.hr.model.run import Limits

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
WHY = ("一天内太多", "too many within a day")
LIMITS = Limits(percent=5, people=3)


@pytest.mark.parametrize(
    ("losses", "people", "alarms"), [(3, 10, False), (4, 10, True), (5, 100, False), (6, 100, True), (6, 120, False)]
)
def test_few_are_believed_and_many_are_not(losses: int, people: int, alarms: bool) -> None:
    assert (moves.too_many_leave(losses, people, LIMITS) is not None) is alarms


def test_a_held_source_is_released_for_a_day() -> None:
    held, _ = moves.hold_leavers(None, "iam", WHY, NOW)
    again, _ = moves.hold_leavers(held, "iam", WHY, NOW + timedelta(hours=1))
    assert (again.held_since, again.open(NOW)) == (NOW, False)
    free, _ = moves.release_leavers(again, "2001", "已核实", NOW)
    assert [free.open(NOW + timedelta(hours=hours)) for hours in (1, 23, 25)] == [True, True, False]
    assert (free.released, free.decided_by) == (True, "2001")


def test_a_rejected_source_counts_anew() -> None:
    held, _ = moves.hold_leavers(None, "iam", WHY, NOW)
    after, _ = moves.reject_leavers(held, "2001", "导出错误")
    assert (after.open(NOW), after.released, after.held_since) == (False, False, None)


def test_nothing_is_decided_where_nothing_is_held() -> None:
    held, _ = moves.hold_leavers(None, "iam", WHY, NOW)
    after, _ = moves.release_leavers(held, "2001", "已核实", NOW)
    with pytest.raises(Refused, match="held"):
        moves.release_leavers(after, "2001", "again", NOW)
    with pytest.raises(Refused, match="held"):
        moves.reject_leavers(after, "2001", "again")
