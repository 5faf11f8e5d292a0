"""The parts of a standing: lines of its history, awards, rechecks, rectifications, suspensions, rulings on hints."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from services.review.events.value_objects import Stored
from services.review.standings.model.decision_context import Justification
from services.review.standings.model.evidence import Evidence
from services.review.standings.model.rules import Outcome

State: TypeAlias = Literal["active", "suspended", "rectifying", "revoked"]
Deed: TypeAlias = Literal[
    "began", "graded", "awarded", "suspended", "lifted", "dismissed", "recheck_opened", "rechecked",
    "rectification_ordered", "rectification_closed", "revoked",
]  # fmt: skip


class Made(Stored):
    """What somebody entered, the ``n``-th of its kind, and on what ground."""

    n: int
    justification: Justification
    by: str
    at: datetime


class Entry(Made):
    """One line of the history: what was done by whom, on what ground, under which version of the rules.

    ``about``: the award, the year of the recheck, the number of the rectification, or the hint. ``level`` and ``state``
    are those after it. ``restricted``: only the Party work department may know of it.
    """

    deed: Deed
    rules: int
    level: str | None
    state: State
    about: str | None = None
    restricted: bool = False


class Award(Made):
    """An award, of one of the types that the rules name."""

    award: str


class Recheck(Stored):
    """The recheck of one year; its evidence stays as it was when it was opened. ``rules``: by which it is decided."""

    year: int
    rules: int
    evidence: Evidence
    opened_by: str
    opened_at: datetime
    outcome: Outcome | None = None
    justification: Justification | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None


class Proof(Stored):
    """What the branch shows for an item; ``link`` leads to the record it rests on."""

    n: int
    item: int
    text: str
    link: str | None
    by: str
    at: datetime


class Rectification(Stored):
    """What is to be put right until the end of ``deadline``; ``year`` is of the recheck that ordered it, if one did."""

    n: int
    items: tuple[str, ...]
    deadline: date
    justification: Justification
    ordered_by: str
    ordered_at: datetime
    year: int | None = None
    proofs: tuple[Proof, ...] = ()
    overdue: bool = False
    outcome: Literal["met", "not_met", "lapsed"] | None = None
    closing: Justification | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


class Suspension(Made):
    """From its ground's day until somebody lifts it, or the plaque is revoked."""

    hint: str | None = None
    restricted: bool = False
    lifting: Justification | None = None
    lifted_by: str | None = None
    lifted_at: datetime | None = None


class Ruling(Stored):
    """What a person decided on a hint, and why."""

    hint: str
    outcome: Literal["suspended", "dismissed"]
    reason: str
    by: str
    at: datetime
    restricted: bool = False
