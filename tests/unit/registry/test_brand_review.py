"""Brand and review: the pen, rounds, late and doubled facts, what stays behind a mask, what is frozen."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.kernel.errors import NotYet
from infra.kernel.events import Decision
from services.registry.brands.model.brand import Brand
from services.registry.brands.model.document import digest
from services.registry.brands.model.drafting import save, submit
from services.registry.brands.model.reviewing import concluded, opened, returned, revised
from services.registry.events.published import BrandSubmitted
from tests.unit.registry.examples import (
    RESOLUTION,
    SECRETARY,
    approved,
    back,
    conclusion,
    document,
    draft,
    in_review,
    plaqued,
    published,
    rejected,
    revision,
    sent_back,
    slogan,
    start,
    text,
)

Step = Callable[[Brand], Decision[Brand]]
SAID = "甲"


def test_each_submission_that_is_no_answer_to_a_return_is_a_review_of_its_own() -> None:
    first = in_review()
    assert (first.review, first.submission) == ("1010.r1", 1)
    again = submit(sent_back(), None, SECRETARY)[0]
    assert (again.review, again.submission) == ("1010.r1", 2)
    recalled = concluded(first, conclusion("recalled"), published(5))[0]
    anew = submit(recalled, None, SECRETARY)[0]
    assert (anew.review, anew.submission, anew.review_sequence) == ("1010.r2", 1, 0)


def test_what_is_behind_a_mask_never_leaves_in_a_fact_and_is_there_again_afterwards() -> None:
    _, facts = submit(draft(), None, SECRETARY)
    (submitted,) = [fact for fact in facts if isinstance(fact, BrandSubmitted)]
    assert "工程党支部" not in submitted.model_dump_json()
    assert submitted.document["background"]["shown"] == "**党支部"
    assert approved().document == document()


def test_the_approved_text_is_frozen_and_tied_to_its_resolution() -> None:
    brand = concluded(in_review(), conclusion("approved", 3, slogan(SAID)), published(9))[0]
    assert brand.final is not None
    assert (brand.final.revision, brand.final.resolution) == (3, RESOLUTION)
    assert brand.final.digest == digest("1010", brand.document) == brand.history[-1].digest
    assert brand.history[-1].source == "final"
    assert brand.final.approved_on == date(2026, 3, 20), "the day of the meeting, not of the message"


@pytest.mark.parametrize("finished", [approved, rejected, plaqued])
def test_finished_is_final_whatever_comes_late(finished: Callable[[], Brand]) -> None:
    brand = finished()
    for sequence in (2, 9, 30):
        late = returned(brand, back(), published(sequence))[0]
        assert (late.state, late.document, late.final) == (brand.state, brand.document, brand.final)


def test_a_repeated_return_does_not_take_back_a_text_that_was_handed_in_again() -> None:
    again = submit(sent_back(), None, SECRETARY)[0]
    assert returned(again, back(), published(3))[0].state == "in_review"
    assert returned(again, back(), published(4))[0].state == "draft"


def test_a_recall_that_crossed_a_resubmission_does_not_overwrite_what_was_saved_meanwhile() -> None:
    edited = save(sent_back(), text(document(aliases=["十十"])), 1, SECRETARY)[0]
    again = submit(edited, None, SECRETARY)[0]
    after = concluded(again, conclusion("recalled", 1), published(4))[0]
    assert (after.state, after.revision, after.document.aliases) == ("draft", 2, ("十十",))


def test_a_fact_of_an_earlier_review_changes_nothing_and_of_a_later_one_has_to_wait() -> None:
    recalled = concluded(in_review(), conclusion("recalled"), published(5))[0]
    second = submit(recalled, None, SECRETARY)[0]
    assert returned(second, back(), published(40)) == (second, [])
    with pytest.raises(NotYet):
        returned(in_review(), back().model_copy(update={"review": "1010.r2"}), published(2))


ROUND: Sequence[Step] = (
    lambda brand: opened(brand, start(), published(1)),
    lambda brand: revised(brand, revision(2, "一"), published(3)),
    lambda brand: returned(brand, back(to_drafter=False, number=2, document=slogan("一")), published(4)),
    lambda brand: revised(brand, revision(3, "二"), published(6)),
    lambda brand: revised(brand, revision(4, "三"), published(7)),
    lambda brand: concluded(brand, conclusion("approved", 4, slogan("三")), published(9)),
)
RETURNED: Sequence[Step] = (
    *ROUND[:3],
    lambda brand: returned(brand, back(number=2, document=slogan("一")), published(8)),
)


def after(steps: Sequence[Step]) -> Brand:
    brand = in_review()
    for step in steps:
        brand = step(brand)[0]
    return brand


@pytest.mark.parametrize("life", [ROUND, RETURNED])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_facts_in_any_order_and_any_number_of_times_end_the_same(life: Sequence[Step], data: st.DataObject) -> None:
    once = data.draw(st.permutations(life))
    twice = data.draw(st.lists(st.sampled_from(list(life)), max_size=8))
    assert after([*once, *twice]) == after(life)


def test_every_text_that_review_had_is_in_the_history_in_its_order() -> None:
    lines = [(line.revision, line.source) for line in after(ROUND[::-1]).history]
    assert lines == [
        (1, "saved"),
        (2, "suggestion"),
        (2, "returned"),
        (3, "suggestion"),
        (4, "suggestion"),
        (4, "final"),
    ]
