"""A panel scores one entrant: sealed sheets, recusals, the reveal, late changes, outliers, vetoes and gates."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from infra.kernel.errors import Problem
from services.review.shared.actor import Actor
from services.review.shared.scoring.panel import Marks, Panel, Scorecard
from services.review.shared.scoring.result import outliers, pending, result, supervise
from services.review.shared.scoring.rubric import Rubric, shown
from services.review.shared.scoring.sealing import begin, hand_in, justify, recuse, reveal, set_aside

SHIPPED = Path(__file__).parents[3] / "services" / "review" / "data" / "rubrics" / "brand.json"
BRAND = Rubric.model_validate_json(SHIPPED.read_text(encoding="utf-8"))
AT = datetime(2026, 3, 2, tzinfo=UTC)
SUPERVISOR = Actor(by="watcher", at=AT)
SEVEN = tuple(f"j{n}" for n in range(1, 8))


def panel(judges: tuple[str, ...] = SEVEN, quorum: int = 5, **changes: Any) -> Panel:  # noqa: ANN401 - any field
    rubric = Rubric.model_validate({**BRAND.model_dump(), **changes})
    return Panel(rubric=rubric, judges=judges, supervisors=("watcher",), quorum=quorum)


def marks(total: str = "80", **more: Any) -> Marks:  # noqa: ANN401 - any field
    """Marks that come to this total, dimension by dimension as far as they go."""
    left, points = Decimal(total), {}
    for one in BRAND.dimensions:
        points[one.key] = min(left, one.greatest)
        left -= points[one.key]
    return Marks.model_validate({"points": points, "gates": {"branch_standard_met": True}, **more})


def scored(seats: Panel, *scores: str) -> Scorecard:
    """A card into which the judges have handed these totals, in their order; sealed."""
    card = begin("b1", seats, (), AT)
    for judge, total in zip(seats.judges, scores, strict=False):
        card = hand_in(card, seats, Actor(by=judge, at=AT), marks(total))
    return card


def revealed(seats: Panel, *scores: str) -> Scorecard:
    return reveal(scored(seats, *scores), seats, SUPERVISOR, "不再等待")


def code(call: Any, *given_: Any) -> str:  # noqa: ANN401 - any function
    with pytest.raises(Problem) as met:
        call(*given_)
    assert met.value.zh
    assert met.value.en
    return met.value.code


def test_the_default_rubric_is_data_and_comes_to_one_hundred() -> None:
    assert BRAND.greatest == 100
    assert [(one.key, int(one.greatest)) for one in BRAND.dimensions] == [
        ("identity", 10),
        ("meaning", 15),
        ("mechanism", 15),
        ("carriers", 20),
        ("outcomes", 25),
        ("promotion", 15),
    ]
    assert (BRAND.bonus, BRAND.penalty, BRAND.drop_extremes_from, BRAND.outlier_share) == (
        Decimal(10),
        Decimal(10),
        5,
        Decimal("0.2"),
    )
    assert [one.key for one in BRAND.gates] == ["branch_standard_met"]
    assert Rubric.model_validate(BRAND.model_dump()) == BRAND


@pytest.mark.parametrize("changes", [{"pass_mark": "110.01"}, {"dimensions": [BRAND.dimensions[0].model_dump()] * 2}])
def test_a_rubric_that_nobody_could_use_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        panel(**changes)


def test_equal_points_are_written_alike() -> None:
    assert Marks.model_validate({"points": {"identity": "12.50"}}).model_dump()["points"] == {"identity": "12.5"}
    assert Marks.model_validate({"points": {"identity": 10.0}}).model_dump()["points"] == {"identity": "10"}
    with pytest.raises(ValidationError):
        Marks.model_validate({"points": {"identity": "1.005"}})


@pytest.mark.parametrize(
    ("given_", "problem", "field"),
    [
        ({"points": {"identity": 1}}, "score.points", "/points/meaning"),
        ({"points": {**marks().points, "beauty": 1}}, "score.points", "/points/beauty"),
        ({"points": {**marks().points, "identity": "10.01"}}, "score.above_greatest", "/points/identity"),
        ({"gates": {}}, "score.gates", "/gates/branch_standard_met"),
        ({"bonus": 3}, "score.no_reason", "/bonus_reason"),
        ({"penalty": "10.5", "penalty_reason": "逾期"}, "score.above_greatest", "/penalty"),
        ({"vetoes": [{"ground": "taste", "reason": "x"}]}, "score.veto_unknown", "/vetoes"),
    ],
)
def test_marks_follow_the_rubric(given_: dict[str, Any], problem: str, field: str) -> None:
    seats = panel()
    with pytest.raises(Problem) as met:
        hand_in(begin("b1", seats, (), AT), seats, Actor(by="j1", at=AT), marks(**given_))
    assert (met.value.code, met.value.field) == (problem, field)


def test_nobody_but_its_judge_sees_a_sealed_sheet() -> None:
    seats = panel()
    card = scored(seats, "80", "90")
    assert [one.judge for one in card.seen_by("j1").sheets] == ["j1"]
    assert card.seen_by("watcher").sheets == ()
    assert result(card, seats).raw == ()
    assert result(card, seats).verdict == "open"
    assert (supervise(card, seats).spread, supervise(card, seats).missing) == (None, SEVEN[2:])
    card = hand_in(card, seats, Actor(by="j1", at=AT), marks("70"))
    sheet = card.sheet_of("j1")
    assert sheet is not None
    assert (sheet.marks.total, card.changes) == (Decimal(70), ())


def test_the_reveal_waits_for_all_or_for_a_reason_and_a_quorum() -> None:
    seats = panel()
    card = scored(seats, "80", "80", "80", "80")
    assert code(reveal, card, seats, SUPERVISOR, "不再等待") == "score.no_quorum"
    card = hand_in(card, seats, Actor(by="j5", at=AT), marks())
    assert code(reveal, card, seats, SUPERVISOR) == "score.sheets_missing"
    assert code(reveal, card, seats, Actor(by="j1", at=AT), "不再等待") == "score.not_supervisor"
    card = reveal(card, seats, SUPERVISOR, "两位评委出差")
    assert (card.shortfall, supervise(card, seats).missing) == ("两位评委出差", ("j6", "j7"))
    assert code(reveal, card, seats, SUPERVISOR) == "score.revealed"
    assert code(hand_in, card, seats, Actor(by="j6", at=AT), marks(), "补交") == "score.too_late"
    assert reveal(scored(seats, *["80"] * 7), seats, SUPERVISOR, "多余的理由").shortfall is None


def test_two_of_seven_stand_back_one_by_rule_and_one_by_declaration() -> None:
    seats = panel()
    card = begin("b1", seats, ("j1", "stranger"), AT)
    assert [(one.judge, one.kind) for one in card.recusals] == [("j1", "own_branch")]
    assert code(hand_in, card, seats, Actor(by="j1", at=AT), marks()) == "score.not_judge"
    card = hand_in(card, seats, Actor(by="j2", at=AT), marks("10"))
    card = recuse(card, seats, "j2", Actor(by="j2", at=AT), "曾参与创建")
    assert code(recuse, card, seats, "j3", Actor(by="j4", at=AT), "?") == "score.not_supervisor"
    for judge in SEVEN[2:]:
        card = hand_in(card, seats, Actor(by=judge, at=AT), marks("80"))
    found = result(reveal(card, seats, SUPERVISOR), seats)
    assert found.mean == 80
    assert [one.judge for one in found.raw] == list(SEVEN[2:])


def test_the_highest_and_the_lowest_are_dropped_from_five_judges_on() -> None:
    five, four = panel(SEVEN[:5]), panel(SEVEN[:4], quorum=2)
    found = result(revealed(five, "70", "80", "80", "81", "90"), five)
    assert [(one.judge, one.dropped) for one in found.raw if one.dropped] == [("j1", True), ("j5", True)]
    assert (found.mean, found.shown) == (Fraction(241, 3), Decimal("80.33"))
    assert result(revealed(four, "70", "80", "80", "90"), four).mean == 80
    assert result(revealed(panel(SEVEN[:5]), *["80"] * 5), five).mean == 80
    never = panel(SEVEN[:5], drop_extremes_from=None)
    assert result(revealed(never, "70", "80", "80", "81", "90"), never).mean == Fraction(401, 5)


def test_a_change_after_the_reveal_is_kept_with_both_marks_and_a_reason() -> None:
    seats = panel(SEVEN[:3], quorum=2)
    card = revealed(seats, "80", "82", "84")
    assert code(hand_in, card, seats, Actor(by="j1", at=AT), marks("81")) == "score.late_reason"
    assert code(hand_in, card, seats, Actor(by="j1", at=AT), marks("80"), "同前") == "score.unchanged"
    card = hand_in(card, seats, Actor(by="j1", at=AT), marks("86"), "漏看附件")
    (change,) = supervise(card, seats).late_changes
    assert (change.before.total, change.after.total, change.reason) == (Decimal(80), Decimal(86), "漏看附件")
    assert result(card, seats).mean == 84


def test_an_outlier_gives_a_reason_for_exactly_that_total_before_the_result_counts() -> None:
    seats = panel(SEVEN[:3], quorum=2)
    assert outliers(revealed(seats, "80", "80", "64"), seats) == ()  # twenty per cent is still within
    card = revealed(seats, "80", "80", "63.99")
    assert pending(card, seats) == ("j3",)
    assert result(card, seats).verdict == "open"
    assert code(justify, card, seats, Actor(by="j1", at=AT), "?") == "score.no_outlier"
    said = justify(card, seats, Actor(by="j3", at=AT), "案例不实")
    assert (result(said, seats).verdict, result(said, seats).raw[2].reason) == ("passed", "案例不实")
    moved = hand_in(said, seats, Actor(by="j3", at=AT), marks("50"), "再次核对")
    assert pending(moved, seats) == ("j3",)
    aside = set_aside(card, seats, "j3", SUPERVISOR, "逾期未说明")
    assert (result(aside, seats).mean, supervise(aside, seats).set_aside[0].judge) == (Fraction(80), "j3")
    assert code(set_aside, said, seats, "j3", SUPERVISOR, "?") == "score.counts"
    strict = panel(SEVEN[:3], quorum=3)
    assert code(set_aside, card, strict, "j3", SUPERVISOR, "?") == "score.no_quorum"


def test_one_veto_vetoes_a_gate_needs_more_than_half_and_the_pass_mark_is_exact() -> None:
    seats = panel(SEVEN[:4], quorum=2, pass_mark="80")
    assert result(revealed(seats, "80", "80", "80", "80"), seats).verdict == "passed"
    assert result(revealed(seats, "80", "80", "80", "79.99"), seats).verdict == "below_mark"  # shown as 80.00
    assert result(revealed(seats, "80", "80", "80", "79.99"), seats).shown == Decimal("80.00")
    card = scored(seats, "80", "80", "80", "80")
    veto = marks(vetoes=[{"ground": "safety", "reason": "负主要责任"}])
    found = result(reveal(hand_in(card, seats, Actor(by="j1", at=AT), veto), seats, SUPERVISOR), seats)
    assert (found.verdict, found.vetoes[0].ground, found.vetoes[0].judge) == ("vetoed", "safety", "j1")
    shut = marks(gates={"branch_standard_met": False})
    for judge in ("j1", "j2"):
        card = hand_in(card, seats, Actor(by=judge, at=AT), shut)
    found = result(reveal(card, seats, SUPERVISOR), seats)
    assert (found.verdict, found.shut) == ("gate_not_met", ("branch_standard_met",))
    assert supervise(reveal(card, seats, SUPERVISOR), seats).divided_gates == ("branch_standard_met",)


def test_supervision_flags_a_wide_spread() -> None:
    seats = panel(SEVEN[:3], quorum=2)
    assert not supervise(revealed(seats, "70", "80", "90"), seats).spread_flagged
    report = supervise(revealed(seats, "69.99", "80", "90"), seats)
    assert (report.spread, report.spread_flagged) == (Fraction(2001, 100), True)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=7))
def test_the_mean_lies_between_the_kept_extremes_and_a_sealed_card_stored_reads_back(hundredths: list[int]) -> None:
    seats = panel(SEVEN[: len(hundredths)], quorum=1, outlier_share=None)
    card = revealed(seats, *(str(Decimal(one).scaleb(-2)) for one in hundredths))
    found = result(card, seats)
    kept = [one.total for one in found.raw if not one.dropped]
    assert found.mean is not None
    assert min(kept) <= found.mean <= max(kept)
    assert len(kept) == len(hundredths) - (2 if len(hundredths) >= 5 else 0)
    assert Scorecard.model_validate(card.model_dump()) == card
    assert Scorecard.model_validate_json(card.model_dump_json()) == card


@pytest.mark.parametrize(
    ("exact", "seen"),
    [(Fraction(1, 200), "0.01"), (Fraction(-1, 200), "-0.01"), (Fraction(1, 3), "0.33"), (Fraction(89995, 1000), "90")],
)
def test_halves_are_shown_rounded_away_from_zero(exact: Fraction, seen: str) -> None:
    assert shown(exact) == Decimal(seen)
