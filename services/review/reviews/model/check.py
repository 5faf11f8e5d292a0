"""The check: one person in charge, who did not submit the text, agrees; returning and rejecting are common moves."""

from services.review.reviews.model.commands import Agree, Command
from services.review.reviews.model.context import CommandContext, Duties, Outcome
from services.review.reviews.model.step_runs import Checking


def decide(turn: CommandContext, visit: Checking, move: Command) -> Outcome:
    """Agree; raises ``Forbidden`` for anybody but the checker."""
    if not isinstance(move, Agree):
        raise turn.not_here(move)
    turn.require_charge()
    return Outcome(visit, "pass", reason=move.comment)


def duties(turn: CommandContext) -> Duties:
    """The checker checks."""
    return dict.fromkeys(turn.leading, ("审核", "check"))
