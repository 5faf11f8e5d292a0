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

LEGEND = {
    "CHECK": "secretary_check",
    "TALK": "branch_discussion",
    "EDIT": "committee_co_revision",
    "MEET": "committee_resolution",
    "DRAFT": "draft",
    "REJECTED": "rejected",
    "RECALLED": "recalled",
    "-": "step.not_running",
    "runs": "review.running",
    "pen": "review.with_drafter",
    "end": "review.finished",
    "soon": "deadline.moved",
    "body": "reject.not_here",
    "which": "opinion.unknown",
    "few": "discussion.no_quorum",
    "what": "suggestion.unknown",
    "unsaid": "co_revision.suggestions_open",
    "again": "meeting.open",
    "when": "meeting.unknown",
}
"""Capitals: the step (or state) it leads to; small letters: the problem it meets."""

TABLE = """
move              check     discussion co_revision suggested resolution meeting  returned approved rejected recalled
submit            runs      runs       runs        runs      runs       runs     CHECK    end      end      end
agree             TALK      -          -           -         -          -        pen      end      end      end
send_back         DRAFT     DRAFT      DRAFT       DRAFT     DRAFT      DRAFT    pen      end      end      end
reject            REJECTED  body       REJECTED    REJECTED  body       body     pen      end      end      end
recall            RECALLED  RECALLED   RECALLED    RECALLED  RECALLED   RECALLED pen      end      end      end
opine             -         TALK       -           -         -          -        pen      end      end      end
rule              -         which      -           -         -          -        pen      end      end      end
vote              -         TALK       -           -         -          -        pen      end      end      end
close_discussion  -         few        -           -         -          -        pen      end      end      end
suggest           -         -          EDIT        EDIT      -          -        pen      end      end      end
answer            -         -          what        EDIT      -          -        pen      end      end      end
close_co_revision -         -          MEET        unsaid    -          -        pen      end      end      end
convene           -         -          -           -         MEET       again    pen      end      end      end
ballot            -         -          -           -         when       MEET     pen      end      end      end
resolve           -         -          -           -         when       EDIT     pen      end      end      end
overdue           soon      soon       soon        soon      soon       soon     soon     end      end      end
reseat            CHECK     TALK       EDIT        EDIT      MEET       MEET     DRAFT    end      end      end
"""
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [(state, row[0], LEGEND[cell]) for row in _ROWS for state, cell in zip(_HEAD[1:], row[1:], strict=True)]


def outcome_of(journey: Journey, by: str, kind: str) -> str:
    """The step or final state that a move leads to, or the code of the problem it meets, nothing being changed."""
    before = journey.review
    try:
        journey.do(by, ONE_OF_EACH[kind])
    except Problem as problem:
        unchanged = journey.review is before and bool(problem.zh)
        return problem.code if unchanged else "changed although refused"
    return journey.step or journey.review.state


@pytest.mark.parametrize(("state", "kind", "outcome"), CASES)
def test_every_state_and_every_move(state: str, kind: str, outcome: str) -> None:
    journey = STATES[state]()
    by = ACTORS.get(kind) or IN_CHARGE.get(state, OFFICER)
    assert outcome_of(journey, by, kind) == outcome


def test_the_table_is_complete() -> None:
    assert [row[0] for row in _ROWS] == list(ONE_OF_EACH)
    assert _HEAD[1:] == list(STATES)
