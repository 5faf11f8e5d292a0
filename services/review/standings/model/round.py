"""A round of rechecks: the recheck of one year opened for every brand of a committee, a piece at a time."""

from datetime import datetime
from typing import Any, Literal

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Refused
from services.review.events.value_objects import Kept
from services.review.shared.actor import Actor
from services.review.standings.model.commands import RoundStarted

MOST_NOTED = 200


class Skipped(Kept):
    """A brand whose recheck was not opened, and why."""

    brand: str
    code: str
    zh: str
    en: str


class Round(Aggregate):
    """How far a round has come; ``after`` is the brand it did last, ``run`` counts how often it was started."""

    year: int
    committee: str
    state: Literal["running", "done"]
    run: int
    started_by: str
    started_at: datetime
    total: int
    opened: int = 0
    skipped: int = 0
    notes: tuple[Skipped, ...] = ()
    after: str = ""

    def answer(self) -> dict[str, Any]:
        """How far it is."""
        return {"state": self.state, "total": self.total, "opened": self.opened, "skipped": self.skipped}


def key(command: RoundStarted) -> str:
    """The id of a round: one for each year and committee."""
    return f"{command.year}@{command.committee}"


def start(before: Round | None, command: RoundStarted, total: int, actor: Actor) -> Decision[Round]:
    """Begin a round, or one that is done once more, for brands that came later; raises ``Refused`` while it runs."""
    if before is not None and before.state == "running":
        raise Refused("round.running", zh="该年度复核正在批量开展。", en="This round is running already.")
    fresh = Round(
        id=key(command),
        year=command.year,
        committee=command.committee,
        state="running",
        run=before.run + 1 if before else 1,
        started_by=actor.by,
        started_at=actor.at,
        total=total,
    )
    return fresh if before is None else before.becomes(**fresh.model_dump(exclude={"id", "version"})), []


def came(before: Round, after: str, opened: int, skipped: tuple[Skipped, ...], *, last: bool) -> Decision[Round]:
    """The round came as far as this brand; ``last``: there are no more."""
    return before.becomes(
        state="done" if last else "running",
        after=after,
        opened=before.opened + opened,
        skipped=before.skipped + len(skipped),
        notes=(*before.notes, *skipped)[:MOST_NOTED],
    ), []
