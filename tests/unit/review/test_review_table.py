"""Every state × every command: each pair either leads to the written step or meets the written problem."""

from collections.abc import Callable
from copy import copy
from functools import cache

import pytest

from infra.kernel.errors import Problem
from services.review.reviews.model.steps import COMMANDS
from tests.unit.review import circulation_scene, notice_scene, panel_scene, scene, signing_scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.scene import COMMITTEE, DEPUTY, DRAFTER, OFFICER, SECRETARY, Journey

STATES: dict[str, Callable[[], Journey]] = {
    "check": scene.at_check,
    "talk": scene.at_discussion,
    "edit": scene.at_co_revision,
    "asked": scene.suggested,
    "meet": scene.at_resolution,
    "held": scene.in_meeting,
    "sign": signing_scene.at_countersign,
    "any": signing_scene.at_any,
    "poll": panel_scene.at_poll,
    "panel": panel_scene.at_panel,
    "open": panel_scene.revealed,
    "show": notice_scene.at_notice,
    "said": notice_scene.objected,
    "read": circulation_scene.at_circulation,
    "back": scene.returned,
    "done": scene.approved,
    "lost": scene.rejected,
    "gone": scene.recalled,
    "end": signing_scene.terminated,
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
    "recalendar": "system",
    "approve_notice": COMMITTEE[0],
    "sign": COMMITTEE[0],
    "advise": "m1",
    "terminate": OFFICER,
    "urge": DEPUTY,
    "score": COMMITTEE[0],
    "stand_back": COMMITTEE[0],
    "justify": COMMITTEE[0],
    "poll_vote": "p1",
    "acknowledge": COMMITTEE[0],
}
IN_CHARGE = {"check": SECRETARY, "talk": SECRETARY, "panel": "watcher", "open": "watcher"}

LEGEND = {
    "CHECK": "secretary_check",
    "TALK": "branch_discussion",
    "EDIT": "committee_co_revision",
    "MEET": "committee_resolution",
    "SIGN": "countersign",
    "ANY": "any",
    "SHOW": "notice",
    "READ": "circulation",
    "DONE": "approved",
    "OVER": "terminated",
    "unask": "advice.not_asked",
    "DRAFT": "draft",
    "LOST": "rejected",
    "GONE": "recalled",
    "-": "step.not_running",
    "runs": "review.running",
    "pen": "review.with_drafter",
    "end": "review.finished",
    "soon": "deadline.moved",
    "body": "reject.not_here",
    "which": "opinion.unknown",
    "few": "discussion.no_quorum",
    "what": "suggestion.unknown",
    "wait": "co_revision.suggestions_open",
    "again": "meeting.open",
    "when": "meeting.unknown",
    "POLL": "poll",
    "PANEL": "panel",
    "shown": "score.revealed",
    "less": "score.no_quorum",
    "calm": "score.no_outlier",
    "fine": "score.counts",
    "shut": "score.open",
    "quiet": "poll.no_quorum",
    "turn": "notice.state",
    "early": "notice.not_published",
    "none": "objection.unknown",
}
"""Capitals: the step (or state) it leads to; small letters: the problem it meets."""

TABLE = """
command           check talk  edit  asked meet  held  sign  any   poll  panel open  show  said  read  back  done lost gone end
submit            runs  runs  runs  runs  runs  runs  runs  runs  runs  runs  runs  runs  runs  runs  CHECK end  end  end  end
agree             TALK  -     -     -     -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
send_back         DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT DRAFT pen   end  end  end  end
reject            LOST  body  LOST  LOST  body  body  body  body  body  body  body  body  body  body  pen   end  end  end  end
recall            GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  GONE  pen   end  end  end  end
opine             -     TALK  -     -     -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
rule              -     which -     -     -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
vote              -     TALK  -     -     -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
close_discussion  -     few   -     -     -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
suggest           -     -     EDIT  EDIT  -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
answer            -     -     what  EDIT  -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
close_co_revision -     -     MEET  wait  -     -     -     -     -     -     -     -     -     -     pen   end  end  end  end
convene           -     -     -     -     MEET  again -     -     -     -     -     -     -     -     pen   end  end  end  end
ballot            -     -     -     -     when  MEET  -     -     -     -     -     -     -     -     pen   end  end  end  end
resolve           -     -     -     -     when  EDIT  -     -     -     -     -     -     -     -     pen   end  end  end  end
overdue           soon  soon  soon  soon  soon  soon  soon  soon  soon  soon  soon  soon  soon  soon  soon  end  end  end  end
reseat            CHECK TALK  EDIT  EDIT  MEET  MEET  SIGN  ANY   POLL  PANEL PANEL SHOW  SHOW  READ  DRAFT end  end  end  end
recalendar        CHECK TALK  EDIT  EDIT  MEET  MEET  SIGN  ANY   POLL  PANEL PANEL SHOW  SHOW  READ  DRAFT end  end  end  end
sign              -     -     -     -     -     -     SIGN  DONE  -     -     -     -     -     -     pen   end  end  end  end
add_signer        -     -     -     -     -     -     SIGN  ANY   -     -     -     -     -     -     pen   end  end  end  end
remove_signer     -     -     -     -     -     -     SIGN  ANY   -     -     -     -     -     -     pen   end  end  end  end
transfer          CHECK TALK  EDIT  EDIT  MEET  MEET  SIGN  ANY   POLL  PANEL PANEL SHOW  SHOW  READ  pen   end  end  end  end
delegate          CHECK TALK  EDIT  EDIT  MEET  MEET  SIGN  ANY   POLL  PANEL PANEL SHOW  SHOW  READ  pen   end  end  end  end
advise            unask unask unask unask unask unask unask unask unask unask unask unask unask unask pen   end  end  end  end
copy              CHECK TALK  EDIT  EDIT  MEET  MEET  SIGN  ANY   POLL  PANEL PANEL SHOW  SHOW  READ  DRAFT end  end  end  end
urge              CHECK TALK  EDIT  EDIT  MEET  MEET  SIGN  ANY   POLL  PANEL PANEL SHOW  SHOW  READ  DRAFT end  end  end  end
terminate         OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  OVER  end  end  end  end
score             -     -     -     -     -     -     -     -     -     PANEL PANEL -     -     -     pen   end  end  end  end
stand_back        -     -     -     -     -     -     -     -     -     PANEL shown -     -     -     pen   end  end  end  end
recuse            -     -     -     -     -     -     -     -     -     PANEL shown -     -     -     pen   end  end  end  end
reveal            -     -     -     -     -     -     -     -     -     less  shown -     -     -     pen   end  end  end  end
justify           -     -     -     -     -     -     -     -     -     calm  calm  -     -     -     pen   end  end  end  end
set_aside         -     -     -     -     -     -     -     -     -     fine  fine  -     -     -     pen   end  end  end  end
close_scoring     -     -     -     -     -     -     -     -     -     shut  MEET  -     -     -     pen   end  end  end  end
poll_vote         -     -     -     -     -     -     -     -     POLL  -     -     -     -     -     pen   end  end  end  end
close_poll        -     -     -     -     -     -     -     -     quiet -     -     -     -     -     pen   end  end  end  end
examine_notice    -     -     -     -     -     -     -     -     -     -     -     SHOW  turn  -     pen   end  end  end  end
approve_notice    -     -     -     -     -     -     -     -     -     -     -     turn  turn  -     pen   end  end  end  end
publish_notice    -     -     -     -     -     -     -     -     -     -     -     turn  turn  -     pen   end  end  end  end
raise_objection   -     -     -     -     -     -     -     -     -     -     -     early SHOW  -     pen   end  end  end  end
decide_objection  -     -     -     -     -     -     -     -     -     -     -     none  CHECK -     pen   end  end  end  end
acknowledge       -     -     -     -     -     -     -     -     -     -     -     -     -     READ  pen   end  end  end  end
"""  # noqa: E501 - a table
_HEAD, *_ROWS = [line.split() for line in TABLE.strip().splitlines()]


def outcome_of(journey: Journey, by: str, kind: str) -> str:
    """The step or final state that a command leads to, or the code of the problem it meets, nothing being changed."""
    before = journey.review
    try:
        journey.do(by, ONE_OF_EACH[kind])
    except Problem as problem:
        unchanged = journey.review is before and bool(problem.zh)
        return problem.code if unchanged else "changed although refused"
    return journey.step or journey.review.state


@cache
def begun(state: str) -> Journey:
    """A journey that waits in this state; who goes on takes a copy."""
    return STATES[state]()


def tried(state: str, kind: str) -> str:
    by = ACTORS.get(kind) or IN_CHARGE.get(state, OFFICER)
    return outcome_of(copy(begun(state)), by, kind)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row[0])
def test_every_state_and_every_move(row: list[str]) -> None:
    kind, *cells = row
    wanted = {state: LEGEND[cell] for state, cell in zip(_HEAD[1:], cells, strict=True)}
    assert {state: tried(state, kind) for state in wanted} == wanted


def test_the_table_is_complete() -> None:
    assert [row[0] for row in _ROWS] == list(ONE_OF_EACH)
    assert set(ONE_OF_EACH) == set(COMMANDS)
    assert _HEAD[1:] == list(STATES)
