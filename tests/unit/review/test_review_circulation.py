"""The circulation: who reads it, what passes it, who is waited for no more, its dry run, picture and explanation."""

from datetime import timedelta
from typing import Any

import pytest

from infra.kernel.errors import Invalid, NotYet
from services.review.reviews.api.views import Full, explained
from services.review.reviews.model.commands import Command, Copy, Overdue, Reseat, SendBack
from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.procedure.dry_run import MadeUp, rehearse
from services.review.reviews.model.procedure.procedure import Procedure, mermaid
from services.review.reviews.model.procedure.publication import examine
from services.review.reviews.model.steps.acknowledge import Acknowledge
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.kind import Viewer
from tests.unit.review.circulation_scene import CIRCULATED, READERS, at_circulation, circulation
from tests.unit.review.scene import DRAFTER, OFFICER, SEATS, SECRETARY, START, Journey, submission


def read(journey: Journey, *people: str) -> Journey:
    for one in people:
        journey.do(one, Acknowledge())
    return journey


def changed(**fields: object) -> Procedure:
    steps = [step.model_dump() for step in CIRCULATED.steps]
    steps[2] |= fields
    return Procedure.model_validate({**CIRCULATED.model_dump(), "steps": steps})


def test_it_passes_when_everybody_has_read_it() -> None:
    journey = at_circulation()
    assert journey.open_tasks() == set(READERS)
    read(journey, "deputy", "c1")
    assert (journey.step, journey.open_tasks()) == ("circulation", {"expert"})
    read(journey, "expert")
    run = circulation(journey)
    assert (journey.step, run.outcome, [one.by for one in run.readings]) == (
        *("committee_resolution", "passed"),
        ["deputy", "c1", "expert"],
    )
    states = {task.person: task.state for task in journey.review.tasks if task.step == "circulation"}
    assert states == dict.fromkeys(READERS, "done")


def test_at_its_deadline_it_passes_by_itself() -> None:
    journey = read(at_circulation(), "deputy")
    assert journey.review.due_at is not None
    journey.at = journey.review.due_at - timedelta(minutes=1)
    assert journey.problem("system", Overdue()).code == "deadline.moved"
    journey.at = journey.review.due_at
    journey.do("system", Overdue())
    run = circulation(journey)
    assert (journey.step, run.outcome, run.overdue) == ("committee_resolution", "passed", False)
    assert run.reason is not None
    assert "1 人已阅，2 人未确认" in run.reason
    assert "1 have read it, 2 have not" in run.reason
    states = {task.person: task.state for task in journey.review.tasks if task.step == "circulation"}
    assert states == {"deputy": "done", "c1": "withdrawn", "expert": "withdrawn"}
    assert not [fact for fact in journey.facts if fact.type == "review.step.overdue.v1"]


@pytest.mark.parametrize(
    ("by", "command", "code"),
    [
        ("deputy", Acknowledge(), "acknowledge.twice"),
        (DRAFTER, Acknowledge(), "acknowledge.no_reader"),
        ("m1", Acknowledge(), "acknowledge.no_reader"),
        (OFFICER, Agree(), "step.not_running"),
        ("c1", SendBack(reason="?"), "step.not_assignee"),
    ],
)
def test_what_does_not_belong_is_refused(by: str, command: Command, code: str) -> None:
    journey = read(at_circulation(), "deputy")
    assert journey.problem(by, command).code == code


def test_elsewhere_nothing_is_acknowledged() -> None:
    journey = Journey(procedure=CIRCULATED)
    journey.do(DRAFTER, submission())
    assert journey.problem("deputy", Acknowledge()).code == "step.not_running"


def test_whoever_leads_it_may_return_it() -> None:
    journey = at_circulation()
    journey.do(OFFICER, SendBack(reason="补充"))
    assert (journey.review.state, journey.open_tasks()) == ("returned", {DRAFTER})


def test_who_left_the_post_is_waited_for_no_more_and_who_came_need_not_read() -> None:
    journey = read(at_circulation(), "expert")
    journey.holders = SEATS.model_copy(update={"deputies": ("m1",)})
    journey.do("system", Reseat())
    assert journey.open_tasks() == {"c1"}
    assert {task.person: task.state for task in journey.review.tasks}["deputy"] == "withdrawn"
    assert journey.problem("deputy", Acknowledge()).code == "acknowledge.no_reader"
    assert journey.problem("m1", Acknowledge()).code == "acknowledge.no_reader"
    read(journey, "c1")
    assert (journey.step, circulation(journey).unread) == ("committee_resolution", ("deputy",))


def test_nobody_reads_for_somebody_else() -> None:
    journey = at_circulation()
    journey.holders = SEATS.model_copy(update={"proxies": (("deputy", "m2"),)})
    journey.do("system", Reseat())
    assert journey.open_tasks() == set(READERS)
    assert journey.problem("m2", Acknowledge()).code == "acknowledge.no_reader"


def test_without_readers_it_does_not_open() -> None:
    journey = Journey(procedure=changed(experts=[]))
    journey.holders = SEATS.model_copy(update={"deputies": (), "committee_secretaries": ()})
    journey.do(DRAFTER, submission())
    problem = journey.problem(SECRETARY, Agree())
    assert isinstance(problem, NotYet)
    assert problem.code == "acknowledge.no_readers"


def test_its_history_replays() -> None:
    review = read(at_circulation(), *READERS).review
    assert replay(first(review), review.history, review.holders).runs == review.runs


def test_a_reader_may_see_the_review_and_copy_it() -> None:
    journey = at_circulation()
    assert journey.review.involves("expert")
    journey.do("expert", Copy(to=("guest",)))


def test_the_explanation_says_who_is_waited_for_why_and_who_has_read() -> None:
    journey = read(at_circulation(), "deputy")
    page = explain(journey.review)
    assert page.now is not None
    assert "应传阅 3 人，2 人尚未确认阅知" in page.zh
    assert "2 of 3 have not confirmed" in page.en
    waits = {one.person: (one.duty, one.because[0].rule) for one in page.now.waits_for}
    assert waits == dict.fromkeys(("c1", "expert"), ("阅知", "reader"))
    assert page.past[2].decisions[-1].zh == "deputy 确认已阅"
    assert page.past[2].decisions[-1].en == "deputy confirmed having read it"


def test_officers_see_who_has_read_others_how_many_and_themselves() -> None:
    journey = read(at_circulation(), "deputy")

    def seen(viewer: Viewer) -> Any:  # noqa: ANN401 - JSON
        return Full.shown_to(journey.review, viewer).model_dump()["runs"][2]

    office, expert = seen(Viewer(OFFICER, names=True)), seen(Viewer("expert", names=False))
    assert (office["readers"], [one["by"] for one in office["readings"]]) == (READERS, ["deputy"])
    assert (expert["readers"], expert["readings"], expert["counts"]) == (("expert",), (), {"readers": 3, "read": 1})
    page = explained(explain(journey.review), Viewer("expert", names=False)).now
    assert page is not None
    assert [one.person for one in page.waits_for] == ["expert"]


def test_a_dry_run_walks_through_it() -> None:
    examine(CIRCULATED)
    trial = rehearse(CIRCULATED, MadeUp(), START)
    assert (trial.sound, trial.ends) == (True, "approved")
    stop = trial.stops[1]
    assert [waited.person for waited in stop.waits_for] == ["expert", "党委书记", "副书记"]
    assert stop.passes_with == "3 人已阅，或期限届满 / 3 have read it, or its time is over"
    assert (stop.passes_to, stop.not_carried_to) == ("committee_resolution", None)


def test_a_dry_run_finds_that_nobody_would_read() -> None:
    trial = rehearse(changed(experts=[], readers=["deputy"]), MadeUp(deputies=()), START)
    assert [(one.code, one.field) for one in trial.problems] == [("acknowledge.no_readers", "/steps/2/readers")]


def test_the_picture_shows_it() -> None:
    picture = mermaid(CIRCULATED)
    assert 's2[["传阅 Circulation<br/>传阅：deputy, committee_secretary, drafter, expert<br/>3 天"]]' in picture


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"readers": [], "experts": []}, "readers"),
        ({"readers": ["deputy", "deputy"]}, "readers"),
        ({"days": None}, "days"),
        ({"on_not_carried": "draft"}, "on_not_carried"),
        ({"signers": ["deputy"]}, "signers"),
        ({"kind": "check", "experts": []}, "readers"),
        ({"readers": [{"posts": ["astronaut"]}]}, "readers"),
    ],
)
def test_an_unsound_one_is_refused_with_its_place(fields: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        examine(changed(**fields))
    assert refused.value.field == f"/steps/2/{field}"
