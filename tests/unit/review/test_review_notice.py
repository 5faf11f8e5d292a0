"""The step of a public notice: who may do what, how it goes on by itself, and where an objection leads."""

from datetime import UTC, date, datetime, timedelta

import pytest

from infra.kernel.errors import Forbidden, Refused
from services.review.events.published.reviews import ReviewConcluded, ReviewReturned
from services.review.reviews.api.views import Full, Story
from services.review.reviews.model.commands import Overdue, Recall, SendBack, Terminate, Transfer
from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.explain.page import Requirement
from services.review.reviews.model.procedure.dry_run import MadeUp, rehearse
from services.review.reviews.model.procedure.procedure import Procedure, Step, mermaid
from services.review.reviews.model.procedure.publication import faults
from services.review.reviews.model.steps.kind import Viewer
from services.review.reviews.model.steps.public_notice import (
    ApproveNotice,
    DecideObjection,
    ExamineNotice,
    Noticing,
    RaiseObjection,
)
from services.review.shared.public_notice.notice import QUESTIONS
from tests.unit.review.notice_scene import CHIEF, NOTICED, at_notice, objected, published, reviewed
from tests.unit.review.scene import COMMITTEE, DRAFTER, OFFICER, SEATS, SECRETARY, START, Journey

ENDS = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
NAMED = RaiseObjection(text="口号与他人雷同", raised_by="李四，分机 8001")


def notice_of(journey: Journey) -> Noticing:
    run = journey.review.runs[-1]
    assert isinstance(run, Noticing)
    return run


def decision(n: int = 1, *, upheld: bool) -> DecideObjection:
    return DecideObjection(objection=n, upheld=upheld, reason="经核实", reply="已电话答复")


def test_each_state_waits_for_those_whose_turn_it_is() -> None:
    waits = [stage().open_tasks() for stage in (at_notice, reviewed, published, objected)]
    assert waits == [{OFFICER}, {CHIEF}, set(), {OFFICER}]
    journey = reviewed()
    journey.do(CHIEF, ApproveNotice())
    assert journey.open_tasks() == {OFFICER}


def test_nobody_else_reviews_approves_or_publishes() -> None:
    for person in (SECRETARY, DRAFTER, CHIEF):
        assert isinstance(at_notice().problem(person, ExamineNotice(question="secrecy", passed=True)), Forbidden)
    for person in (OFFICER, SECRETARY, DRAFTER, COMMITTEE[1]):
        assert isinstance(reviewed().problem(person, ApproveNotice()), Forbidden)
    assert isinstance(published().problem(SECRETARY, NAMED), Forbidden)


def test_who_submitted_the_text_takes_no_part_in_its_notice() -> None:
    journey = at_notice()
    journey.holders = SEATS.model_copy(
        update={"work_department": (DRAFTER, OFFICER), "committee_secretaries": (DRAFTER,)}
    )
    assert isinstance(journey.problem(DRAFTER, ExamineNotice(question="secrecy", passed=True)), Forbidden)
    for question in QUESTIONS:
        journey.do(OFFICER, ExamineNotice(question=question, passed=True))
    assert isinstance(journey.problem(DRAFTER, ApproveNotice()), Forbidden)


def test_the_only_one_who_could_approve_does_not_review() -> None:
    journey = at_notice()
    journey.do(OFFICER, Transfer(to=CHIEF, reason="出差"))
    refusal = journey.problem(CHIEF, ExamineNotice(question="secrecy", passed=True))
    assert refusal.code == "notice.nobody_left"
    assert CHIEF not in journey.open_tasks()


def test_who_is_not_the_only_one_to_approve_may_review() -> None:
    steps = [step.model_dump() for step in NOTICED.steps]
    steps[3] |= {"approvers": ["work_department", "committee_secretary"]}
    journey = at_notice()
    journey.review = journey.review.becomes(procedure=NOTICED.model_copy(update={"steps": _steps(steps)}))
    for question in QUESTIONS:
        journey.do(OFFICER, ExamineNotice(question=question, passed=True))
    assert journey.open_tasks() == {CHIEF}  # the officer reviewed, so the next of the roles approves


def test_a_proxy_approves_in_the_name_of_the_absent_and_not_after_reviewing() -> None:
    journey = reviewed()
    journey.holders = SEATS.model_copy(update={"proxies": ((CHIEF, "c2"),)})
    journey.do("c2", ApproveNotice())
    approved = notice_of(journey).notice.approved
    assert approved is not None
    assert (approved.by, approved.behalf) == ("c2", CHIEF)
    journey = reviewed()
    journey.holders = SEATS.model_copy(update={"proxies": ((CHIEF, OFFICER),)})
    assert isinstance(journey.problem(OFFICER, ApproveNotice()), Forbidden)


def test_it_passes_by_itself_after_the_last_day_with_the_committees_resolution() -> None:
    journey = published()
    assert journey.review.due_at == ENDS
    journey.at = ENDS - timedelta(milliseconds=1)
    assert isinstance(journey.problem("system", Overdue()), Refused)
    journey.at = ENDS
    (concluded,) = [fact for fact in journey.do("system", Overdue()) if isinstance(fact, ReviewConcluded)]
    assert concluded.outcome == "approved"
    assert concluded.resolution is not None
    assert concluded.resolution.number == "1号"
    assert replay(first(journey.review), journey.review.history, journey.review.holders).state == "approved"


def test_what_is_not_decided_by_then_is_waited_for() -> None:
    journey = objected()
    journey.at = ENDS
    journey.do("system", Overdue())
    assert (journey.review.state, journey.open_tasks()) == ("running", {OFFICER})
    assert journey.review.due_at == datetime(2026, 3, 16, 16, 0, tzinfo=UTC)  # the step's own deadline
    journey.do(OFFICER, RaiseObjection(text="口号雷同", received_on=date(2026, 3, 9)))  # came on the last day
    journey.do(OFFICER, decision(1, upheld=False))
    assert not journey.review.finished
    journey.do(OFFICER, decision(2, upheld=False))
    assert journey.review.state == "approved"


def test_an_objection_that_is_decided_in_time_does_not_end_the_period() -> None:
    journey = objected()
    journey.do(OFFICER, decision(upheld=False))
    assert (journey.step, journey.review.due_at) == ("notice", ENDS)


@pytest.mark.parametrize(("leads_to", "place"), [("secretary_check", "secretary_check"), ("reject", "rejected")])
def test_an_upheld_objection_leads_where_the_procedure_says(leads_to: str, place: str) -> None:
    journey = objected()
    steps = [step.model_dump() for step in NOTICED.steps]
    steps[3] |= {"on_not_carried": leads_to}
    procedure = Procedure.model_validate(NOTICED.model_dump() | {"steps": steps})
    journey.review = journey.review.becomes(procedure=procedure)
    facts = journey.do(OFFICER, decision(upheld=True))
    assert (journey.step or journey.review.state) == place
    ended = next(fact for fact in facts if isinstance(fact, ReviewReturned | ReviewConcluded))
    assert ended.reason is not None
    assert "经核实" in ended.reason
    notice = next(run for run in journey.review.runs if isinstance(run, Noticing))
    assert notice.outcome == "not_carried"


def test_it_is_withdrawn_and_ended_like_any_step() -> None:
    for stage in (at_notice, reviewed, published, objected):
        journey = stage()
        journey.do(OFFICER, SendBack(to="secretary_check", reason="撤回公示"))
        assert journey.step == "secretary_check"
        journey = stage()
        journey.do(DRAFTER, Recall(reason="撤回"))
        assert (journey.review.state, journey.review.due_at) == ("recalled", None)
        journey = stage()
        journey.do(OFFICER, Terminate(reason="支部撤销"))
        assert journey.review.state == "terminated"


def test_who_objected_is_masked_for_all_but_the_work_department() -> None:
    journey = published()
    journey.do(OFFICER, NAMED)
    journey.do(OFFICER, RaiseObjection(text="事迹不实"))
    journey.do(OFFICER, decision(1, upheld=False))
    review, branch = journey.review, Viewer(SECRETARY, names=True)
    full = Full.shown_to(review, branch)
    shown = full.model_dump()["runs"][-1]["notice"]["objections"]
    assert [one["raised_by"] for one in shown] == ["**", "**"]
    assert [one["text"] for one in shown] == ["口号与他人雷同", "事迹不实"]
    for page in (Story.shown_to(review, branch), explain(review), full):
        text = page.model_dump_json()
        assert "李四" not in text
        assert "已电话答复" not in text
    assert not any("李四" in fact.model_dump_json() for fact in journey.facts)


def test_the_page_says_what_is_missing_and_until_when() -> None:
    rules = {stage: {one.rule: one.fulfilled for one in _now(stage())} for stage in (at_notice, reviewed, published)}
    assert rules[at_notice] == {
        "notice_review": False,
        "notice_approval": False,
        "notice_publication": False,
        "objections_open": True,
    }
    assert rules[reviewed]["notice_review"]
    assert rules[published] == dict.fromkeys(rules[at_notice], True) | {"notice_period": False}
    page = explain(objected().review)
    assert "2026-03-09 24:00" in page.zh
    assert page.now is not None
    assert [reason.role for wait in page.now.waits_for for reason in wait.because] == ["work_department"]
    assert [one.rule for wait in (explain(reviewed().review).now or page.now).waits_for for one in wait.because] == [
        "approver"
    ]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"approvers": []}, ["approvers"]),
        ({"approvers": ["drafter"]}, ["approvers"]),
        ({"approvers": ["secretary", "secretary"]}, ["approvers"]),
        ({"notice_days": 10}, ["working_days"]),
        ({"working_days": 5}, ["working_days"]),
        ({"quorum": {"of": "members", "more_than": "1/2"}}, ["quorum"]),
        ({"signers": ["deputy"]}, ["signers"]),
        ({"may_reject": True}, ["may_reject"]),
        ({"on_not_carried": "notice"}, ["on_not_carried"]),
    ],
)
def test_an_unsound_notice_is_not_published(change: dict[str, object], fields: list[str]) -> None:
    steps = [step.model_dump() for step in NOTICED.steps]
    steps[3] |= change
    found = list(faults(Procedure.model_validate(NOTICED.model_dump() | {"steps": steps})))
    assert [fault.field for fault in found] == [f"/steps/3/{field}" for field in fields]
    assert list(faults(NOTICED)) == []


def test_a_trial_walks_through_it_and_says_what_carries_it() -> None:
    trial = rehearse(NOTICED, MadeUp(), START)
    assert (trial.sound, trial.ends, trial.problems) == (True, "approved", [])
    stop = trial.stops[-1]
    assert (stop.step, stop.passes_to, stop.not_carried_to) == ("notice", "approved", "secretary_check")
    assert stop.passes_with is not None
    assert stop.passes_with.startswith("5 个工作日")
    assert [wait.person for wait in stop.waits_for] == ["党委工作部"]
    alone = rehearse(NOTICED, MadeUp(committee_secretaries=("党委工作部",)), START)
    assert [(one.code, one.field) for one in alone.problems] == [("notice.nobody_left", "/steps/3/assignees")]
    nobody = rehearse(NOTICED, MadeUp(committee_secretaries=()), START)
    assert [(one.code, one.field) for one in nobody.problems] == [("trial.nobody", "/steps/3/assignees")]


def test_the_picture_shows_its_days_its_approvers_and_where_an_objection_leads() -> None:
    picture = mermaid(NOTICED)
    assert "公示：work_department<br/>公示 5 个工作日<br/>审批 committee_secretary<br/>10 个工作日" in picture
    assert "逾期 1 个工作日报 committee_secretary" in picture
    assert 's3 -. "未通过 not carried" .-> s1' in picture


def _steps(steps: list[dict[str, object]]) -> tuple[Step, ...]:
    return tuple(map(Step.model_validate, steps))


def _now(journey: Journey) -> tuple[Requirement, ...]:
    now = explain(journey.review).now
    assert now is not None
    return now.rules
