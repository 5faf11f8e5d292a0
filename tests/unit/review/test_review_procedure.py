"""Procedures: what is checked before one is published, and that a published version stays as it is."""

from typing import Any

import pytest
from pydantic import ValidationError

from infra.kernel.errors import Invalid, NotFound
from services.review.reviews.model.procedure.bodies import Share
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.procedure.publication import examine, publish
from tests.unit.review.scene import PROCEDURE


def changed(place: int, **fields: Any) -> Procedure:  # noqa: ANN401 - fields of a step
    """The shipped procedure with one step changed."""
    steps = [step.model_dump() for step in PROCEDURE.steps]
    steps[place] |= fields
    return Procedure.model_validate({**PROCEDURE.model_dump(), "steps": steps})


def test_the_shipped_procedure_is_the_seeds_five_steps_and_sound() -> None:
    examine(PROCEDURE)
    assert [step.title for step in PROCEDURE.steps] == [
        "制定初稿",
        "支部书记审核",
        "支部内部讨论",
        "公司党委协同优化",
        "党委会审定终稿",
    ]


def test_publishing_adds_a_version_and_leaves_the_others() -> None:
    first, _ = publish(None, PROCEDURE)
    second, facts = publish(first, changed(1, days=9))
    assert facts == []
    assert [version.number for version in second.versions] == [1, 2]
    assert second.versions[0] == first.newest == PROCEDURE
    assert second.numbered(2).steps[1].days == 9
    assert second.answer() == {"number": 2}
    for number in (0, 3):
        with pytest.raises(NotFound):
            second.numbered(number)


@pytest.mark.parametrize(
    ("place", "fields", "code", "field"),
    [
        (0, {"kind": "check", "assignees": ["secretary"]}, "procedure.kind", "/steps/0/kind"),
        (1, {"kind": "draft", "assignees": ["drafter"], "may_reject": False}, "procedure.kind", "/steps/1/kind"),
        (4, {"kind": "co_revision", "quorum": None, "majority": None, "on_not_carried": None}, "procedure.kind",
         "/steps/4/kind"),
        (0, {"assignees": ["secretary"]}, "procedure.assignees", "/steps/0/assignees"),
        (1, {"assignees": ["secretary", "drafter"]}, "procedure.assignees", "/steps/1/assignees"),
        (2, {"quorum": None}, "procedure.quorum", "/steps/2/quorum"),
        (1, {"majority": {"of": "voters", "more_than": "1/2"}}, "procedure.majority", "/steps/1/majority"),
        (4, {"quorum": {"of": "present", "at_least": "2/3"}}, "procedure.quorum", "/steps/4/quorum"),
        (2, {"on_not_carried": "committee_resolution"}, "procedure.on_not_carried", "/steps/2/on_not_carried"),
        (1, {"on_not_carried": "draft"}, "procedure.on_not_carried", "/steps/1/on_not_carried"),
        (2, {"then": "secretary_check"}, "procedure.then", "/steps/2/then"),
        (2, {"then": "nowhere"}, "procedure.then", "/steps/2/then"),
        (1, {"returnable_to": ["branch_discussion"]}, "procedure.returnable_to", "/steps/1/returnable_to"),
        (4, {"may_reject": True}, "procedure.may_reject", "/steps/4/may_reject"),
        (2, {"key": "secretary_check"}, "procedure.key", "/steps/2/key"),
        (1, {"key": "reject"}, "procedure.key", "/steps/1/key"),
        (1, {"then": "committee_co_revision"}, "procedure.unreachable", "/steps/2/key"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_not_published(place: int, fields: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        publish(None, changed(place, **fields))
    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize(
    "share",
    [
        {"of": "voters"},
        {"of": "voters", "more_than": "1/2", "at_least": "1/2"},
        {"of": "voters", "more_than": "half"},
        {"of": "voters", "more_than": "1/0"},
        {"of": "voters", "more_than": "1"},
        {"of": "voters", "at_least": "0"},
        {"of": "voters", "at_least": "3/2"},
        {"of": "everybody", "at_least": "1/2"},
    ],
)
def test_a_share_is_one_reachable_fraction_of_a_known_body(share: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Share.model_validate(share)


def test_an_unknown_kind_of_step_is_no_procedure() -> None:
    with pytest.raises(ValidationError):
        changed(1, kind="lottery")


@pytest.mark.parametrize(
    ("rule", "body", "needed"),
    [
        ({"more_than": "1/2"}, 5, 3),
        ({"more_than": "1/2"}, 6, 4),
        ({"at_least": "2/3"}, 9, 6),
        ({"at_least": "2/3"}, 10, 7),
        ({"at_least": "1"}, 4, 4),
        ({"at_least": "0.8"}, 10, 8),
    ],
)
def test_fractions_are_exact(rule: dict[str, str], body: int, needed: int) -> None:
    share = Share.model_validate({"of": "expected", **rule})
    figures = dict.fromkeys(("expected", "members", "voters", "present"), body)
    assert share.needed(figures) == needed  # type: ignore[arg-type]
    assert share.met(needed, figures)  # type: ignore[arg-type]
    assert not share.met(needed - 1, figures)  # type: ignore[arg-type]


def test_of_nobody_nothing_is_reached() -> None:
    share = Share(of="voters", more_than="1/2")
    assert not share.met(1, {"voters": 0})
    assert share.needed({"voters": 0}) == 0
