"""The step in which a panel scores one review: who may do what when, who sees what, and where it leads."""

import pytest

from infra.kernel.errors import NotYet
from services.review.reviews.api.views import Full, Story, explained
from services.review.reviews.model.commands import SendBack
from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.steps.kind import Viewer
from services.review.reviews.model.steps.poll import ClosePoll, PollVote
from services.review.reviews.model.steps.scoring import (
    CloseScoring,
    Judging,
    Justify,
    Recuse,
    Reveal,
    Score,
    SetAside,
    StandBack,
)
from tests.unit.review.panel_scene import CREWED, SCORED, WATCHER, after_panel, at_panel, marks, revealed, sheet
from tests.unit.review.scene import COMMITTEE, DRAFTER, OFFICER, SECRETARY, Journey, submission

JUDGES = (*COMMITTEE, "expert")


def card(journey: Journey) -> Judging:
    run = journey.review.runs[-1]
    assert isinstance(run, Judging)
    return run


def test_the_panel_is_that_of_the_day_and_the_branchs_own_judge_is_recused() -> None:
    journey = at_panel()
    run = card(journey)
    assert run.judges == (*COMMITTEE, "expert", SECRETARY)
    assert [(one.judge, one.kind) for one in run.card.recusals] == [(SECRETARY, "own_branch")]
    assert run.quorum == 4
    assert journey.open_tasks() == {*JUDGES, WATCHER}
    assert journey.problem(SECRETARY, sheet()).code == "score.not_judge"
    assert journey.problem(OFFICER, Reveal()).code == "step.not_assignee"


def test_a_panel_that_cannot_reach_its_quorum_is_not_begun() -> None:
    journey = Journey(CREWED.model_copy(update={"members": (*COMMITTEE, DRAFTER)}), SCORED)
    journey.do(DRAFTER, submission())
    for voter in ("p1", "p2", "p3"):
        journey.do(voter, PollVote(choice="for"))
    with pytest.raises(NotYet, match=r"scoring\.no_panel"):
        journey.do(OFFICER, ClosePoll(close=True))


def test_it_passes_above_the_mark_and_says_the_mean() -> None:
    journey = after_panel()
    assert journey.step == "committee_resolution"
    panel = journey.review.runs[-2]
    assert (panel.outcome, "80.00" in (panel.reason or "")) == ("passed", True)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (sheet(55), "59.40"),  # 60, 60, 60, 60, 60, 57, 55: without the extremes 297 in five
        (sheet(80, vetoes=[{"ground": "fabrication", "reason": "数据不实"}]), "一票否决：弄虚作假"),
    ],
)
def test_below_the_mark_or_vetoed_it_is_lost(last: Score, words: str) -> None:
    journey = at_panel()
    for judge, total in zip(JUDGES, (60, 60, 60, 60, 60, 57), strict=False):
        journey.do(judge, sheet(total))
    journey.do("expert", last)
    journey.do(WATCHER, Reveal())
    if journey.open_tasks() != {WATCHER}:
        journey.do("expert", Justify(reason="成效突出"))
    journey.do(WATCHER, CloseScoring())
    assert (journey.review.state, journey.review.runs[-1].outcome) == ("rejected", "not_carried")
    assert words in (journey.review.reason or "")


def test_a_gate_that_most_find_shut_loses() -> None:
    journey = at_panel()
    for n, judge in enumerate(JUDGES):
        journey.do(judge, sheet(80, gates={"branch_standard_met": n > 3}))
    journey.do(WATCHER, Reveal())
    journey.do(WATCHER, CloseScoring())
    assert "支部达标" in (journey.review.reason or "")


def test_the_result_waits_for_the_reason_of_an_outlier() -> None:
    journey = revealed(80, 80, 80, 80, 80, 80, 40)
    assert journey.open_tasks() == {"expert", WATCHER}
    assert journey.problem(WATCHER, CloseScoring()).code == "score.open"
    assert journey.problem("c1", Justify(reason="?")).code == "score.no_outlier"
    journey.do("expert", Justify(reason="案例不实"))
    assert journey.open_tasks() == {WATCHER}
    journey.do(WATCHER, CloseScoring())
    assert journey.step == "committee_resolution"


def test_an_outlier_that_stays_silent_is_set_aside() -> None:
    journey = revealed(80, 80, 80, 80, 80, 80, 40)
    assert journey.problem("c1", SetAside(judge="expert", reason="?")).code == "step.not_assignee"
    journey.do(WATCHER, SetAside(judge="expert", reason="逾期未说明"))
    journey.do(WATCHER, CloseScoring())
    assert journey.step == "committee_resolution"


def test_recusals_by_declaration_and_by_the_supervisor_and_a_reveal_that_does_not_wait() -> None:
    journey = at_panel()
    journey.do("c1", StandBack(reason="曾任该支部书记"))
    journey.do(WATCHER, Recuse(judge="c2", reason="亲属关系"))
    assert journey.open_tasks() == {*JUDGES[2:], WATCHER}
    for judge in JUDGES[2:5]:
        journey.do(judge, sheet())
    assert journey.problem(WATCHER, Reveal(reason="等不及")).code == "score.no_quorum"
    journey.do("c6", sheet())
    assert journey.problem(WATCHER, Reveal()).code == "score.sheets_missing"
    journey.do(WATCHER, Reveal(reason="专家出差"))
    assert card(journey).card.shortfall == "专家出差"
    assert journey.problem("expert", sheet()).code == "score.too_late"


def test_a_late_change_is_kept_and_a_proxy_never_scores() -> None:
    journey = revealed()
    journey.do("c1", sheet(82, "漏看附件"))
    (change,) = card(journey).card.changes
    assert (str(change.before.total), str(change.after.total)) == ("80", "82")
    away = at_panel()
    away.holders = CREWED.model_copy(update={"proxies": (("c1", "m1"), (WATCHER, "m2"))})
    assert away.problem("m1", sheet()).code == "score.not_judge"
    for judge in JUDGES:
        away.do(judge, sheet())
    away.do("m2", Reveal())
    assert away.review.history[-1].behalf == WATCHER


@pytest.mark.security
@pytest.mark.parametrize("person", ["c2", WATCHER, OFFICER, "admin"])
def test_a_sealed_point_is_shown_to_nobody_but_its_judge(person: str) -> None:
    journey = at_panel()
    journey.do("c1", sheet(77, comment="秘而不宣"))
    viewer = Viewer(person, names=True, area=True)
    shown = (
        Full.shown_to(journey.review, viewer),
        Story.shown_to(journey.review, viewer),
        explained(explain(journey.review), viewer),
    )
    for page in shown:
        text = page.model_dump_json()
        assert "秘而不宣" not in text
        assert '"17"' not in text
    full, story, _ = shown
    assert full.model_dump()["runs"][-1]["standing"]["handed_in"] == ["c1"]
    assert full.model_dump()["runs"][-1]["standing"]["mean"] is None
    assert "score" not in {entry.command.kind for entry in story.history}
    own = Full.shown_to(journey.review, Viewer("c1", names=False))
    assert "秘而不宣" in own.model_dump_json()
    assert "秘而不宣" in Story.shown_to(journey.review, Viewer("c1", names=False)).model_dump_json()


def test_after_the_reveal_everything_is_shown_but_not_what_was_sealed_in_another_round() -> None:
    journey = at_panel()
    journey.do("c1", sheet(77, comment="首轮"))
    journey.do(WATCHER, SendBack(to="poll", reason="材料补充"))
    for voter in ("p1", "p2", "p3"):
        journey.do(voter, PollVote(choice="for"))
    journey.do(OFFICER, ClosePoll(close=True))
    for judge in JUDGES:
        journey.do(judge, sheet(81, comment="次轮"))
    journey.do(WATCHER, Reveal())
    viewer = Viewer(OFFICER, names=True, area=True)
    for page in (Full.shown_to(journey.review, viewer), Story.shown_to(journey.review, viewer)):
        text = page.model_dump_json()
        assert "次轮" in text
        assert "首轮" not in text
    standing = Full.shown_to(journey.review, viewer).model_dump()["runs"][-1]["standing"]
    assert (str(standing["mean"]), standing["verdict"], len(standing["totals"])) == ("81.00", "passed", 7)


def test_it_is_explained_and_replays() -> None:
    journey = revealed(80, 80, 80, 80, 80, 80, 40)
    page = explain(journey.review)
    assert page.now is not None
    assert {rule.rule: rule.count for rule in page.now.rules} == {"outliers_open": 1}
    assert {wait.person: wait.because[0].rule or wait.because[0].role for wait in page.now.waits_for} == {
        "expert": "judge",
        WATCHER: "discipline_committee_member@superior",
    }
    again = replay(first(journey.review), journey.review.history, journey.review.holders)
    assert again.seal == journey.review.seal
    assert type(journey.review).model_validate(journey.review.model_dump()) == journey.review


def test_marks_are_stored_as_text_so_that_the_database_keeps_them_exactly() -> None:
    assert marks(80).model_dump()["points"] == {"meaning": "60", "outcomes": "20"}
