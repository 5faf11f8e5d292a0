"""A brand follows its standing: level, revocation, the day to apply again, and the plaque that comes back."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from infra.kernel.errors import Invalid, Problem, Refused
from services.registry.brands.model.brand import Actor, Brand, Return, give_back
from services.registry.brands.model.drafting import save, submit
from services.registry.brands.model.matrix import Sources, matrix
from services.registry.brands.model.reviewing import ReviewFact, stood
from tests.unit.registry.examples import (
    COMMITTEE,
    ENGINEERING,
    OFFICER,
    RULES,
    SECRETARY,
    document,
    plaqued,
    revoked,
    stands,
    text,
)

DAY = date(2026, 7, 1)
LATER = Actor("E011", OFFICER.at + timedelta(days=30))
BACK = Return(returned_on=DAY + timedelta(days=9), received_by="党委工作部 张三")


def published(sequence: int) -> ReviewFact:
    return ReviewFact(sequence, OFFICER.at)


def on(day: date) -> Actor:
    """The secretary on a day."""
    return Actor(SECRETARY.person, OFFICER.at + (day - DAY))


def test_its_level_follows() -> None:
    brand, facts = stood(plaqued(), stands("active", level="excellent"), published(4))
    assert (brand.state, brand.level) == ("plaqued", "excellent")
    assert [(fact.level, fact.state) for fact in facts] == [("excellent", "plaqued")]  # type: ignore[attr-defined]
    assert stood(brand, stands("rectifying", level="excellent"), published(5))[1] == [], "nothing of the brand changed"


def test_the_newest_word_wins_in_whatever_order_they_come() -> None:
    facts = [
        (4, stands("active", level="cultivating")),
        (5, stands("active", level="established")),
        (6, stands("suspended", level="established")),
        (7, stands()),
    ]
    ends = set()
    for order in permutations(facts):
        brand: Brand = plaqued()
        for sequence, fact in (*order, *order):
            brand = stood(brand, fact, published(sequence))[0]
        ends.add((brand.state, brand.level, brand.reapply_from, brand.standing_sequence))
    assert ends == {("revoked", None, date(2027, 7, 1), 7)}


def test_a_revoked_brand_applies_again_from_its_day_on() -> None:
    brand = revoked()
    with pytest.raises(Refused) as caught:
        submit(brand, None, on(date(2027, 6, 30)))
    assert caught.value.code == "brand.revoked"
    assert "2027-07-01" in caught.value.zh
    assert "2027-07-01" in caught.value.en
    written = save(brand, text(document(slogan={"state": "known", "value": "再出发"})), 1, SECRETARY)[0]
    assert written.state == "revoked"
    again = submit(written, None, on(date(2027, 7, 1)))[0]
    assert (again.state, again.review) == ("in_review", "1010.r2")
    late = stood(again, stands(), published(99))
    assert late == (again, []), "the old revocation takes nothing from the new review"


def test_it_no_longer_counts_from_the_day_of_the_revocation() -> None:
    brand = revoked()

    def coverage(day: date) -> int:
        return matrix(day, Sources([COMMITTEE, ENGINEERING], [brand]), RULES).coverage.covered

    assert (coverage(DAY - timedelta(days=1)), coverage(DAY)) == (1, 0)


def test_a_plaque_that_came_back_is_in_the_ledger_and_not_on_the_wall() -> None:
    brand, facts = give_back(revoked(), "1010.p1", BACK, LATER)
    assert [fact.type for fact in facts] == ["registry.plaque.returned.v1"]
    assert (brand.plaques[0].returned_on, brand.plaques[0].received_by) == (BACK.returned_on, BACK.received_by)

    def shown(day: date) -> bool:
        return matrix(day, Sources([COMMITTEE, ENGINEERING], [brand]), RULES).rows[0].brands[0].plaque is not None

    assert (shown(BACK.returned_on - timedelta(days=1)), shown(BACK.returned_on)) == (True, False)


def moved(days: int) -> Return:
    return BACK.model_copy(update={"returned_on": DAY + timedelta(days=days)})


@pytest.mark.parametrize(
    ("brand", "key", "given", "code", "field"),
    [
        (plaqued(), "1010.p1", BACK, "plaque.not_revoked", "/plaque"),
        (revoked(), "1010.p2", BACK, "plaque.unknown", "/plaque"),
        (revoked(), "1010.p1", moved(-1), "plaque.wrong_return", "/returned_on"),
        (revoked(), "1010.p1", moved(31), "plaque.wrong_return", "/returned_on"),
        (give_back(revoked(), "1010.p1", BACK, LATER)[0], "1010.p1", BACK, "plaque.returned", "/plaque"),
    ],
)
def test_what_the_ledger_refuses(brand: Brand, key: str, given: Return, code: str, field: str) -> None:
    with pytest.raises(Problem) as caught:
        give_back(brand, key, given, LATER)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert isinstance(caught.value, Refused | Invalid)
