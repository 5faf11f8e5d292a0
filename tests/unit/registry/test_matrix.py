"""The matrix as of a day, the completeness meter, hints about names, the number of brands, the settings."""

from datetime import date

import pytest

from infra.kernel.errors import Invalid, Refused
from services.registry.brands.model.brand import Actor, Brand, folded
from services.registry.brands.model.document import Document
from services.registry.brands.model.drafting import found
from services.registry.brands.model.hints import completeness, hints
from services.registry.brands.model.matrix import Sources, matrix
from services.registry.party.model.organisation import Organisation
from services.registry.programme.model.programme import settle
from tests.unit.registry.examples import (
    COMMITTEE,
    ENGINEERING,
    GROUP,
    NOW,
    OPERATIONS,
    RULES,
    SECRETARY,
    START,
    TYPES,
    document,
    draft,
    every_block_of_the_examples,
    organisation,
    plaqued,
    text,
)

UNDER = organisation("crane", "party_branch", "operations")
TEMPORARY = organisation("site", "temporary_branch", "operations")
ENDED = organisation("old", "party_branch", valid_to=date(2026, 1, 1))
ALL = [COMMITTEE, OPERATIONS, ENGINEERING, GROUP, UNDER, TEMPORARY, ENDED]


def brand(key: str, owner: Organisation, wanted: Document | None = None) -> Brand:
    return found(key, owner, (), text(wanted), SECRETARY)[0]


SOURCES = Sources(ALL, [plaqued(), brand("gps", OPERATIONS)], {"1010": 3}, {"engineering": 4})


def test_the_matrix_has_a_row_for_every_eligible_organisation() -> None:
    found_ = matrix(date(2026, 7, 1), SOURCES, RULES)
    assert [row.organisation for row in found_.rows] == ["crane", "engineering", "operations"]
    assert (found_.coverage.eligible, found_.coverage.covered, found_.coverage.rate) == (3, 1, 0.3333)
    row = found_.rows[1]
    cell = row.brands[0]
    assert (row.name, row.covered, row.activities) == ("**党支部", True, 4)
    assert (cell.name, cell.state, cell.activities) == ("1010", "plaqued", 3)
    assert cell.plaque is not None
    assert cell.plaque.number == "0004"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 1), None),
        (date(2026, 3, 2), "in_review"),
        (date(2026, 3, 20), "approved"),
        (date(2026, 6, 30), "approved"),
        (date(2026, 7, 1), "plaqued"),
    ],
)
def test_the_matrix_of_a_day_shows_what_counted_on_that_day(day: date, state: str | None) -> None:
    cells = matrix(day, SOURCES, RULES).rows[1].brands
    assert [cell.state for cell in cells] == ([state] if state else [])
    assert all((cell.plaque is None) == (state != "plaqued") for cell in cells)


def test_coverage_by_general_branch_and_by_emphasis() -> None:
    found_ = matrix(date(2026, 7, 1), SOURCES, RULES)
    parts = [(part.organisation, part.eligible, part.covered) for part in found_.by_general_branch]
    assert {(part.organisation is None, part.name_en) for part in found_.by_general_branch} == {
        (True, "Right under the committee"),
        (False, None),
    }
    assert parts == [(None, 1, 1), ("operations", 2, 0)]
    shares = {part.focus: (part.brands, part.share) for part in found_.by_focus}
    assert shares[None] == (1, 1.0)
    assert shares["service_quality"] == (0, 0.0)
    assert set(shares) == {*(one.id for one in RULES.focuses), None}


def test_whether_general_branches_count_is_a_setting() -> None:
    rules = RULES.model_copy(update={"general_branches_count": False})
    assert [row.organisation for row in matrix(date(2026, 7, 1), SOURCES, rules).rows] == ["crane", "engineering"]


def test_nobody_eligible_is_no_rate_at_all() -> None:
    assert matrix(START, Sources([COMMITTEE], []), RULES).coverage.rate is None


def test_the_meter_counts_and_never_refuses() -> None:
    empty = completeness(Document(), TYPES)
    assert (empty.met, empty.percent, empty.fields.unknown, empty.fields.percent) == (0, 0, 6, 0)
    little = completeness(document(), TYPES)
    assert [quality.id for quality in little.qualities if quality.met] == ["name", "meaning"]
    assert (little.fields.known, little.fields.masked, little.fields.percent) == (1, 1, 33)
    blocks = {f"b{n}": {"type": kind, "data": data} for n, (kind, data) in enumerate(every_block_of_the_examples())}
    assert completeness(document(blocks=blocks), TYPES).percent == 100


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("魅力GPS", []),
        ("三心", ["name.length"]),
        ("ｐｏｗｅｒ", ["name.similar"]),
        ("长得不能再长的名称", ["name.length"]),
    ],
)
def test_hints_about_names_only_warn(name: str, codes: list[str]) -> None:
    power = brand("power", UNDER, document(name={"state": "known", "value": "POWER"}))
    given = hints(document(name={"state": "known", "value": name}), RULES, [power])
    assert [hint.code for hint in given] == codes


def test_a_masked_name_is_not_compared() -> None:
    masked = {"state": "masked", "shown": "**", "value": "1010"}
    assert brand("x", UNDER, document(name=masked)).name_keys == ()
    assert folded("ＰＯＷＥＲ 影响力") == folded("power影响力")


def test_an_organisation_has_as_many_brands_as_the_settings_allow() -> None:
    with pytest.raises(Refused, match="too_many"):
        found("second", ENGINEERING, {draft().place}, text(), SECRETARY)
    rules = RULES.model_copy(update={"brands_per_organisation": 2})
    two = text()
    second, _ = found("second", ENGINEERING, {draft().place}, type(two)(two.document, TYPES, rules), SECRETARY)
    assert second.place == "engineering#2"


@pytest.mark.parametrize("owner", [COMMITTEE, GROUP, TEMPORARY, ENDED])
def test_only_eligible_organisations_own_brands(owner: Organisation) -> None:
    with pytest.raises(Refused, match="owner_not_eligible"):
        found("x", owner, (), text(), Actor("E1", NOW))


@pytest.mark.parametrize(
    "change",
    [{"focuses": RULES.focuses * 2}, {"levels": RULES.levels * 2}, {"name_longest": 2}],
)
def test_settings_that_contradict_themselves_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        settle(None, RULES.model_copy(update=change))
