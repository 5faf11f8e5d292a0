"""A review that circulates after its check: two by post, one by number, and the drafter who knows the text."""

from services.review.reviews.model.procedure.procedure import Procedure
from services.review.reviews.model.steps.acknowledge import Acknowledging
from services.review.reviews.model.steps.check import Agree
from tests.unit.review.scene import DRAFTER, PROCEDURE, SECRETARY, Journey, submission

CIRCULATED = Procedure.model_validate(
    {
        "id": "circulated",
        "number": 1,
        "title": "传阅程序",
        "title_en": "Circulated",
        "steps": [
            *(step.model_dump() for step in PROCEDURE.steps[:2]),
            {
                "key": "circulation",
                "kind": "acknowledge",
                "title": "传阅",
                "title_en": "Circulation",
                "assignees": ["work_department"],
                "readers": ["deputy", "committee_secretary", "drafter"],
                "experts": ["expert"],
                "days": 3,
            },
            PROCEDURE.steps[4].model_dump() | {"on_not_carried": "draft"},
        ],
    }
)
READERS = ("c1", "deputy", "expert")


def at_circulation() -> Journey:
    """Checked; the deputy, ``c1`` and the expert are to read it."""
    journey = Journey(procedure=CIRCULATED)
    journey.do(DRAFTER, submission())
    journey.do(SECRETARY, Agree())
    return journey


def circulation(journey: Journey) -> Acknowledging:
    """The run of the step."""
    found = journey.review.runs[2]
    assert isinstance(found, Acknowledging)
    return found
