"""Roles with a scope: whom they mean, what is refused of them, and that they change nothing for those without."""

from datetime import date
from typing import Any

import pytest

from infra.kernel.errors import Invalid
from services.review.reviews.model.commands import Reseat
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.procedure.publication import examine, publish_rubric
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.signing import Sign
from services.review.shared.role_holders import Organisation, Person, RoleHolders, context_of
from services.review.shared.scope import Scope, bodies, reach
from tests.unit.review.panel_scene import CREWED, RUBRIC, SCORED
from tests.unit.review.scene import DRAFTER, SEATS, Journey, submission
from tests.unit.review.signing_scene import changed as changed_signing
from tests.unit.review.test_review_roster import DAY, TREE, person

WATCH = {"posts": ["discipline_committee_member"], "at": "superior"}


def changed(place: int, **fields: Any) -> Procedure:  # noqa: ANN401 - fields of a step
    """The scored procedure with one step changed."""
    steps = [step.model_dump() for step in SCORED.steps]
    steps[place] |= fields
    return Procedure.model_validate({**SCORED.model_dump(), "steps": steps})


def meant(scope: dict[str, Any], *persons: Person, day: date = DAY, tree: list[Organisation] = TREE) -> tuple[str, ...]:
    """Whom a scope means around the branch."""
    one = Scope.model_validate(scope)
    found = bodies(reach(tree, context_of(tree, "branch", day), [one], day), persons, day)
    return dict(found)[one.label]


PERSONS = (
    person("s", "branch_secretary@branch", member="full_member@branch"),
    person("g", "group_leader@group", member="full_member@group"),
    person("d", "discipline_committee_member@general", member="probationary_member@other"),
    person("x", "discipline_committee_member@other", member="full_member@other"),
    person("c", "party_committee_member@committee", member="full_member@committee"),
    person("gone", "branch_secretary@branch", member="full_member@branch", until="2026-03-01"),
)


@pytest.mark.parametrize(
    ("scope", "people"),
    [
        ({"posts": ["branch_secretary"]}, ("s",)),
        ({"posts": ["group_leader"]}, ()),
        ({"posts": ["group_leader"], "below": True}, ("g",)),
        (WATCH, ("d",)),
        ({"posts": ["discipline_committee_member"], "at": "committee", "below": True}, ("d", "x")),
        ({"posts": ["discipline_committee_member"], "at": "other"}, ("x",)),
        ({"posts": ["discipline_committee_member"], "at": "nowhere"}, ()),
        ({"members": ["full_member"]}, ("g", "s")),
        ({"members": ["full_member"], "at": "committee"}, ("c", "g", "s", "x")),
        ({"members": ["full_member", "probationary_member"], "at": "superior"}, ("d", "g", "s", "x")),
        ({"posts": ["party_committee_member"], "members": ["full_member"], "at": "group"}, ("g",)),
    ],
)
def test_a_scope_means_the_holders_and_members_of_its_place_on_that_day(
    scope: dict[str, Any], people: tuple[str, ...]
) -> None:
    assert meant(scope, *PERSONS) == people


def test_a_branch_without_anything_above_it_has_no_superior_scope() -> None:
    tree = [Organisation(id="branch", kind="party_committee")]
    assert meant(WATCH, *PERSONS, tree=tree) == ()


@pytest.mark.parametrize(
    ("place", "fields", "field"),
    [
        (2, {"assignees": [{"posts": ["astronaut"], "at": "owner"}]}, "assignees"),
        (2, {"assignees": [{"at": "owner"}]}, "assignees"),
        (2, {"judges": [{"posts": ["group_leader"], "at": "committee"}]}, "judges"),
        (1, {"voters": [{"posts": ["astronaut"], "at": "other"}]}, "voters"),
        (1, {"voters": []}, "voters"),
        (2, {"voters": ["committee_member"]}, "voters"),
        (1, {"judges": ["committee_member"]}, "judges"),
        (2, {"judges": [], "experts": []}, "judges"),
        (2, {"judges": ["committee_member", "drafter"]}, "judges"),
        (2, {"quorum": None}, "quorum"),
        (2, {"quorum": {"of": "voters", "at_least": "1/2"}}, "quorum"),
        (2, {"majority": {"of": "judges", "at_least": "1/2"}}, "majority"),
        (1, {"quorum": {"of": "judges", "at_least": "1/2"}}, "quorum"),
        (1, {"majority": None}, "majority"),
        (2, {"rubric": None}, "rubric"),
        (1, {"rubric": RUBRIC.model_dump()}, "rubric"),
        (2, {"rubric": {**RUBRIC.model_dump(), "pass_mark": None, "vetoes": [], "gates": []}}, "rubric"),
        (2, {"may_reject": True}, "may_reject"),
        (2, {"signers": ["deputy"]}, "signers"),
    ],
)
def test_what_could_never_work_is_refused_at_its_place(place: int, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        examine(changed(place, **fields))
    assert caught.value.field == f"/steps/{place}/{field}"
    assert caught.value.zh


def test_a_scoring_or_a_poll_may_be_the_last_step() -> None:
    for last in (2, 3):
        steps = [step.model_dump() for step in SCORED.steps[:last]]
        examine(Procedure.model_validate({**SCORED.model_dump(), "steps": steps}))


def test_seats_without_scopes_keep_their_names() -> None:
    assert SEATS.digest == RoleHolders.model_validate(SEATS.model_dump(exclude={"scoped"})).digest
    assert CREWED.digest != SEATS.digest
    assert (CREWED.holds_any("p1"), SEATS.holds_any("p1"), CREWED.officer("p1")) == (True, False, False)
    assert CREWED.sizes["full_member@committee"] == 4
    assert "scoped" not in CREWED.sizes


def test_who_signs_by_a_scope_is_succeeded_and_the_to_do_follows() -> None:
    procedure = changed_signing(2, signers=[WATCH], experts=[])
    label = Scope.model_validate(WATCH).label
    journey = Journey(SEATS.model_copy(update={"scoped": ((label, ("old",)),)}), procedure)
    journey.do(DRAFTER, submission())
    journey.do("secretary", Agree())
    assert "old" in journey.open_tasks()
    journey.holders = SEATS.model_copy(update={"scoped": ((label, ("new",)),)})
    journey.do("system", Reseat())
    assert journey.open_tasks() == {"new"}
    assert journey.problem("old", Sign(choice="agree")).code == "sign.not_signer"
    journey.do("new", Sign(choice="agree"))
    assert journey.step == "any"


def test_a_rubric_is_published_in_versions_and_a_copy_in_a_procedure_stays() -> None:
    library, facts = publish_rubric(None, RUBRIC)
    library, _ = publish_rubric(library, RUBRIC.becomes(pass_mark="70"))
    assert (facts, [one.number for one in library.versions], library.answer()) == ([], [1, 2], {"number": 2})
    assert library.numbered(1).pass_mark == 60
    assert SCORED.steps[2].rubric == RUBRIC
