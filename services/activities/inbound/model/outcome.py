"""The effects of other departments' events: drafts, points, reminders and hints. What they hold, the event said.

How they come into being, and what people make of them: every decision publishes its fact.

Their ids follow from the event, the rule and whom it concerns: an event that is worked off twice makes none twice.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision, Fact
from infra.kernel.values import Value
from services.activities.events.published import DraftMade, DraftSettled, HintRaised, PointMeasured, ReminderRaised
from services.activities.inbound.model.effect import Kind, Wanted, WantedDraft, WantedPoint
from services.activities.plans.model.activity import Draft as Plan
from services.activities.plans.model.attendance import Record
from services.activities.plans.model.roster import Actor


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


MADE: Mapping[Kind, tuple[type[Aggregate], type[Fact]]] = {
    "draft_activity": (Draft, DraftMade),
    "point": (Point, PointMeasured),
    "reminder": (Reminder, ReminderRaised),
    "veto_hint": (Hint, HintRaised),
}
"""What is made of each kind of effect, and which fact says so."""
UNSAID = {
    "title": "受限线索",
    "title_en": "Restricted",
    "reason": "内容仅限党委工作部查看。 What it says is for the party work department.",
}
"""What is published of a restricted hint instead of what it says: a fact is consumed by more than may know it."""


def make(before: Aggregate | None, of: Born, wanted: Wanted, kind_title: str = "") -> Decision[Aggregate]:
    """Make the effect once: what became of it since stays. ``kind_title``: of a draft's kind.

    Raises ``Invalid`` for a moment that nobody said.
    """
    if before:
        return before, []
    origin, thing, fact = of.origin, *MADE[wanted.effect]
    said = {**wanted.model_dump(exclude={"department"}), **of.place._asdict()}
    if isinstance(wanted, WantedDraft):
        said |= {"kind_title": kind_title, "occurred_at": _moment(wanted.occurred_at, origin, "occurred_at")}
    elif isinstance(wanted, WantedPoint):
        measured_at = _moment(wanted.measured_at, origin, "measured_at")
        series = "\n".join((origin.source, origin.rule, wanted.series or origin.subject or of.key))
        said |= {"measured_at": measured_at, "said_at": origin.occurred_at or measured_at, "series": series}
    else:
        said |= {f"{name}_en": said[f"{name}_en"] or said[name] for name in ("title", "text") if name in said}
    made = thing.model_validate({**said, "id": of.key, "origin": origin})
    unsaid = UNSAID if isinstance(made, Hint) and origin.restricted else {}
    return made, [fact.model_validate({**dict(origin), **said, **unsaid, fact.about: of.key})]


def file(current: Draft, filing: Filing, activity: str) -> Decision[Draft]:
    """A person makes an activity of it; the activity follows from what is kept here."""
    by = Actor(filing.by, filing.at)
    return _settled(current, by, state="filed", filing=filing, activity=activity)


def dismiss(current: Draft, reason: str, by: Actor) -> Decision[Draft]:
    """It is no activity of ours, says a person."""
    return _settled(current, by, state="dismissed", reason=reason)


def note(current: Hint, text: str, by: Actor) -> Decision[Hint]:
    """A person writes down, once, what follows from a hint."""
    if current.state == "noted":
        raise Refused("hint.noted", zh="该线索已有处理意见。", en="What follows from this hint is noted already.")
    return current.becomes(state="noted", note=text, noted_by=by.person, noted_at=by.at), []


def _moment(said: datetime | None, origin: Origin, field: str) -> datetime:
    """When it was, as the event says; nothing is made up."""
    moment = said or origin.occurred_at
    if moment is None:
        raise Invalid(
            "event.no_time",
            zh=f"事件没有时间（time），映射也没有给出 {field}。",
            en=f"The event has no time, and the map yields no {field}.",
            field=f"/map/{field}",
        )
    return moment


def _settled(before: Draft, by: Actor, **changes: object) -> Decision[Draft]:
    if before.state != "open":
        raise Refused("draft.settled", zh="该草稿已办理。", en=f"The draft is {before.state} already.")
    after = before.becomes(**changes, settled_by=by.person, settled_at=by.at)
    said = after.model_dump(include={"organisation", "activity", "reason"})
    return after, [DraftSettled.model_validate({**said, "draft": after.id, "outcome": after.state, "by": by.person})]
