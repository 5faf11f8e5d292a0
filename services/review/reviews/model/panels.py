"""Visits in which a panel scores, and visits in which a wide body votes in secret."""

from typing import Literal

from services.review.reviews.model.procedure import Base
from services.review.reviews.model.step_run import Cast, StepRun
from services.review.shared.scoring.panel import Scorecard


class Judging(StepRun):
    """A panel scores; ``judges`` are those of the day on which it opened, ``quorum`` the fewest sheets that count."""

    kind: Literal["scoring"] = "scoring"
    judges: tuple[str, ...]
    quorum: int
    card: Scorecard

    @property
    def figures(self) -> dict[Base, int]:
        """The body that a quorum is a part of."""
        return {"judges": len(self.judges)}


class Polling(StepRun):
    """A wide body votes; ``voters`` are those of the day on which it opened. Who voted how is shown to nobody."""

    kind: Literal["poll"] = "poll"
    voters: tuple[str, ...]
    votes: tuple[Cast, ...] = ()

    @property
    def silent(self) -> tuple[str, ...]:
        """Who may still vote."""
        voted = {vote.by for vote in self.votes}
        return tuple(voter for voter in self.voters if voter not in voted)

    @property
    def figures(self) -> dict[Base, int]:
        """The bodies that a quorum or a majority may be a part of."""
        voters = len(self.voters)
        return {"expected": voters, "members": voters, "voters": voters, "present": len(self.votes)}
