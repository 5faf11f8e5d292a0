"""The page that explains a review: sentences for people, and the same as fields."""

from datetime import date, datetime

from services.review.events.value_objects import Part, Resolution
from services.review.reviews.model.procedure.bodies import Base


class Body(Part):
    """The people around a decision: the digest of the role holders, of which day, and how many held each part."""

    holders: str
    day: date
    sizes: dict[str, int]


class Reason(Part):
    """Why it is this person: a ``role`` of the step, held at an organisation on a day, or a ``rule`` of the kind."""

    role: str | None = None
    rule: str | None = None
    organisation: str | None = None
    day: date
    zh: str
    en: str


class Wait(Part):
    """One person who must act: what, since when, and why they."""

    person: str
    duty: str
    duty_en: str
    since: datetime | None
    because: tuple[Reason, ...]


class Requirement(Part):
    """What must be so before the step can end: ``count`` of at least ``needed``, out of ``base`` where there is one."""

    rule: str
    of: Base | None = None
    base: int | None = None
    needed: int
    count: int
    fulfilled: bool
    numbers: tuple[int, ...] = ()
    """The opinions, suggestions or meetings that it is about."""
    zh: str
    en: str


class Instead(Part):
    """Who else may act, and when they may."""

    role: str
    people: tuple[str, ...]
    size: int
    zh: str
    en: str


class Now(Part):
    """What the review waits for."""

    step: str
    title: str
    title_en: str
    kind: str
    round: int
    since: datetime
    due: datetime | None
    overdue: bool
    provisional: bool = False
    zh: str
    en: str
    waiting: int
    waits_for: tuple[Wait, ...]
    rules: tuple[Requirement, ...]
    instead: tuple[Instead, ...]
    body: Body


class Deed(Part):
    """One command: who made it when, what they said, and with which body of people it was decided."""

    n: int
    at: datetime
    by: str
    command: str
    made: int | None
    choice: str | None
    said: str | None
    zh: str
    en: str
    body: Body


class Passage(Part):
    """One stay at a step: who decided what there, with which result and by which figures."""

    step: str
    title: str
    title_en: str
    kind: str
    round: int
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    reason: str | None
    zh: str
    en: str
    rules: tuple[Requirement, ...]
    body: Body | None
    decisions: tuple[Deed, ...]


class Explanation(Part):
    """The whole page; ``entry`` numbers the last command in it, every step of this version of the procedure."""

    review: str
    brand: str
    owner: str
    committee: str
    name: str | None
    state: str
    procedure: str
    procedure_version: int
    procedure_title: str
    procedure_title_en: str
    entry: int
    at: datetime | None
    zh: str
    en: str
    now: Now | None
    past: tuple[Passage, ...]
    resolution: Resolution | None
