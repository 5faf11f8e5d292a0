"""Returning with a way back, handing over, asking a delegate, proxies, copies, urges, terminating."""

from datetime import timedelta

import pytest

from services.review.events.published.reviews import ReviewCopied, ReviewReturned, StepUrged
from services.review.reviews.model.commands import Advise, Command, Copy, Delegate, Reseat, SendBack, Transfer, Urge
from services.review.reviews.model.review import save
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.co_revision import CloseCoRevision
from services.review.reviews.model.steps.discussion import CloseDiscussion, Vote
from services.review.reviews.model.steps.signing import Signing
from tests.unit.review import scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.scene import DRAFTER, OFFICER, SEATS, SECRETARY, START, submission
from tests.unit.review.signing_scene import AGREE, at_any, at_countersign

HAND = Transfer(to="m1", reason="出差")
ASK = Delegate(to="m1", reason="请核对数据")


@pytest.mark.parametrize(("resume", "step"), [(True, "committee_co_revision"), (False, "secretary_check")])
def test_what_comes_back_goes_straight_to_the_returning_step_or_through_all(resume: bool, step: str) -> None:
    journey = scene.at_co_revision()
    returned, _ = journey.do(OFFICER, SendBack(reason="改口号", resume=resume))
    assert isinstance(returned, ReviewReturned)
    assert (returned.resume, journey.review.state) == (resume, "returned")
    journey.do(DRAFTER, submission(2, 2))
    assert journey.step == step


def test_a_return_within_a_return_comes_back_through_both() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, SendBack(to="secretary_check", reason="核对", resume=True))
    journey.do(SECRETARY, SendBack(reason="改", resume=True))
    journey.do(DRAFTER, submission(2, 2))
    assert journey.step == "secretary_check"
    journey.do(SECRETARY, Agree())
    assert journey.step == "committee_resolution"


def test_a_return_through_all_steps_forgets_the_way_back_of_an_earlier_one() -> None:
    journey = scene.at_resolution()
    journey.do(OFFICER, SendBack(to="secretary_check", reason="核对", resume=True))
    journey.do(SECRETARY, SendBack(reason="重写"))
    journey.do(DRAFTER, submission(2, 2))
    journey.do(SECRETARY, Agree())
    assert journey.step == "branch_discussion"


def test_previous_is_the_step_it_came_from() -> None:
    for journey, by, step in (
        (scene.at_resolution(), OFFICER, "committee_co_revision"),
        (at_any(), OFFICER, "countersign"),
    ):
        journey.do(by, SendBack(to="previous", reason="再议"))
        assert journey.step == step


def test_a_transfer_gives_the_duty_away_until_the_post_itself_changes_hands() -> None:
    journey = scene.at_check()
    assert journey.problem("m2", HAND).code == "step.not_assignee"
    (facts,) = journey.do(SECRETARY, HAND)
    assert {task.person: task.state for task in facts.tasks} == {SECRETARY: "done", "m1": "open"}  # type: ignore[attr-defined]
    assert journey.problem(SECRETARY, Agree()).code == "step.not_assignee"
    assert journey.problem("m1", Transfer(to="m1", reason="?")).code == "transfer.in_charge"
    after = scene.at_check()
    after.do(SECRETARY, HAND)
    after.holders = SEATS.model_copy(update={"secretaries": ("successor",)})
    after.do("system", Reseat())
    assert after.open_tasks() == {"successor"}
    journey.do("m1", Agree())
    assert journey.step == "branch_discussion"


@pytest.mark.parametrize("command", [Transfer(to=DRAFTER, reason="?"), Delegate(to=DRAFTER, reason="?")])
def test_a_duty_never_comes_to_who_submitted_the_text(command: Command) -> None:
    assert scene.at_check().problem(SECRETARY, command).code == "duty.own_text"


def test_the_branch_takes_no_duty_of_the_work_department_while_it_answers() -> None:
    problem = scene.at_co_revision().problem(OFFICER, Transfer(to=SECRETARY, reason="?"))
    assert problem.code == "duty.own_text"


def test_a_vote_and_a_signature_are_never_handed_over() -> None:
    talk = scene.at_discussion()
    assert talk.problem("m1", Transfer(to="m2", reason="?")).code == "step.not_assignee"
    assert talk.problem("m1", Delegate(to="m2", reason="?")).code == "delegate.no_duty"
    assert at_countersign().problem("c1", HAND).code == "step.not_assignee"


def test_a_delegate_gives_an_opinion_and_the_duty_comes_back() -> None:
    journey = scene.at_check()
    journey.do(SECRETARY, ASK)
    assert journey.open_tasks() == {"m1"}
    assert journey.problem("m1", Agree()).code == "step.not_assignee"
    assert journey.problem(SECRETARY, Delegate(to="m2", reason="?")).code == "delegate.open"
    assert journey.problem("m2", Advise(opinion="?")).code == "advice.not_asked"
    journey.do("m1", Advise(opinion="数据属实"))
    assert journey.open_tasks() == {SECRETARY}
    journey.do(SECRETARY, Agree())
    (handing,) = journey.review.runs[1].handings
    assert (handing.kind, handing.giver, handing.taker, handing.opinion) == ("delegate", SECRETARY, "m1", "数据属实")


def test_a_signer_may_ask_a_delegate_and_still_signs_by_themselves() -> None:
    journey = at_countersign()
    journey.do("c1", ASK)
    assert journey.open_tasks() == {"deputy", "expert", "m1"}
    assert journey.problem("m1", AGREE).code == "sign.not_signer"
    journey.do("m1", Advise(opinion="可以"))
    journey.do("c1", AGREE)


def test_a_proxy_checks_in_the_others_name_and_that_is_seen() -> None:
    journey = scene.at_check()
    journey.holders = SEATS.model_copy(update={"proxies": ((SECRETARY, "m1"),)})
    journey.do("system", Reseat())
    assert journey.open_tasks() == {SECRETARY, "m1"}
    journey.do("m1", Agree())
    entry, run = journey.review.history[-1], journey.review.runs[1]
    assert (entry.by, entry.behalf, run.closed_by, run.closed_for) == ("m1", SECRETARY, "m1", SECRETARY)


def test_a_proxy_signs_for_each_who_is_absent_and_for_themselves() -> None:
    journey = at_countersign()
    journey.holders = SEATS.model_copy(update={"proxies": (("c1", "deputy"), ("expert", "deputy"))})
    for _ in range(2):
        journey.do("deputy", AGREE)
    assert journey.problem("deputy", AGREE.model_copy(update={"signer": "c1"})).code == "sign.not_signer"
    journey.do("deputy", AGREE)
    run = journey.review.runs[-2]
    assert isinstance(run, Signing)
    signed = [(one.signer, one.proxy) for one in run.signatures]
    assert signed == [("deputy", None), ("c1", "deputy"), ("expert", "deputy")]
    assert journey.step == "any"


def test_a_proxy_never_votes_and_never_checks_their_own_text() -> None:
    talk = scene.at_discussion()
    talk.holders = SEATS.model_copy(update={"proxies": (("m1", "superior"), (SECRETARY, "superior"))})
    assert talk.problem("superior", Vote(choice="for")).code == "vote.not_entitled"
    for person in ("secretary", "m1", "m2"):
        talk.do(person, Vote(choice="for"))
    talk.do("superior", CloseDiscussion())
    assert talk.review.history[-1].behalf == SECRETARY
    meeting = scene.in_meeting()
    meeting.holders = SEATS.model_copy(update={"proxies": (("c1", "superior"),)})
    assert meeting.problem("superior", ONE_OF_EACH["ballot"]).code == "vote.not_entitled"
    own = scene.at_check()
    own.holders = SEATS.model_copy(update={"proxies": ((SECRETARY, DRAFTER),)})
    assert own.problem(DRAFTER, Agree()).code == "step.not_assignee"


def test_the_branchs_side_is_no_proxy_of_the_work_department_in_a_co_revision() -> None:
    journey = scene.at_co_revision()
    journey.holders = SEATS.model_copy(update={"proxies": ((OFFICER, SECRETARY),)})
    assert journey.problem(SECRETARY, CloseCoRevision()).code == "step.not_assignee"


def test_an_urge_names_who_is_waited_for_and_waits_four_hours_before_the_next() -> None:
    journey = scene.at_check()
    (facts,) = journey.do(DRAFTER, Urge(note="请尽快"))
    assert isinstance(facts, StepUrged)
    assert (facts.people, facts.urged_by, facts.note) == ([SECRETARY], DRAFTER, "请尽快")
    assert journey.problem(DRAFTER, Urge()).code == "urge.too_soon"
    journey.at += timedelta(hours=4)
    journey.do(DRAFTER, Urge())
    assert journey.problem("m1", Urge()).code == "review.no_part"
    journey.do(SECRETARY, Agree())
    journey.do(DRAFTER, Urge())
    alone = scene.returned()
    assert alone.problem(DRAFTER, Urge()).code == "urge.nobody"
    alone.do(SECRETARY, Urge())


def test_a_copy_is_told_once_for_each_person() -> None:
    journey = scene.at_check()
    (facts,) = journey.do(SECRETARY, Copy(to=("m1", "guest")))
    assert isinstance(facts, ReviewCopied)
    assert facts.people == ["m1", "guest"]
    (facts,) = journey.do("guest", Copy(to=("guest", "m2")))
    assert isinstance(facts, ReviewCopied)
    assert facts.people == ["m2"]
    assert journey.problem(SECRETARY, Copy(to=("m1",))).code == "copy.known"
    assert journey.problem("stranger", Copy(to=("x",))).code == "review.no_part"
    assert journey.review.involves("guest")


def test_an_unfinished_text_is_replaced_and_forgotten() -> None:
    one, facts = save(None, "b.r1", "m1", "我认为", START)
    two, _ = save(one, "b.r1", "m1", None, START)
    assert (one.id, one.text, two.text, facts) == ("b.r1:m1", "我认为", None, [])
