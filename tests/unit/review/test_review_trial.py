"""The dry run of a drawn procedure, its picture, and the rules for steps that are decided by signatures."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.kernel.errors import Invalid
from services.review.reviews.model.procedure.dry_run import MadeUp, Trial, rehearse
from services.review.reviews.model.procedure.procedure import Procedure, Step, mermaid
from services.review.reviews.model.procedure.publication import examine, faults
from tests.unit.review.panel_scene import SCORED
from tests.unit.review.scene import PROCEDURE, START
from tests.unit.review.signing_scene import SIGNED, changed
from tests.unit.review.wild_moves import OWN

GUIDE = (Path(__file__).parents[3] / "docs" / "guides" / "change-the-procedure.md").read_text(encoding="utf-8")


def walked(procedure: Procedure, **people: Any) -> Trial:  # noqa: ANN401 - bodies of people
    """The trial of a procedure with some of the usual people replaced."""
    return rehearse(procedure, MadeUp(**people), START)


@pytest.mark.parametrize("procedure", [PROCEDURE, SIGNED, OWN, SCORED], ids=lambda one: one.id)
def test_a_sound_procedure_is_walked_to_its_end(procedure: Procedure) -> None:
    examine(procedure)
    trial = walked(procedure)
    assert (trial.sound, trial.ends, trial.problems) == (True, "approved", [])
    assert [stop.step for stop in trial.stops] == [step.key for step in procedure.steps[1:]]
    assert all(stop.waits_for for stop in trial.stops)
    for stop in trial.stops:
        assert [back.to for back in stop.returns] == list(procedure.returnable(procedure.step(stop.step)))
        assert {back.resumes for back in stop.returns} == {stop.step}


def test_it_says_who_signs_what_passes_and_where_a_lost_step_leads() -> None:
    check, countersign, sign_any = walked(SIGNED).stops
    assert (check.passes_with, check.passes_to, check.not_carried_to) == (None, "countersign", None)
    assert [waited.person for waited in countersign.waits_for] == ["expert", "党委书记", "副书记"]
    assert (countersign.passes_with, countersign.not_carried_to) == ("3 / 3", "secretary_check")
    assert (sign_any.passes_with, sign_any.passes_to, sign_any.not_carried_to) == ("1 / 5", "approved", "reject")


@pytest.mark.parametrize(
    ("procedure", "people", "code", "field"),
    [
        (PROCEDURE, dict.fromkeys(("secretaries", "deputies", "superior_secretaries"), ()), "trial.nobody",
         "/steps/1/assignees"),
        (PROCEDURE, {"voters": []}, "discussion.no_voters", "/steps/2/assignees"),
        (PROCEDURE, {"committee_members": []}, "trial.no_quorum", "/steps/4/quorum"),
        (SIGNED, {"committee_members": []}, "signing.no_signers", "/steps/3/signers"),
        (changed(2, signers=["drafter"]), {}, "procedure.signers", "/steps/2/signers"),
    ],
)  # fmt: skip
def test_what_would_go_wrong_is_found_with_its_place(
    procedure: Procedure, people: dict[str, Any], code: str, field: str
) -> None:
    trial = walked(procedure, **people)
    assert not trial.sound
    assert [(found.code, found.field) for found in trial.problems] == [(code, field)]
    assert trial.problems[0].zh
    assert trial.problems[0].en


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"signers": [], "experts": []}, "signers"),
        ({"signers": ["deputy", "deputy"]}, "signers"),
        ({"signers": ["deputy", "drafter"]}, "signers"),
        ({"experts": ["expert", "expert"]}, "experts"),
        ({"quorum": {"of": "voters", "more_than": "1/2"}}, "quorum"),
        ({"majority": {"of": "voters", "more_than": "1/2"}}, "majority"),
        ({"may_reject": True}, "may_reject"),
        ({"on_not_carried": "any"}, "on_not_carried"),
        ({"kind": "sign_any", "majority": {"of": "signers", "at_least": "1/2"}}, "majority"),
        ({"kind": "check", "on_not_carried": None}, "signers"),
        ({"key": "previous"}, "key"),
    ],
)
def test_a_signing_step_that_is_not_sound_is_refused_at_its_place(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        examine(changed(2, **fields))
    assert caught.value.field == f"/steps/2/{field}"


def test_all_faults_are_told_at_once() -> None:
    wrong = changed(2, signers=["drafter"], may_reject=True)
    assert [fault.field for fault in faults(wrong)] == ["/steps/2/signers", "/steps/2/may_reject"]


def test_a_meetings_quorum_is_of_those_expected() -> None:
    steps = [step.model_dump() for step in PROCEDURE.steps]
    steps[4]["quorum"] = {"of": "voters", "at_least": "2/3"}
    with pytest.raises(Invalid, match=r"procedure\.quorum"):
        examine(PROCEDURE.model_validate({**PROCEDURE.model_dump(), "steps": steps}))


@pytest.mark.parametrize("procedure", [PROCEDURE, SIGNED, OWN, SCORED], ids=lambda one: one.id)
def test_the_picture_has_every_step_and_every_way(procedure: Procedure) -> None:
    text = mermaid(procedure)
    assert text.startswith("flowchart TD\n")
    for place, step in enumerate(procedure.steps):
        assert re.search(rf'^    s{place}\W+"{re.escape(step.title)}', text, re.MULTILINE)
    ways = re.findall(r"^    (\w+) -->|^    (\w+) -\.", text, re.MULTILINE)
    assert {one or other for one, other in ways} == {f"s{place}" for place in range(len(procedure.steps))}
    assert text.count("-->") == len(procedure.steps)


def test_nothing_that_people_write_becomes_part_of_the_picture() -> None:
    text = mermaid(changed(2, title='x"]; click s0 <script>&gt;'))
    assert '"]; click' not in text
    assert "<script>" not in text


def test_the_picture_in_the_guide_is_the_shipped_procedures() -> None:
    (picture,) = re.findall(r"```mermaid\n(.*?)```", GUIDE, re.DOTALL)
    assert picture == mermaid(PROCEDURE)


def test_the_countersign_of_the_guide_fits_into_the_shipped_procedure() -> None:
    steps = [Step.model_validate(json.loads(code)) for code in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]
    (countersign,) = [step for step in steps if step.kind == "countersign"]
    procedure = PROCEDURE.model_copy(update={"steps": (*PROCEDURE.steps[:3], countersign, *PROCEDURE.steps[3:])})
    trial = walked(procedure)
    assert (trial.sound, trial.ends) == (True, "approved")
    stop = next(stop for stop in trial.stops if stop.step == countersign.key)
    assert stop.not_carried_to == countersign.on_not_carried == "branch_discussion"
    assert len(stop.waits_for) > 1
