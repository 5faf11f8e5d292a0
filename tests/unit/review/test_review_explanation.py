"""The page that explains a review: why it waits, for whom, by which rule; any moment of it can be had again."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant

from services.review.reviews.model.commands import Overdue
from services.review.reviews.model.decision import first, replay
from services.review.reviews.model.explain.explanation import explain
from services.review.reviews.model.explain.page import Explanation, Requirement
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.co_revision import CloseCoRevision
from services.review.reviews.model.steps.discussion import Opine, Vote
from services.review.reviews.model.steps.kind import Kind
from services.review.reviews.model.steps.resolution import Ballot, CommitteeResolution
from tests.unit.review.scene import (
    COMMITTEE,
    DEPUTY,
    DRAFTER,
    OFFICER,
    SECRETARY,
    Journey,
    approved,
    at_check,
    at_discussion,
    at_resolution,
    in_meeting,
    recalled,
    rejected,
    returned,
    suggested,
)
from tests.unit.review.test_review_properties import AnybodyTriesAnything


class EveryMomentIsExplained(AnybodyTriesAnything):
    """The same journeys as of the properties, with the page kept after every command."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[int, Explanation] = {}

    @invariant()
    def everybody_who_is_waited_for_is_told_why(self) -> None:
        review = self.journey.review
        if len(review.history) not in self.pages:
            page = self.pages[len(review.history)] = explain(review)
            waits = page.now.waits_for if page.now else ()
            assert {one.person for one in waits} == self.journey.open_tasks()
            assert all(one.because and one.since is not None for one in waits)
            assert [deed.n for passage in page.past for deed in passage.decisions] == [one.n for one in review.history]
            for run, passage in zip(review.runs, page.past, strict=True):
                if run.closed_at is not None:
                    last = passage.decisions[-1]
                    assert (last.at, last.by) == (run.closed_at, run.closed_by)

    def teardown(self) -> None:
        """Replayed up to any move, the history gives the explanation that was valid then."""
        super().teardown()
        review = self.journey.review
        again = first(review)
        assert set(self.pages) <= set(range(len(review.history) + 1))
        for entry in review.history:
            again = replay(again, [entry], review.holders)
            if entry.n in self.pages:
                assert explain(again) == self.pages[entry.n]


TestEveryMomentIsExplained = EveryMomentIsExplained.TestCase
TestEveryMomentIsExplained.settings = settings(max_examples=12, stateful_step_count=30, deadline=None)


def why(journey: Journey, person: str) -> list[str]:
    """What the page says of why it waits for this person."""
    now = explain(journey.review).now
    assert now is not None
    (one,) = [wait for wait in now.waits_for if wait.person == person]
    return [reason.en for reason in one.because]


def rules(journey: Journey) -> dict[str, Requirement]:
    """The rules of the running step by name."""
    now = explain(journey.review).now
    assert now is not None
    return {rule.rule: rule for rule in now.rules}


def test_a_check_waits_for_the_secretary_of_that_day_and_names_who_could_act_instead() -> None:
    journey = at_check()
    now = explain(journey.review).now
    assert now is not None
    assert why(journey, SECRETARY) == ["secretary of branch on 2026-03-02"]
    assert (now.step, now.round, now.kind, now.overdue) == ("secretary_check", 1, "check", False)
    assert now.due == now.since + timedelta(days=5)
    assert [(one.role, one.people) for one in now.instead] == [
        ("deputy", (DEPUTY,)),
        ("superior_secretary", ("superior",)),
    ]


def test_a_discussion_waits_for_voters_on_its_roster_and_says_how_many_are_missing() -> None:
    journey = at_discussion()
    journey.do("m1", Vote(choice="for"))
    journey.do("m1", Opine(text="好"))
    assert why(journey, "m2") == ["a voter on the roster of 2026-03-02 who has not voted"]
    assert why(journey, SECRETARY) == [
        "a voter on the roster of 2026-03-02 who has not voted",
        "secretary of branch on 2026-03-02",
    ]
    found = rules(journey)
    assert (found["quorum"].base, found["quorum"].needed, found["quorum"].count) == (5, 3, 1)
    assert (found["majority"].count, found["majority"].fulfilled) == (1, False)
    assert (found["votes_missing"].count, found["opinions_open"].numbers) == (4, (1,))


def test_an_open_suggestion_waits_for_the_branch_by_both_ways_of_answering() -> None:
    journey = suggested()
    assert why(journey, SECRETARY) == ["secretary of branch on 2026-03-02: may answer suggestions"]
    assert why(journey, DRAFTER) == ["the drafter: may answer suggestions"]
    assert rules(journey)["suggestions_open"].numbers == (1,)
    assert journey.problem(OFFICER, CloseCoRevision()).code == "co_revision.suggestions_open"


def test_a_resolution_waits_for_a_meeting_then_for_those_who_were_present() -> None:
    assert rules(at_resolution())["meeting"].fulfilled is False
    journey = in_meeting()
    journey.do("c1", Ballot(meeting=1, choice="for"))
    assert why(journey, "c2") == ["present at the meeting “第1次” of 2026-03-02, has not voted"]
    assert why(journey, OFFICER) == ["officer of the Party work department of committee on 2026-03-02"]
    found = rules(journey)
    assert (found["quorum"].needed, found["quorum"].count, found["quorum"].fulfilled) == (4, 4, True)
    assert (found["majority"].needed, found["votes_missing"].count) == (4, 3)


def test_the_decided_past_says_by_whom_with_whom_and_by_which_figures() -> None:
    page = explain(approved().review)
    assert page.now is None
    assert (page.procedure, page.procedure_version) == ("one-branch-one-brand", 1)
    assert [passage.outcome for passage in page.past] == ["passed"] * 5
    talk, meeting = page.past[2], page.past[4]
    assert [(deed.by, deed.command) for deed in talk.decisions][-1] == (SECRETARY, "close_discussion")
    assert talk.body is not None
    assert (talk.body.sizes["voters"], talk.body.sizes["members"], str(talk.body.day)) == (5, 6, "2026-03-02")
    assert [(rule.rule, rule.count, rule.needed) for rule in talk.rules[:2]] == [("quorum", 3, 3), ("majority", 3, 3)]
    assert [(rule.rule, rule.count, rule.needed) for rule in meeting.rules[:2]] == [
        ("quorum", 4, 4),
        ("majority", 4, 4),
    ]
    assert [deed.by for deed in meeting.decisions if deed.command == "ballot"] == list(COMMITTEE[:4])


@pytest.mark.parametrize("journey", [returned(), rejected(), recalled(), approved(), in_meeting(), suggested()])
def test_every_sentence_is_in_both_languages(journey: Journey) -> None:
    page = explain(journey.review)
    texts = [(page.zh, page.en), *((one.zh, one.en) for one in page.past)]
    texts += [(deed.zh, deed.en) for passage in page.past for deed in passage.decisions]
    if page.now is not None:
        texts += [(page.now.zh, page.now.en), *((one.zh, one.en) for one in page.now.rules)]
        texts += [(one.zh, one.en) for one in page.now.instead]
    for zh, en in texts:
        assert not zh.isascii(), zh
        assert en, zh
    assert (page.now is None) == journey.review.finished


def test_what_is_overdue_is_said() -> None:
    journey = at_check()
    journey.at += timedelta(days=6)
    journey.do("system", Overdue())
    page = explain(journey.review)
    assert page.now is not None
    assert page.now.overdue
    assert "已逾期" in page.zh
    assert "overdue" in page.en


def test_a_kind_without_words_of_its_own_is_explained_by_duties_and_who_is_in_charge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CommitteeResolution, "requirements", Kind.requirements)
    monkeypatch.setattr(CommitteeResolution, "reasons", Kind.reasons)
    monkeypatch.setattr(Agree, "done", None)
    journey = in_meeting()
    now = explain(journey.review).now
    assert now is not None
    assert (now.rules, {one.duty_en for one in now.waits_for}) == ((), {"vote", "record the resolution"})
    assert why(journey, OFFICER) == ["officer of the Party work department of committee on 2026-03-02"]
    assert why(journey, "c2") == ["by the rules of this step"]
    assert [deed.zh for deed in explain(journey.review).past[1].decisions] == ["secretary agree"]
