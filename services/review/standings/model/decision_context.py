"""With what a person decides about a standing: on which ground, entered by whom, under which version of the rules."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from infra.kernel.errors import Invalid
from services.review.events.value_objects import Stored
from services.review.shared.actor import Actor
from services.review.shared.text_types import Key, Line, Words
from services.review.standings.model.rules import Act, Rules


class Justification(Stored):
    """Why, from which day it counts (of a resolution: the day of the meeting), and what it goes back to.

    ``direct`` is one of the rules' grounds for grading past the usual number of levels.
    """

    reason: Words
    on: date
    resolution: Line | None = None
    campaign: Line | None = None
    direct: Key | None = None


@dataclass(frozen=True)
class DecisionContext:
    """What each decision is made with."""

    justification: Justification
    actor: Actor
    rules: Rules

    @property
    def on(self) -> date:
        """The day from which it counts."""
        return self.justification.on

    @property
    def made(self) -> dict[str, Any]:
        """On what ground, by whom and when, as every line of a standing says it."""
        return {"justification": self.justification, "by": self.actor.by, "at": self.actor.at}

    def signed(self, deed: str, ground: str = "justification") -> dict[str, Any]:
        """The same as a part of a standing says of one ``deed`` to it, ``closed`` for instance."""
        return {ground: self.justification, f"{deed}_by": self.actor.by, f"{deed}_at": self.actor.at}

    def require_day(self, first: date) -> None:
        """Raise ``Invalid`` for a decision dated before ``first`` or still to come."""
        today = self.actor.today
        if not first <= self.on <= today:
            raise Invalid(
                "standing.wrong_day",
                zh=f"日期应在 {first} 与今天（{today}）之间。",
                en=f"The day lies between {first} and today ({today}).",
                field="/on",
            )

    def require_decider(self, act: Act) -> None:
        """Raise ``Invalid`` when the act needs the committee's resolution and none is named; a campaign has its own."""
        ground = self.justification
        if act in self.rules.by_resolution and ground.resolution is None and ground.campaign is None:
            raise Invalid(
                "standing.no_resolution",
                zh="按现行管理办法，此事项须写明党委会决议文号。",
                en=f"By the rules, {act} needs the number of the committee's resolution.",
                field="/resolution",
            )
