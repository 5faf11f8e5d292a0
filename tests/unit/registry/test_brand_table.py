"""Every state × every move: what each move makes of a brand, or why it is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from infra.kernel.errors import Invalid, Refused, Stale
from infra.kernel.events import Decision
from services.registry.brands.model.brand import TITLES, Brand, award
from services.registry.brands.model.drafting import Text, imported, save, submit
from services.registry.brands.model.reviewing import concluded, opened, returned, revised, stood
from services.registry.programme.model import block_type
from tests.unit.registry.examples import (
    AWARD,
    OFFICER,
    RULES,
    SECRETARY,
    STATES,
    TYPES,
    back,
    conclusion,
    document,
    names,
    published,
    revision,
    shape,
    slogan,
    stands,
    start,
    text,
)

RECORDED = "registry.brand.recorded.v1"
SUBMITTED = "registry.brand.submitted.v1"
AWARDED = "registry.plaque.awarded.v1"
FREE = block_type.record(None, "free", shape(), "E011", OFFICER.at)[0]
OTHER = document(highlight={"state": "known", "value": "亮点"})

MOVES: dict[str, Callable[[Brand], Decision[Brand]]] = {
    "save": lambda brand: save(brand, text(OTHER), brand.revision, SECRETARY),
    "save the same": lambda brand: save(brand, text(), brand.revision, SECRETARY),
    "submit": lambda brand: submit(brand, None, SECRETARY),
    "import the same": lambda brand: imported(brand, "engineering", text()),
    "award": lambda brand: award(brand, AWARD, OFFICER),
    "opened": lambda brand: opened(brand, start(), published(20)),
    "revised": lambda brand: revised(brand, revision(2, "新口号"), published(20)),
    "returned to drafter": lambda brand: returned(brand, back(), published(20)),
    "returned to a step": lambda brand: returned(brand, back(to_drafter=False), published(20)),
    "approved": lambda brand: concluded(brand, conclusion("approved", 2, slogan("新口号")), published(20)),
    "rejected": lambda brand: concluded(brand, conclusion("rejected"), published(20)),
    "recalled": lambda brand: concluded(brand, conclusion("recalled"), published(20)),
    "revoked": lambda brand: stood(brand, stands(), published(30)),
}

NOT_DRAFT, UNAPPROVED, ALREADY = "brand.not_draft", "plaque.not_approved", "plaque.already"
UNCHANGED, TOO_EARLY = "brand.rejected", "brand.revoked"
# move → what each state becomes, in the order of STATES; a code means refused, NOT_YET a review never asked for
TABLE: dict[str, list[str]] = {
    #                       draft         sent_back     in_review     approved    rejected      plaqued    revoked
    "save":                ["draft",      "draft",      NOT_DRAFT,    NOT_DRAFT,  "draft",      NOT_DRAFT, "revoked"],
    "save the same":       ["draft",      "draft",      NOT_DRAFT,    NOT_DRAFT,  "rejected",   NOT_DRAFT, "revoked"],
    "submit":              ["in_review",  "in_review",  NOT_DRAFT,    NOT_DRAFT,  UNCHANGED,    NOT_DRAFT, TOO_EARLY],
    "import the same":     ["draft",      "draft",      "in_review",  "approved", "rejected",   "plaqued", "revoked"],
    "award":               [UNAPPROVED,   UNAPPROVED,   UNAPPROVED,   "plaqued",  UNAPPROVED,   ALREADY,   UNAPPROVED],
    "opened":              ["NOT_YET",    "draft",      "in_review",  "approved", "rejected",   "plaqued", "revoked"],
    "revised":             ["NOT_YET",    "draft",      "in_review",  "approved", "rejected",   "plaqued", "revoked"],
    "returned to drafter": ["NOT_YET",    "draft",      "draft",      "approved", "rejected",   "plaqued", "revoked"],
    "returned to a step":  ["NOT_YET",    "draft",      "in_review",  "approved", "rejected",   "plaqued", "revoked"],
    "approved":            ["NOT_YET",    "draft",      "approved",   "approved", "rejected",   "plaqued", "revoked"],
    "rejected":            ["NOT_YET",    "draft",      "rejected",   "approved", "rejected",   "plaqued", "revoked"],
    "recalled":            ["NOT_YET",    "draft",      "draft",      "approved", "rejected",   "plaqued", "revoked"],
    "revoked":             ["draft",      "draft",      "in_review",  "revoked",  "rejected",   "revoked", "revoked"],
}  # fmt: skip
CASES = [
    (state, move, wanted) for move, row in TABLE.items() for state, wanted in zip(STATES, row, strict=True)
]  # fmt: skip


def test_the_table_has_every_state_and_every_move() -> None:
    assert set(TABLE) == set(MOVES)
    assert len(CASES) == len(STATES) * len(MOVES)


@pytest.mark.parametrize(("state", "move", "wanted"), CASES)
def test_every_state_and_every_move(state: str, move: str, wanted: str) -> None:
    before = STATES[state]()
    if wanted not in {*STATES, "draft"}:
        with pytest.raises(Exception, match=r".") as caught:
            MOVES[move](before)
        assert getattr(caught.value, "code", "") == ("review.not_yet" if wanted == "NOT_YET" else wanted)
        assert getattr(caught.value, "zh", "")
        return
    after, facts = MOVES[move](before)
    assert after.state == wanted
    assert bool(facts) == (after != before), "a change is told, and only a change"
    if facts:
        assert names(facts)[-1] == RECORDED


def test_what_is_told_with_a_move() -> None:
    assert names(MOVES["submit"](STATES["draft"]())[1]) == [SUBMITTED, RECORDED]
    assert names(MOVES["award"](STATES["approved"]())[1]) == [AWARDED, RECORDED]


@pytest.mark.parametrize(("move", "arguments"), [(save, {"text": text(OTHER)}), (submit, {})])
def test_an_old_revision_is_stale(move: Callable[..., Decision[Brand]], arguments: dict[str, Any]) -> None:
    brand, _ = MOVES["save"](STATES["draft"]())
    with pytest.raises(Stale) as caught:
        move(brand, based_on=1, actor=SECRETARY, **arguments)
    assert (caught.value.code, caught.value.field) == ("brand.old_revision", "/revision")


@pytest.mark.parametrize(("on", "allowed"), [
    (date(2026, 3, 19), False), (date(2026, 3, 20), True), (date(2026, 7, 1), True), (date(2026, 7, 2), False),
])  # fmt: skip
def test_a_plaque_is_awarded_between_the_approval_and_today(on: date, allowed: bool) -> None:
    given = AWARD.model_copy(update={"awarded_on": on})
    if allowed:
        assert award(STATES["approved"](), given, OFFICER)[0].plaques[0].awarded_on == on
    else:
        with pytest.raises(Invalid) as caught:
            award(STATES["approved"](), given, OFFICER)
        assert (caught.value.code, caught.value.field) == ("plaque.wrong_day", "/awarded_on")


def test_one_and_true_and_one_point_nought_are_three_texts() -> None:
    brand = STATES["draft"]()
    for count, number in enumerate((1, True, 1.0), start=2):
        wanted = document(blocks={"free": {"type": "free", "data": {"n": number}}})
        brand = save(brand, Text(wanted, {**TYPES, "free": FREE}, RULES), brand.revision, SECRETARY)[0]
        assert (brand.revision, repr(brand.document.blocks["free"].data["n"])) == (count, repr(number))


def test_a_changed_block_is_checked_also_where_python_sees_no_change() -> None:
    whole = block_type.record(FREE, "free", shape(properties={"n": {"type": "integer"}}), "E011", OFFICER.at)[0]
    old = document(blocks={"free": {"type": "free", "data": {"n": 1}}})
    new = document(blocks={"free": {"type": "free", "data": {"n": True}}})
    with pytest.raises(Invalid, match=r"block\.unfit"):
        Text(new, {"free": whole}, RULES).checked(old)


@pytest.mark.parametrize(("state", "move"), [("in_review", "submit"), ("rejected", "award")])
def test_people_read_states_in_their_language(state: str, move: str) -> None:
    with pytest.raises(Refused) as caught:
        MOVES[move](STATES[state]())
    assert TITLES[STATES[state]().state] in caught.value.zh
    assert state not in caught.value.zh


def test_another_import_of_a_brand_that_exists_is_refused() -> None:
    with pytest.raises(Refused, match=r"brand\.exists"):
        imported(STATES["draft"](), "engineering", text(OTHER))
