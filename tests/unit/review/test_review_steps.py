"""Checks, returns, recalls, deadlines: what holds for every step; and what each of them tells."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from infra.kernel.errors import Forbidden, NotYet, Refused
from services.review.events.published.reviews import (
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
    StepOverdue,
    TasksChanged,
)
from services.review.reviews.model.commands import Recall, Reject, Reseat, SendBack
from services.review.reviews.model.decision import overdue
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.discussion import CloseDiscussion, Discussing, Opine, Vote
from tests.unit.review import scene
from tests.unit.review.scene import DEPUTY, DRAFTER, OFFICER, SEATS, SECRETARY, Journey, submission


def test_a_submission_opens_the_review_and_gives_the_secretary_a_task_with_a_deadline() -> None:
    journey = Journey()
    opened, tasks = journey.do(DRAFTER, submission())
    assert isinstance(opened, ReviewOpened)
    assert (opened.step, opened.procedure_version, opened.submission) == ("secretary_check", 1, 1)
    assert isinstance(tasks, TasksChanged)
    (task,) = tasks.tasks
    assert (task.task, task.state, task.title) == ("b.r1:secretary_check:1:secretary", "open", "支部书记审核·审核")
    assert task.due == scene.START + timedelta(days=5)
    assert tasks.name == "三心"


def test_the_same_submission_twice_is_refused() -> None:
    assert scene.at_check().problem(DRAFTER, submission()).code == "submission.known"


@pytest.mark.parametrize("stranger", [DEPUTY, DRAFTER, "m1", OFFICER, "foreign-secretary"])
def test_only_the_secretary_of_this_branch_checks(stranger: str) -> None:
    problem = scene.at_check().problem(stranger, Agree())
    assert isinstance(problem, Forbidden)
    assert problem.code == "step.not_assignee"


def test_a_secretary_who_drafted_is_checked_by_the_deputy() -> None:
    journey = Journey()
    journey.do(SECRETARY, submission())
    assert journey.open_tasks() == {DEPUTY}
    assert journey.problem(SECRETARY, Agree()).code == "step.not_assignee"
    journey.do(DEPUTY, Agree())
    assert journey.step == "branch_discussion"


def test_without_another_officer_the_superior_checks() -> None:
    journey = Journey(SEATS.model_copy(update={"deputies": (SECRETARY,)}))
    journey.do(SECRETARY, submission())
    assert journey.open_tasks() == {"superior"}


def test_who_submitted_once_never_checks_even_after_another_resubmitted() -> None:
    journey = Journey()
    journey.do(SECRETARY, submission())
    journey.do(DEPUTY, SendBack(reason="补充"))
    journey.do(DRAFTER, submission(2))
    assert journey.open_tasks() == {DEPUTY}
    assert journey.problem(SECRETARY, Agree()).code == "step.not_assignee"


def test_a_role_holder_may_not_check_their_own_text_either() -> None:
    steps = [step.model_copy(update={"assignees": ("work_department",)}) if step.kind == "check" else step
             for step in scene.PROCEDURE.steps]  # fmt: skip
    holders = SEATS.model_copy(update={"role_holders": (DRAFTER,)})
    journey = Journey(holders, scene.PROCEDURE.model_copy(update={"steps": tuple(steps)}))
    journey.do(DRAFTER, submission())
    assert journey.problem(DRAFTER, Agree()).code == "step.not_assignee"


def test_return_to_the_drafter_hands_the_pen_back_and_keeps_what_was_said() -> None:
    journey = scene.at_discussion()
    journey.do("m1", Opine(text="口号不够响亮", path="/slogan"))
    journey.do("m1", Vote(choice="against"))
    returned, tasks = journey.do(SECRETARY, SendBack(reason="先改口号"))
    assert isinstance(returned, ReviewReturned)
    assert (returned.from_step, returned.to_step, returned.to_drafter) == ("branch_discussion", "draft", True)
    assert journey.review.state == "returned"
    assert isinstance(tasks, TasksChanged)
    states = {task.person: task.state for task in tasks.tasks}
    assert states == {"secretary": "done", "deputy": "withdrawn", "drafter": "open", "m2": "withdrawn"}
    by_step = {task.step: task.state for task in tasks.tasks if task.person == DRAFTER}
    assert by_step == {"branch_discussion": "withdrawn", "draft": "open"}

    journey.do(DRAFTER, submission(2, revision=2))
    journey.do(SECRETARY, Agree())
    discussions = [run for run in journey.review.runs if isinstance(run, Discussing)]
    assert [run.round for run in discussions] == [1, 2]
    assert [len(run.votes) for run in discussions] == [1, 0]
    assert discussions[0].opinions[0].text == "口号不够响亮"
    assert sum(run.closed_at is None for run in journey.review.runs) == 1


def test_return_to_any_earlier_step_begins_a_new_round_there() -> None:
    journey = scene.at_resolution()
    returned, _ = journey.do(OFFICER, SendBack(to="branch_discussion", reason="请再议"))
    assert isinstance(returned, ReviewReturned)
    assert not returned.to_drafter
    assert (journey.step, journey.review.live and journey.review.live.round) == ("branch_discussion", 2)
    assert journey.problem("m1", Agree()).code == "step.not_running"


def test_a_second_loop_can_be_returned_to_a_step_of_the_first() -> None:
    journey = scene.at_co_revision()
    journey.do(OFFICER, SendBack(to="branch_discussion", reason="请再议"))
    for person in ("secretary", "m1", "m2"):
        journey.do(person, Vote(choice="for"))
    journey.do(SECRETARY, CloseDiscussion())
    journey.do(OFFICER, SendBack(to="secretary_check", reason="请书记再审"))
    journey.do(SECRETARY, Agree())
    rounds = [(run.step, run.round) for run in journey.review.runs if run.kind in ("check", "discussion")]
    assert rounds == [
        ("secretary_check", 1),
        ("branch_discussion", 1),
        ("branch_discussion", 2),
        ("secretary_check", 2),
        ("branch_discussion", 3),
    ]
    assert journey.open_tasks() == set(SEATS.voters)
    assert sum(run.closed_at is None for run in journey.review.runs) == 1


@pytest.mark.parametrize("to", ["committee_resolution", "branch_discussion", "nowhere"])
def test_return_leads_back_never_forward(to: str) -> None:
    problem = scene.at_discussion().problem(SECRETARY, SendBack(to=to, reason="?"))
    assert (problem.code, problem.field) == ("return.not_earlier", "/to")


def test_one_voter_alone_can_neither_return_nor_reject() -> None:
    journey = scene.at_discussion()
    assert journey.problem("m1", SendBack(reason="不好")).code == "step.not_assignee"
    assert journey.problem("m1", Reject(reason="不好")).code == "step.not_assignee"


def test_recall_belongs_to_the_submitter_and_withdraws_every_task() -> None:
    journey = scene.at_discussion()
    journey.do("m1", Vote(choice="for"))
    assert journey.problem(SECRETARY, Recall()).code == "recall.not_submitter"
    concluded, tasks = journey.do(DRAFTER, Recall(reason="另有考虑"))
    assert isinstance(concluded, ReviewConcluded)
    assert (concluded.outcome, concluded.reason, concluded.resolution) == ("recalled", "另有考虑", None)
    assert isinstance(tasks, TasksChanged)
    assert {task.state for task in tasks.tasks} == {"withdrawn"}
    assert {task.person for task in tasks.tasks} == {"deputy", "drafter", "m2", "secretary"}


def test_reject_ends_the_review_with_its_reason() -> None:
    journey = scene.at_check()
    concluded, _ = journey.do(SECRETARY, Reject(reason="内容不实"))
    assert isinstance(concluded, ReviewConcluded)
    assert (concluded.outcome, concluded.reason, concluded.concluded_by) == ("rejected", "内容不实", SECRETARY)


def test_a_missed_deadline_is_told_once_and_names_who_is_waited_for() -> None:
    journey = scene.at_check()
    late = scene.START + timedelta(days=5)
    with pytest.raises(Refused, match="not now"):
        overdue(journey.review, late - timedelta(seconds=1))
    after, (fact,) = overdue(journey.review, late)
    assert isinstance(fact, StepOverdue)
    assert (fact.step, fact.round, fact.people, fact.due) == ("secretary_check", 1, ["secretary"], late)
    assert after.due_at is None
    with pytest.raises(Refused, match="not now"):
        overdue(after, late + timedelta(days=9))


def test_a_deadline_found_before_the_step_ended_does_not_fire_on_the_next_step() -> None:
    with pytest.raises(Refused, match="not now"):
        overdue(scene.at_discussion().review, scene.START + timedelta(days=5))


def test_tasks_follow_a_post_that_changed_hands() -> None:
    journey = scene.at_check()
    journey.holders = SEATS.model_copy(update={"secretaries": ("successor",)})
    (facts,) = journey.do("system", Reseat())
    assert isinstance(facts, TasksChanged)
    assert {task.person: task.state for task in facts.tasks} == {"secretary": "withdrawn", "successor": "open"}
    assert journey.problem(SECRETARY, Agree()).code == "step.not_assignee"
    journey.do("successor", Agree())


def test_seats_that_stayed_the_same_change_nothing() -> None:
    journey = scene.at_check()
    before = len(journey.review.history)
    assert journey.do("system", Reseat()) == []
    assert len(journey.review.history) == before


def test_a_branch_without_voters_cannot_be_asked_to_vote() -> None:
    journey = scene.at_check()
    journey.holders = SEATS.model_copy(update={"voters": ()})
    assert isinstance(journey.problem(SECRETARY, Agree()), NotYet)


def test_the_answer_tells_state_step_and_the_number_made() -> None:
    journey = scene.at_discussion()
    journey.do("m1", Opine(text="好"))
    assert journey.review.answer() == {
        "state": "running",
        "step": "branch_discussion",
        "round": 1,
        "opinion": 1,
    }
    assert scene.approved().review.answer() == {"state": "approved"}
    assert journey.problem(SECRETARY, CloseDiscussion()).code == "discussion.opinions_open"


@pytest.mark.parametrize("text", ["", "  ", "\ud800", "长" * 4001])
def test_words_are_text_that_can_be_kept(text: str) -> None:
    with pytest.raises(ValidationError):
        Opine(text=text)
