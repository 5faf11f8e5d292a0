"""The online vote: a wide body, secret votes, a deadline that ends it, and a quorum without which it is lost."""

from datetime import timedelta

import pytest

from infra.kernel.errors import NotYet
from services.review.reviews.api.views import Full, Story, explained
from services.review.reviews.model.commands import Overdue
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.steps.kind import Viewer
from services.review.reviews.model.steps.poll import ClosePoll, Polling, PollVote
from tests.unit.review.panel_scene import CREW, CREWED, SCORED, at_poll
from tests.unit.review.scene import DRAFTER, OFFICER, Journey, submission

FOR, AGAINST = PollVote(choice="for"), PollVote(choice="against")


def test_all_full_members_of_the_area_may_vote_once_and_nobody_else() -> None:
    journey = at_poll()
    assert journey.open_tasks() == {*CREW, OFFICER}
    journey.do("p1", FOR)
    assert journey.problem("p1", AGAINST).code == "vote.twice"
    assert journey.problem("m1", FOR).code == "vote.not_entitled"
    assert journey.problem("p2", ClosePoll()).code == "step.not_assignee"


def test_closing_needs_a_quorum_and_waits_for_all_unless_told_otherwise() -> None:
    journey = at_poll()
    journey.do("p1", FOR)
    assert journey.problem(OFFICER, ClosePoll(close=True)).code == "poll.no_quorum"
    journey.do("p2", FOR)
    assert journey.problem(OFFICER, ClosePoll()).code == "poll.votes_missing"
    journey.do(OFFICER, ClosePoll(close=True))
    assert journey.step == "panel"


def test_a_tie_is_lost_and_goes_back_to_the_draft() -> None:
    journey = at_poll()
    journey.do("p1", FOR)
    journey.do("p2", AGAINST)
    journey.do(OFFICER, ClosePoll(close=True))
    assert (journey.review.state, journey.review.runs[-2].outcome) == ("returned", "not_carried")


@pytest.mark.parametrize(("voters", "state"), [(CREW[:2], "panel"), (CREW[:1], "draft")])
def test_the_deadline_ends_it_with_the_votes_that_are_there(voters: tuple[str, ...], state: str) -> None:
    journey = at_poll()
    for voter in voters:
        journey.do(voter, FOR)
    journey.at += timedelta(days=5)
    journey.do("system", Overdue())
    assert journey.step == state
    assert not journey.review.runs[-2].overdue
    assert [type(fact).__name__ for fact in journey.facts].count("StepOverdue") == 0


def test_without_anybody_who_may_vote_it_does_not_begin() -> None:
    journey = Journey(CREWED.model_copy(update={"scoped": ()}), SCORED)
    with pytest.raises(NotYet, match=r"poll\.no_voters"):
        journey.do(DRAFTER, submission())


@pytest.mark.security
@pytest.mark.parametrize("person", ["p1", "p2", OFFICER, "admin"])
def test_how_somebody_voted_is_shown_to_nobody_and_no_count_before_it_is_over(person: str) -> None:
    journey = at_poll()
    journey.do("p1", AGAINST)
    journey.do("p3", FOR)
    viewer = Viewer(person, names=True, area=person in (OFFICER, "admin"))
    poll = Full.shown_to(journey.review, viewer).model_dump()["runs"][-1]
    assert (poll["votes"], poll["counts"]) == ((), {"voters": 4, "cast": 2})
    assert "against" not in Full.shown_to(journey.review, viewer).model_dump_json()
    for page in (Story.shown_to(journey.review, viewer), explained(explain(journey.review), viewer)):
        assert "poll_vote" not in page.model_dump_json()
    now = explain(journey.review).now
    assert now is not None
    assert [rule.rule for rule in now.rules] == ["quorum", "votes_missing"]
    journey.do("p2", FOR)
    journey.do(OFFICER, ClosePoll(close=True))
    poll = Full.shown_to(journey.review, viewer).model_dump()["runs"][1]
    assert (poll["votes"], poll["counts"]["in_favour"], poll["counts"]["against"]) == ((), 2, 1)
    assert poll["voters"] == (CREW if viewer.area else tuple(one for one in CREW if one == person))
    for page in (Story.shown_to(journey.review, viewer), explained(explain(journey.review), viewer)):
        assert "poll_vote" not in page.model_dump_json()


def test_the_area_is_named_to_those_only_who_oversee_it() -> None:
    journey = at_poll()
    names = Story.shown_to(journey.review, Viewer("secretary", names=True))
    assert all(holders.scoped == () for holders in names.holders.values())
    assert next(iter(names.counts.values()))["full_member@committee"] == 4
    assert Full.shown_to(journey.review, Viewer("secretary", names=True)).waiting_for == []
    waiting = Full.shown_to(journey.review, Viewer("admin", names=True, area=True)).waiting_for
    assert {task.person for task in waiting} == {*CREW, OFFICER}
    run = journey.review.live
    assert isinstance(run, Polling)
    assert run.voters == CREW
