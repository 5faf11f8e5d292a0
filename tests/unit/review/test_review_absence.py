"""Absences: dated, one at a time, with a proxy who is somebody else, and ended early when need be."""

from datetime import date

import pytest

from infra.kernel.errors import Forbidden, Invalid, NotFound, Refused
from services.review.absences.model import AbsenceRecorded, Absences, end, record, require_may_record
from services.review.shared.actor import Actor
from tests.unit.review.scene import DEPUTY, SECRETARY, START

NOW = Actor(by=SECRETARY, at=START)


def absence(**more: object) -> AbsenceRecorded:
    """The secretary is away for the first week of March."""
    base = {"proxy": DEPUTY, "since": "2026-03-02", "until": "2026-03-08", "reason": "学习"}
    return AbsenceRecorded.model_validate({**base, **more})


def test_absences_are_dated_do_not_overlap_and_end() -> None:
    today = date(2026, 3, 2)
    one, _ = record(None, absence(), SECRETARY, NOW)
    assert [one.proxy_on(day) for day in (date(2026, 3, 1), today, date(2026, 3, 8), date(2026, 3, 9))] == [
        None,
        DEPUTY,
        DEPUTY,
        None,
    ]
    wrong: list[tuple[Absences | None, AbsenceRecorded, str]] = [
        (None, absence(proxy=SECRETARY), "absence.own_proxy"),
        (None, absence(until="2026-03-01"), "absence.days"),
        (one, absence(since="2026-03-08", until="2026-03-20"), "absence.overlaps"),
    ]
    for before, other, code in wrong:
        with pytest.raises((Invalid, Refused), match=code):
            record(before, other, SECRETARY, NOW)
    two, _ = end(one, 1, NOW)
    assert two.proxy_on(today) is None
    with pytest.raises(Refused, match="ended"):
        end(two, 1, NOW)
    with pytest.raises(NotFound):
        end(two, 2, NOW)
    three, _ = record(two, absence(), SECRETARY, NOW)
    assert [one.n for one in three.absences] == [1, 2]
    require_may_record(SECRETARY, SECRETARY, office=False)
    with pytest.raises(Forbidden):
        require_may_record("m1", SECRETARY, office=False)
