"""Reviews with steps that are decided by signatures: a procedure of the test's own, and reviews that wait in it."""

from services.review.reviews.model.commands import Terminate
from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.steps.check import Agree
from services.review.reviews.model.steps.signing import Sign
from tests.unit.review.scene import DRAFTER, OFFICER, PROCEDURE, SEATS, SECRETARY, Journey, submission

AGREE, DISAGREE = Sign(choice="agree"), Sign(choice="disagree", comment="依据不足")
SIGNED = Procedure.model_validate(
    {
        "id": "signed",
        "number": 1,
        "title": "会签程序",
        "title_en": "Signed",
        "steps": [
            PROCEDURE.steps[0].model_dump(),
            PROCEDURE.steps[1].model_dump(),
            {
                "key": "countersign",
                "kind": "countersign",
                "title": "会签",
                "title_en": "Countersign",
                "assignees": ["work_department"],
                "signers": ["deputy", "committee_secretary"],
                "experts": ["expert"],
                "days": 5,
                "on_not_carried": "secretary_check",
            },
            {
                "key": "any",
                "kind": "sign_any",
                "title": "或签",
                "title_en": "Sign any",
                "assignees": ["work_department"],
                "signers": ["committee_member"],
                "on_not_carried": "reject",
            },
        ],
    }
)
"""Signers of the countersign: the deputy, the committee's secretary ``c1``, and an expert without any post."""


def changed(place: int, **fields: object) -> Procedure:
    """This procedure with one step changed."""
    steps = [step.model_dump() for step in SIGNED.steps]
    steps[place] |= fields
    return Procedure.model_validate({**SIGNED.model_dump(), "steps": steps})


def at_countersign(procedure: Procedure = SIGNED) -> Journey:
    """Checked; the deputy, ``c1`` and the expert are to sign."""
    journey = Journey(SEATS, procedure)
    journey.do(DRAFTER, submission())
    journey.do(SECRETARY, Agree())
    return journey


def at_any() -> Journey:
    """All have signed; the first of the six of the committee decides."""
    journey = at_countersign()
    for signer in ("deputy", "c1", "expert"):
        journey.do(signer, AGREE)
    return journey


def terminated() -> Journey:
    """Ended by the Party work department while three were to sign."""
    journey = at_countersign()
    journey.do(OFFICER, Terminate(reason="支部撤销"))
    return journey
