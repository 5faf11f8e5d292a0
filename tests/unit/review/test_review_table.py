"""Every state × every move: each pair either leads to the written step or meets the written problem."""

from collections.abc import Callable

import pytest

from infra.aggregate import Problem
from tests.unit.review import scene
from tests.unit.review.scene import COMMITTEE, DRAFTER, OFFICER, ONE_OF_EACH, SECRETARY, Journey

STATES: dict[str, Callable[[], Journey]] = {
    "check": scene.at_check,
    "discussion": scene.at_discussion,
    "co_revision": scene.at_co_revision,
    "suggested": scene.suggested,
    "resolution": scene.at_resolution,
    "meeting": scene.in_meeting,
    "returned": scene.returned,
    "approved": scene.approved,
    "rejected": scene.rejected,
    "recalled": scene.recalled,
}
ACTORS = {
    "submit": DRAFTER,
    "agree": SECRETARY,
    "recall": DRAFTER,
    "opine": "m1",
    "rule": SECRETARY,
    "vote": "m1",
    "close_discussion": SECRETARY,
    "suggest": OFFICER,
    "answer": SECRETARY,
    "close_co_revision": OFFICER,
    "convene": OFFICER,
    "ballot": COMMITTEE[0],
    "resolve": OFFICER,
    "overdue": "system",
    "reseat": "system",
}
IN_CHARGE = {"check": SECRETARY, "discussion": SECRETARY}

_HERE = "step.not_running"
_RUNS = "review.running"
_NOT_DUE = "deadline.moved"
_PEN = "review.with_drafter"
_END = "review.finished"
_CHECK, _TALK, _EDIT, _MEET = "secretary_check", "branch_discussion", "committee_co_revision", "committee_resolution"

# fmt: off
TABLE = {
    #              check      discussion                  co_revision           suggested                        resolution  meeting
    "submit":            (_RUNS,     _RUNS,                      _RUNS,                _RUNS,                           _RUNS,      _RUNS),
    "agree":             (_TALK,     _HERE,                      _HERE,                _HERE,                           _HERE,      _HERE),
    "send_back":         ("draft",   "draft",                    "draft",              "draft",                         "draft",    "draft"),
    "reject":            ("rejected", "reject.not_here",         "rejected",           "rejected",                      "reject.not_here", "reject.not_here"),
    "recall":            ("recalled", "recalled",                "recalled",           "recalled",                      "recalled", "recalled"),
    "opine":             (_HERE,     _TALK,                      _HERE,                _HERE,                           _HERE,      _HERE),
    "rule":              (_HERE,     "opinion.unknown",          _HERE,                _HERE,                           _HERE,      _HERE),
    "vote":              (_HERE,     _TALK,                      _HERE,                _HERE,                           _HERE,      _HERE),
    "close_discussion":  (_HERE,     "discussion.no_quorum",     _HERE,                _HERE,                           _HERE,      _HERE),
    "suggest":           (_HERE,     _HERE,                      _EDIT,                _EDIT,                           _HERE,      _HERE),
    "answer":            (_HERE,     _HERE,                      "suggestion.unknown", _EDIT,                           _HERE,      _HERE),
    "close_co_revision": (_HERE,     _HERE,                      _MEET,                "co_revision.suggestions_open",  _HERE,      _HERE),
    "convene":           (_HERE,     _HERE,                      _HERE,                _HERE,                           _MEET,      "meeting.open"),
    "ballot":            (_HERE,     _HERE,                      _HERE,                _HERE,                           "meeting.unknown", _MEET),
    "resolve":           (_HERE,     _HERE,                      _HERE,                _HERE,                           "meeting.unknown", _EDIT),
    "overdue":           (_NOT_DUE,  _NOT_DUE,                   _NOT_DUE,             _NOT_DUE,                        _NOT_DUE,   _NOT_DUE),
    "reseat":            (_CHECK,    _TALK,                      _EDIT,                _EDIT,                           _MEET,      _MEET),
}
# fmt: on
RETURNED = {"submit": _CHECK, "reseat": "draft", "overdue": _NOT_DUE}

CASES = [
    (state, move, outcome)
    for move, row in TABLE.items()
    for state, outcome in (
        *zip(("check", "discussion", "co_revision", "suggested", "resolution", "meeting"), row, strict=True),
        ("returned", RETURNED.get(move, _PEN)),
        *((final, _END) for final in ("approved", "rejected", "recalled")),
    )
]


@pytest.mark.parametrize(("state", "kind", "outcome"), CASES)
def test_every_state_and_every_move(state: str, kind: str, outcome: str) -> None:
    journey = STATES[state]()
    by = ACTORS.get(kind) or IN_CHARGE.get(state, OFFICER)
    before = journey.review
    try:
        journey.do(by, ONE_OF_EACH[kind])
    except Problem as problem:
        assert problem.code == outcome
        assert problem.zh
        assert journey.review is before
    else:
        assert (journey.step or journey.review.state) == outcome


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(ONE_OF_EACH)
    assert len(CASES) == len(STATES) * len(ONE_OF_EACH)
