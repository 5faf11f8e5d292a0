"""Suggestions side by side with what is in their way, and opinions with their fate; nothing is silently overwritten."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.errors import Problem, Refused
from services.review.reviews.model.commands import SendBack
from services.review.reviews.model.document import look, same
from services.review.reviews.model.explain.side_by_side import Suggested, opinions, suggestions
from services.review.reviews.model.steps.co_revision import Answer, CloseCoRevision, Suggest, relation
from services.review.reviews.model.steps.discussion import CloseDiscussion, Opine, Rule, Vote
from tests.unit.review import scene
from tests.unit.review.one_of_each import ONE_OF_EACH
from tests.unit.review.scene import OFFICER, SECRETARY, SLOGAN, Journey

OTHER = {"state": "known", "value": "另一句"}
ITEMS = "/blocks/words/data/items"


def suggest(journey: Journey, path: str, proposal: Any) -> None:  # noqa: ANN401 - any JSON
    journey.do(OFFICER, Suggest(path=path, proposal=proposal, reason="更好"))


def one(journey: Journey, n: int) -> Suggested:
    everything = (found for place in suggestions(journey.review).places for found in place.suggestions)
    return next(found for found in everything if found.n == n)


def ways(journey: Journey, n: int) -> list[tuple[str, int | None, bool]]:
    return [(found.kind, found.suggestion, found.excludes) for found in one(journey, n).conflicts]


def test_a_place_has_what_stands_there_now_and_everything_suggested_about_it() -> None:
    journey = scene.suggested()
    suggest(journey, "/background", {"state": "known", "value": "后勤"})
    suggest(journey, "/slogan", OTHER)
    page = suggestions(journey.review)
    assert (page.open, page.in_conflict, page.version) == (3, 2, journey.review.version)
    slogan, background = page.places
    assert (slogan.path, slogan.now, [found.n for found in slogan.suggestions]) == (
        "/slogan",
        {"state": "unknown"},
        [1, 3],
    )
    assert (background.path, [found.n for found in background.suggestions]) == ("/background", [2])
    assert ways(journey, 1) == [("same", 3, True)]
    assert ways(journey, 3) == [("same", 1, True)]
    assert ways(journey, 2) == []
    journey.do(SECRETARY, Answer(suggestion=1, accepted=True, reason="好"))
    answered = one(journey, 1)
    assert (answered.state, answered.answered_by, answered.answer, answered.acceptable) == (
        "accepted",
        SECRETARY,
        "好",
        False,
    )
    assert suggestions(journey.review).places[0].now == SLOGAN
    assert ways(journey, 3) == [("changed", 1, True)]
    assert "采纳第 1 条建议" in one(journey, 3).conflicts[0].zh
    assert not one(journey, 3).acceptable
    assert one(journey, 2).acceptable


def test_accepting_what_was_changed_meanwhile_is_refused_and_names_the_other() -> None:
    journey = scene.suggested()
    suggest(journey, "/slogan", OTHER)
    journey.do(SECRETARY, Answer(suggestion=1, accepted=True))
    problem = journey.problem(SECRETARY, Answer(suggestion=2, accepted=True))
    assert isinstance(problem, Refused)
    assert (problem.code, problem.field) == ("suggestion.conflict", "/accepted")
    assert "采纳第 1 条建议" in problem.zh
    assert "by suggestion 1" in problem.en
    assert look(journey.review.document, "/slogan") == SLOGAN


def test_the_last_that_changed_the_place_is_named() -> None:
    journey = scene.at_co_revision()
    suggest(journey, f"{ITEMS}/0", "用心")
    suggest(journey, f"{ITEMS}/1", "精心")
    suggest(journey, "/blocks/words", {"type": "keywords", "title": None, "data": {"items": ["一心"]}})
    for n in (2, 1):
        journey.do(SECRETARY, Answer(suggestion=n, accepted=True))
    assert ways(journey, 3) == [("changed", 1, True)]
    assert "by suggestion 1" in journey.problem(SECRETARY, Answer(suggestion=3, accepted=True)).en


def test_a_place_inside_another_is_shown_from_both_sides_and_excluded_only_when_it_would_change() -> None:
    journey = scene.at_co_revision()
    suggest(journey, f"{ITEMS}/1", "精心")
    suggest(journey, ITEMS, ["尽心", "细心", "热心"])
    suggest(journey, f"{ITEMS}/2", "诚心")
    assert ways(journey, 1) == [("around", 2, False)]
    assert ways(journey, 2) == [("inside", 1, True), ("inside", 3, True)]
    assert ways(journey, 3) == [("around", 2, True)]
    journey.do(SECRETARY, Answer(suggestion=2, accepted=True))
    assert ways(journey, 1) == []
    journey.do(SECRETARY, Answer(suggestion=1, accepted=True))
    assert look(journey.review.document, ITEMS) == ["尽心", "精心", "热心"]


def test_a_place_that_is_gone_says_so() -> None:
    journey = scene.at_co_revision()
    suggest(journey, f"{ITEMS}/2", "热心")
    suggest(journey, ITEMS, ["尽心"])
    journey.do(SECRETARY, Answer(suggestion=2, accepted=True))
    assert ways(journey, 1) == [("gone", 2, True)]
    place = next(place for place in suggestions(journey.review).places if place.path == f"{ITEMS}/2")
    assert (place.exists, place.now) == (False, None)


def test_what_was_left_open_when_the_step_ended_has_lapsed() -> None:
    journey = scene.suggested()
    journey.do(OFFICER, SendBack(to="branch_discussion", reason="再议"))
    assert (one(journey, 1).state, one(journey, 1).conflicts) == ("lapsed", ())
    for person in ("secretary", "m1", "m2"):
        journey.do(person, Vote(choice="for"))
    journey.do(SECRETARY, CloseDiscussion())
    suggest(journey, "/slogan", OTHER)
    assert ways(journey, 2) == []
    assert one(journey, 2).stay.run == 2
    assert suggestions(journey.review).open == 1


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("/a", "/a", "same"),
        ("/a", "/a/b", "inside"),
        ("/a/b", "/a", "around"),
        ("/a", "/ab", None),
        ("/a~1b", "/a/b", None),
        ("/a~0b", "/a~b", "same"),
    ],
)
def test_places_are_compared_part_by_part(path: str, other: str, expected: str | None) -> None:
    assert relation(path, other) == expected


PLACES: dict[str, list[Any]] = {
    "/slogan": [SLOGAN, OTHER],
    "/blocks/words": [
        {"type": "keywords", "title": None, "data": {"items": items}} for items in (["甲"], ["尽心", "乙"])
    ],
    "/blocks/words/data": [{"items": ["尽心", "细心", "丙"]}, {"items": ["丁"]}],
    ITEMS: [["尽心", "细心"], ["戊", "细心", "暖心"]],
    f"{ITEMS}/0": ["己", "庚"],
    f"{ITEMS}/1": ["辛", "细心了"],
}
SUGGESTED = st.sampled_from([(path, proposal) for path, proposals in PLACES.items() for proposal in proposals])


@settings(deadline=None)
@given(made=st.lists(SUGGESTED, min_size=2, max_size=6), answers=st.lists(st.integers(1, 6), max_size=5))
def test_what_is_shown_is_what_happens(made: list[tuple[str, Any]], answers: list[int]) -> None:
    """Acceptable is what can be accepted; accepting what excludes another leaves that one unacceptable, no other."""
    journey = scene.at_co_revision()
    for path, proposal in made:
        suggest(journey, path, proposal)
    for n in answers:
        before = {found.n: found for place in suggestions(journey.review).places for found in place.suggestions}
        if n not in before or before[n].state != "open":
            continue
        stood = journey.review.document
        try:
            journey.do(SECRETARY, Answer(suggestion=n, accepted=True))
        except Problem as problem:
            expected = "suggestion.conflict"
            if (problem.code, before[n].acceptable) != (expected, False):
                raise
            journey.do(SECRETARY, Answer(suggestion=n, accepted=False, reason="已变化"))
            continue
        assert before[n].acceptable
        path = next(path for path, found in zip((path for path, _ in made), range(1, 7), strict=False) if found == n)
        assert same(look(stood, path), before[n].before), "nothing was overwritten that its suggester had not seen"
        for other in before.values():
            if other.state == "open" and other.n != n and other.acceptable:
                excluded = any(found.suggestion == n and found.excludes for found in other.conflicts)
                assert one(journey, other.n).acceptable is not excluded


def test_opinions_are_listed_with_their_fate_the_open_ones_first() -> None:
    journey = scene.at_discussion()
    for person, path in (("m1", "/slogan"), ("m2", None), ("probationer", None)):
        journey.do(person, Opine(text=f"{person}的意见", path=path))
    journey.do(SECRETARY, Rule(opinion=1, adopted=True, reason="有理"))
    journey.do(SECRETARY, SendBack(reason="补充后再议"))
    journey.do(scene.DRAFTER, scene.submission(2, 2))
    journey.do(SECRETARY, ONE_OF_EACH["agree"])
    for person in ("m1", "m2"):
        journey.do(person, Opine(text="再提一次"))
    journey.do(SECRETARY, Rule(opinion=4, adopted=False, reason="已说明"))
    page = opinions(journey.review)
    assert [(said.n, said.state, said.stay.run) for said in page.opinions] == [
        (5, "open", 2),
        (1, "adopted", 1),
        (2, "lapsed", 1),
        (3, "lapsed", 1),
        (4, "not_adopted", 2),
    ]
    assert (page.open, page.adopted, page.not_adopted, page.lapsed) == (1, 1, 1, 2)
    ruling = page.opinions[1].ruling
    assert ruling is not None
    assert (ruling.by, ruling.reason, page.opinions[1].path) == (SECRETARY, "有理", "/slogan")
    assert page.version == journey.review.version


def test_a_review_without_suggestions_and_opinions_has_empty_pages() -> None:
    journey = scene.at_co_revision()
    assert suggestions(journey.review).places == ()
    assert opinions(journey.review).opinions == ()
    journey.do(OFFICER, CloseCoRevision())
    assert suggestions(journey.review).places == ()
