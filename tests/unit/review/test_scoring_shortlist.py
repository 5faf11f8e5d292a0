"""Sixty branches, a panel of seven with two recusals, and a shortlist: ranks with ties, the cut, and who decides it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import ValidationError

from infra.kernel.errors import Problem
from services.review.shared.actor import Actor
from services.review.shared.scoring.ranking import Cut, Place, pick, ranked, shortlist
from services.review.shared.scoring.result import Result, result
from services.review.shared.scoring.sealing import begin, hand_in, recuse, reveal
from tests.unit.review.test_scoring_panel import SUPERVISOR, marks, panel

AT = datetime(2026, 3, 2, tzinfo=UTC)


def results(**totals: str) -> list[Result]:
    """Entrants whom one judge gave these totals."""
    seats = panel(("j1",), quorum=1)
    found = []
    for entrant, total in totals.items():
        card = hand_in(begin(entrant, seats, (), AT), seats, Actor(by="j1", at=AT), marks(total))
        found.append(result(reveal(card, seats, SUPERVISOR), seats))
    return found


def ranks(places: tuple[Place, ...]) -> list[tuple[str, int | None]]:
    return [(place.entrant, place.rank) for place in places]


def test_equals_share_a_rank_and_the_next_ones_are_skipped() -> None:
    places = ranked(results(d="70", b="80", a="90", c="80"))
    assert ranks(places) == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]
    assert places[1].tied_with == ("c",)


def test_means_that_look_equal_are_no_tie() -> None:
    seats = panel(("j1", "j2", "j3"), quorum=3)
    found = []
    for entrant, last in (("a", "80.01"), ("b", "80.02")):
        card = begin(entrant, seats, (), AT)
        for judge, total in zip(seats.judges, ("80", "80", last), strict=True):
            card = hand_in(card, seats, Actor(by=judge, at=AT), marks(total))
        found.append(result(reveal(card, seats, SUPERVISOR), seats))
    assert ranks(ranked(found)) == [("b", 1), ("a", 2)]
    third = [one.shown for one in found]
    assert third == [Decimal("80.00"), Decimal("80.01")]


@pytest.mark.parametrize(
    ("rounding", "size"),
    [("up", 16), ("down", 15), ("half_up", 16)],
)
def test_the_ratio_is_rounded_as_stated(rounding: str, size: int) -> None:
    cut = Cut.model_validate({"seats": 13, "ratio": "1.2", "rounding": rounding})
    assert cut.size == size  # 15.6


@pytest.mark.parametrize("wrong", [{}, {"number": 3, "seats": 3, "ratio": "1.2"}, {"seats": 3}, {"ratio": "1.2"}])
def test_a_cut_is_said_in_one_way(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Cut.model_validate(wrong)


def test_a_tie_at_the_cut_is_shown_and_a_person_decides_it() -> None:
    places = ranked(results(a="90", b="80", c="80", d="80", e="70"))
    drawn = shortlist(places, Cut(number=3))
    assert (drawn.chosen, drawn.tied, drawn.left, drawn.settled) == (("a",), ("b", "c", "d"), 2, False)
    for wrong in (("b",), ("b", "b"), ("a", "b"), ("b", "c", "d")):
        with pytest.raises(Problem) as met:
            pick(drawn, wrong, "officer", AT, "?")
        assert met.value.code == "shortlist.picked"
    settled = pick(drawn, ("d", "b"), "officer", AT, "一线党支部优先")
    assert (settled.entrants, settled.settled, settled.reason) == (("a", "d", "b"), True, "一线党支部优先")
    with pytest.raises(Problem):
        pick(settled, ("c",), "officer", AT, "?")


def test_a_tie_that_fits_needs_nobody_and_fewer_than_the_cut_may_be_in() -> None:
    places = ranked(results(a="90", b="80", c="80"))
    assert shortlist(places, Cut(number=3)).entrants == ("a", "b", "c")
    assert shortlist(places, Cut(number=3)).settled
    assert shortlist(places, Cut(number=9)).entrants == ("a", "b", "c")


def test_who_did_not_pass_has_no_rank_and_is_never_in() -> None:
    seats = panel(("j1",), quorum=1, pass_mark="60")
    found = []
    for entrant, total in (("good", "70"), ("weak", "59.99")):
        card = hand_in(begin(entrant, seats, (), AT), seats, Actor(by="j1", at=AT), marks(total))
        found.append(result(reveal(card, seats, SUPERVISOR), seats))
    sealed = result(begin("sealed", seats, (), AT), seats)
    places = ranked([*found, sealed])
    assert ranks(places) == [("good", 1), ("weak", None), ("sealed", None)]
    assert shortlist(places, Cut(number=3)).entrants == ("good",)


def test_sixty_branches_seven_judges_two_recusals_fifteen_on_the_shortlist() -> None:
    seats = panel()
    found = []
    for n in range(60):
        card = begin(f"b{n:02}", seats, ("j1",) if n == 0 else (), AT)
        if n == 1:
            card = recuse(card, seats, "j2", Actor(by="j2", at=AT), "亲属关系")
        for judge in card.seated(seats):
            card = hand_in(card, seats, Actor(by=judge, at=AT), marks(str(60 + n // 2)))
        found.append(result(reveal(card, seats, SUPERVISOR), seats))
    places = ranked(found)
    assert ranks(places)[:4] == [("b58", 1), ("b59", 1), ("b56", 3), ("b57", 3)]
    drawn = shortlist(places, Cut.model_validate({"seats": 12, "ratio": "1.25"}))
    assert (drawn.size, len(drawn.chosen), drawn.tied, drawn.left) == (15, 14, ("b44", "b45"), 1)
