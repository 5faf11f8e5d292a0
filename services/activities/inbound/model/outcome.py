"""The effects of other departments' events: drafts, points, reminders and hints. What they hold, the event said.

Their ids follow from the event, the rule and whom it concerns: an event that is worked off twice makes none twice.
"""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from infra.kernel.aggregate import Aggregate
from infra.kernel.values import Value
from services.activities.plans.model.activity import Draft as Plan
from services.activities.plans.model.attendance import Record


class Origin(Value):
    """Where an effect comes from: the event, its department, the rule."""

    arrival: str
    event_type: str
    source: str
    subject: str | None
    occurred_at: datetime | None
    department: str
    department_title: str
    rule: str
    rule_version: int
    restricted: bool


class Place(NamedTuple):
    """Whom an effect concerns, once it is resolved against the Party tree."""

    organisation: str
    brand: str | None = None


class Born(NamedTuple):
    """What every effect has from its birth: its id, whom it concerns, and where it comes from."""

    key: str
    place: Place
    origin: Origin


def born(origin: Origin, place: Place, number: int) -> Born:
    """The same event, rule, place and row make the same effect, however often it is looked at."""
    name = f"{origin.arrival}\n{origin.rule}\n{place.organisation}\n{place.brand}\n{number}"
    return Born(str(uuid5(NAMESPACE_URL, name)), place, origin)


class Filing(Value):
    """What a person made of a draft: the plan and, where it was held, the record."""

    plan: Plan
    record: Record | None = None
    by: str
    at: datetime


class Draft(Aggregate):
    """An activity that another department's event suggests: a person files or dismisses it."""

    organisation: str
    brand: str | None
    kind: str
    kind_title: str
    title: str
    occurred_at: datetime
    ended_at: datetime | None
    place: str | None
    content: str | None
    origin: Origin
    state: Literal["open", "filed", "dismissed"] = "open"
    filing: Filing | None = None
    activity: str | None = None
    reason: str | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None


class Point(Aggregate):
    """A measured value of an indicator of a brand. A later one of the same series corrects it."""

    brand: str
    organisation: str
    indicator: str
    value: float
    unit: str
    measured_at: datetime
    said_at: datetime
    series: str
    origin: Origin


class Reminder(Aggregate):
    """Something that an organisation is reminded of."""

    organisation: str
    title: str
    title_en: str
    text: str
    text_en: str
    to: Literal["secretary", "members", "work_department"]
    origin: Origin


class Hint(Aggregate):
    """A reason to look whether a brand should be suspended. A person notes what follows."""

    organisation: str
    brand: str | None
    title: str
    title_en: str
    reason: str
    origin: Origin
    state: Literal["open", "noted"] = "open"
    note: str | None = None
    noted_by: str | None = None
    noted_at: datetime | None = None


def current_points(points: list[Point]) -> list[Point]:
    """The points that no later event has corrected, in whatever order the events came."""
    newest: dict[tuple[str, str, str], Point] = {}
    for one in sorted(points, key=lambda one: (one.said_at, one.id)):
        newest[one.brand, one.indicator, one.series] = one
    return [one for one in points if newest[one.brand, one.indicator, one.series] is one]
