"""Moves of a panel that scores and of a wide vote: sheets, recusals, the reveal, reasons, and secret votes."""

from typing import Final, Literal, TypeAlias

from services.review.reviews.model.procedure import Number
from services.review.shared.scoring.sheet import Marks
from services.review.shared.text_types import Action, Reason


class Score(Action):
    """A judge hands in their sheet; after the reveal a change of it needs a reason."""

    kind: Literal["score"] = "score"
    marks: Marks
    reason: Reason | None = None


class StandBack(Action):
    """A judge declares that they are too close to the matter."""

    kind: Literal["stand_back"] = "stand_back"
    reason: Reason


class Recuse(Action):
    """Whoever supervises says that a judge is too close to the matter."""

    kind: Literal["recuse"] = "recuse"
    judge: Number
    reason: Reason


class Reveal(Action):
    """Whoever supervises opens the sheets; ``reason``: why without waiting for those that are missing."""

    kind: Literal["reveal"] = "reveal"
    reason: Reason | None = None


class Justify(Action):
    """A judge says why their total is far from the others."""

    kind: Literal["justify"] = "justify"
    reason: Reason


class SetAside(Action):
    """Whoever supervises does not count an outlier that nobody explained."""

    kind: Literal["set_aside"] = "set_aside"
    judge: Number
    reason: Reason


class CloseScoring(Action):
    """Whoever supervises makes the revealed sheets the result."""

    kind: Literal["close_scoring"] = "close_scoring"


class PollVote(Action):
    """Somebody who is entitled votes, once and in secret."""

    kind: Literal["poll_vote"] = "poll_vote"
    choice: Literal["for", "against", "abstain"]


class ClosePoll(Action):
    """Whoever runs the vote ends it; ``close`` does not wait for those who have not voted."""

    kind: Literal["close_poll"] = "close_poll"
    close: bool = False


PanelMove: TypeAlias = Score | StandBack | Recuse | Reveal | Justify | SetAside | CloseScoring | PollVote | ClosePoll
PANEL_DUTIES: Final = (Score, Reveal, Justify, CloseScoring, PollVote, ClosePoll)
"""The moves by which people do what a to-do asks of them."""
PANEL_LEADING: Final = (Recuse, Reveal, SetAside, CloseScoring, ClosePoll)
"""The moves of whoever supervises or runs it; a proxy may make them for somebody who is absent."""
