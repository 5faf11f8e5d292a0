"""Where the sequences of commands by anybody begin, and who is there."""

from collections.abc import Callable

from tests.unit.review.notice_scene import NOTICED, at_notice, objected, published, reviewed
from tests.unit.review.panel_scene import CREWED, SCORED, at_panel, at_poll, revealed
from tests.unit.review.scene import (
    DRAFTER,
    PROCEDURE,
    Journey,
    at_check,
    at_discussion,
    at_resolution,
    in_meeting,
    submission,
    suggested,
)
from tests.unit.review.signing_scene import SIGNED, at_any, at_countersign
from tests.unit.review.wild_moves import OWN

EVERYBODY = CREWED.model_copy(update={"branch_committee": ("deputy", "m1", "secretary"), "administrators": ("admin",)})
DECIDING = ("agree", "sign", "score", "reveal", "set_aside", "close_scoring", "close_poll")
PERSONAL = ("vote", "ballot", "opine", "score", "justify", "poll_vote")


def own_text() -> Journey:
    """The secretary submitted; the deputy is to check."""
    journey = Journey()
    journey.do("secretary", submission())
    return journey


def own_procedure() -> Journey:
    """In the procedure that has everything, submitted by the drafter."""
    journey = Journey(EVERYBODY, OWN)
    journey.do(DRAFTER, submission())
    return journey


STARTS: dict[str, list[Callable[[], Journey]]] = {
    PROCEDURE.id: [at_check, at_discussion, suggested, at_resolution, in_meeting, own_text],
    SIGNED.id: [at_countersign, at_any],
    OWN.id: [own_procedure],
    SCORED.id: [at_poll, at_panel, revealed],
    NOTICED.id: [at_notice, reviewed, published, objected],
}
