"""The branch discussion: who may speak and vote, what must be ruled on, and which figures carry."""

from infra.kernel.errors import Forbidden
from services.review.events.published.reviews import ReviewReturned
from services.review.reviews.model.steps.discussion import MOST_OPINIONS, CloseDiscussion, Opine, Rule, Vote
from tests.unit.review import scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.scene import SEATS, SECRETARY


def test_a_probationary_member_speaks_but_does_not_vote() -> None:
    journey = scene.at_discussion()
    journey.do("probationer", Opine(text="可加一个故事", path="/blocks/words"))
    problem = journey.problem("probationer", Vote(choice="for"))
    assert isinstance(problem, Forbidden)
    assert problem.code == "vote.not_entitled"


def test_a_stranger_neither_speaks_nor_votes() -> None:
    journey = scene.at_discussion()
    assert journey.problem("c1", Opine(text="?")).code == "opinion.not_member"
    assert journey.problem("c1", Vote(choice="for")).code == "vote.not_entitled"


def test_a_second_vote_is_refused_whatever_it_says() -> None:
    journey = scene.at_discussion()
    journey.do("m1", Vote(choice="against"))
    assert journey.problem("m1", Vote(choice="for")).code == "vote.twice"


def test_the_roster_is_that_of_the_day_the_discussion_opened() -> None:
    journey = scene.at_discussion()
    journey.holders = SEATS.model_copy(update={"voters": (*SEATS.voters, "newcomer"), "members": ("newcomer",)})
    assert journey.problem("newcomer", Vote(choice="for")).code == "vote.not_entitled"
    journey.do("m2", Vote(choice="for"))


def test_an_opinion_points_into_the_document() -> None:
    problem = scene.at_discussion().problem("m1", Opine(text="?", path="/no/such/place"))
    assert (problem.code, problem.field) == ("path.unknown", "/path")


def test_every_opinion_gets_its_fate_and_reason_once_from_the_chair() -> None:
    journey = scene.at_discussion()
    journey.do("m1", Opine(text="口号太长"))
    assert journey.problem("m2", Rule(opinion=1, adopted=True, reason="有理")).code == "step.not_assignee"
    assert journey.problem(SECRETARY, CloseDiscussion()).code == "discussion.opinions_open"
    journey.do(SECRETARY, Rule(opinion=1, adopted=False, reason="品牌口号须完整"))
    assert journey.problem(SECRETARY, Rule(opinion=1, adopted=True, reason="改主意")).code == "opinion.ruled"
    ruling = journey.review.opinions[0].ruling
    assert ruling is not None
    assert (ruling.adopted, ruling.reason, ruling.by) == (False, "品牌口号须完整", SECRETARY)


def test_without_a_quorum_the_figures_are_told_and_nothing_changes() -> None:
    journey = scene.at_discussion()
    journey.do("m1", Vote(choice="for"))
    journey.do("m2", Vote(choice="for"))
    problem = journey.problem(SECRETARY, CloseDiscussion())
    assert problem.code == "discussion.no_quorum"
    assert "应有 5 人，至少 3 人表决，实际 2 人" in problem.zh
    assert "of 5, at least 3 must vote; 2 did" in problem.en


def test_half_of_those_entitled_is_not_enough() -> None:
    journey = scene.at_discussion()
    for person, choice in (("m1", "for"), ("m2", "for"), ("secretary", "abstain"), ("deputy", "against")):
        journey.do(person, Vote.model_validate({"choice": choice}))
    returned, _ = journey.do(SECRETARY, CloseDiscussion(close=True))
    assert isinstance(returned, ReviewReturned)
    assert returned.to_drafter
    assert "5 人中须 3 人赞成，实际 2 人" in returned.reason
    assert journey.review.state == "returned"
    assert journey.review.runs[-2].outcome == "not_carried"


def test_while_missing_votes_could_turn_the_result_the_chair_closes_only_explicitly() -> None:
    journey = scene.at_discussion()
    for person, choice in (("m1", "for"), ("m2", "for"), ("secretary", "abstain"), ("deputy", "against")):
        journey.do(person, Vote.model_validate({"choice": choice}))
    problem = journey.problem(SECRETARY, CloseDiscussion())
    assert (problem.code, problem.field) == ("discussion.votes_missing", "/close")
    assert "5 名正式党员中还有 1 人未表决" in problem.zh
    journey.do("drafter", Vote(choice="for"))
    journey.do(SECRETARY, CloseDiscussion())
    assert journey.step == "committee_co_revision"


def test_a_majority_of_those_who_voted_may_still_be_lost() -> None:
    half = {"majority": {"of": "present", "more_than": "1/2"}}
    talk = next(step for step in scene.PROCEDURE.steps if step.kind == "discussion")
    talk = type(talk).model_validate({**talk.model_dump(), **half})
    steps = tuple(talk if step.key == talk.key else step for step in scene.PROCEDURE.steps)
    journey = scene.Journey(procedure=scene.PROCEDURE.model_copy(update={"steps": steps}))
    journey.do("drafter", scene.submission())
    journey.do(SECRETARY, ONE_OF_EACH["agree"])
    for person, choice in (("m1", "for"), ("m2", "for"), ("secretary", "against")):
        journey.do(person, Vote.model_validate({"choice": choice}))
    assert journey.problem(SECRETARY, CloseDiscussion()).code == "discussion.votes_missing"
    journey.do("deputy", Vote(choice="for"))
    journey.do(SECRETARY, CloseDiscussion())
    assert journey.step == "committee_co_revision"


def test_opinions_of_one_person_are_bounded() -> None:
    journey = scene.at_discussion()
    for _ in range(MOST_OPINIONS):
        journey.do("m1", Opine(text="好"))
    assert journey.problem("m1", Opine(text="好")).code == "opinion.too_many"
    journey.do("m2", Opine(text="好"))


def test_a_lost_vote_may_end_the_review_when_the_procedure_says_so() -> None:
    steps = [
        step.model_copy(update={"on_not_carried": "reject"}) if step.kind == "discussion" else step
        for step in scene.PROCEDURE.steps
    ]
    journey = scene.Journey(procedure=scene.PROCEDURE.model_copy(update={"steps": tuple(steps)}))
    journey.do("drafter", scene.submission())
    journey.do(SECRETARY, ONE_OF_EACH["agree"])
    for person in SEATS.voters:
        journey.do(person, Vote(choice="against"))
    journey.do(SECRETARY, CloseDiscussion())
    assert (journey.review.state, journey.review.runs[-1].outcome) == ("rejected", "not_carried")


def test_each_voter_has_a_task_until_they_voted_and_the_chair_until_it_is_closed() -> None:
    journey = scene.at_discussion()
    assert journey.open_tasks() == set(SEATS.voters)
    for person in SEATS.voters:
        journey.do(person, Vote(choice="for"))
        assert person == SECRETARY or person not in journey.open_tasks()
    assert journey.open_tasks() == {SECRETARY}
    journey.do(SECRETARY, CloseDiscussion())
    assert journey.open_tasks() == {scene.OFFICER}
    assert {task.state for task in journey.review.tasks if task.step == "branch_discussion"} == {"done"}
