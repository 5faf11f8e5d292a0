"""The check: one person in charge, who did not submit the text, agrees; returning and rejecting are common moves."""

from services.review.reviews.model.commands import Agree, Move
from services.review.reviews.model.step_runs import Checking
from services.review.reviews.model.turn import Duties, Outcome, Turn


def decide(turn: Turn, visit: Checking, move: Move) -> Outcome:
    """Agree; raises ``Forbidden`` for anybody but the checker."""
    if not isinstance(move, Agree):
        raise turn.not_here(move)
    turn.require_charge()
    return Outcome(visit, "pass", reason=move.comment)


def duties(turn: Turn) -> Duties:
    """The checker checks."""
    return dict.fromkeys(turn.leading, ("审核", "check"))
