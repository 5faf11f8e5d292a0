"""The effects of other departments' events: drafts, points, reminders and hints. What they hold, the event said.

How they come into being, and what people make of them: every decision publishes its fact.

Their ids follow from the event, the rule and whom it concerns: an event that is worked off twice makes none twice.
"""

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from infra.kernel.aggregate import Aggregate, Decision
from infra.kernel.errors import Invalid, Refused
from infra.kernel.values import Value
from services.activities.events.published.effects import (
    DraftMade,
    DraftSettled,
    HintRaised,
    PointMeasured,
    ReminderRaised,
)
from services.activities.inbound.model.effect import WantedDraft, WantedHint, WantedPoint, WantedReminder
from services.activities.plans.model.activity import Draft as Plan
from services.activities.plans.model.attendance import Record
from services.activities.plans.model.kind import Kind
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


UNSAID = {
    "title": "受限线索",
    "title_en": "Restricted",
    "reason": "内容仅限党委工作部查看。 What it says is for the party work department.",
}
"""What is published of a restricted hint instead of what it says: a fact is consumed by more than may know it."""


def draft(before: Draft | None, of: Born, wanted: WantedDraft, kind: Kind) -> Decision[Draft]:
    """Make the draft once; what a person did with it since stays."""
    if before:
        return before, []
    made = Draft(
        id=of.key,
        organisation=of.place.organisation,
        brand=of.place.brand,
        kind=kind.id,
        kind_title=kind.title,
        occurred_at=_moment(wanted.occurred_at, of.origin, "occurred_at"),
        origin=of.origin,
        **wanted.model_dump(include={"title", "ended_at", "place", "content"}),
    )
    said = made.model_dump(include={"organisation", "brand", "kind", "kind_title", "title", "occurred_at"})
    from_ = of.origin.model_dump(include={"department", "department_title", "event_type"})
    return made, [DraftMade(draft=made.id, **said, **from_)]


def point(before: Point | None, of: Born, wanted: WantedPoint) -> Decision[Point]:
    """Keep the value once."""
    if before:
        return before, []
    measured_at = _moment(wanted.measured_at, of.origin, "measured_at")
    made = Point(
        id=of.key,
        organisation=of.place.organisation,
        brand=of.place.brand or "",
        measured_at=measured_at,
        said_at=of.origin.occurred_at or measured_at,
        series="\n".join((of.origin.source, of.origin.rule, wanted.series or of.origin.subject or of.key)),
        origin=of.origin,
        **wanted.model_dump(include={"indicator", "value", "unit"}),
    )
    said = made.model_dump(include={"brand", "organisation", "indicator", "value", "unit", "measured_at"})
    from_ = of.origin.model_dump(include={"department", "event_type"})
    return made, [PointMeasured(point=made.id, **said, **from_)]


def reminder(before: Reminder | None, of: Born, wanted: WantedReminder) -> Decision[Reminder]:
    """Raise the reminder once."""
    if before:
        return before, []
    made = Reminder(
        id=of.key,
        organisation=of.place.organisation,
        title=wanted.title,
        title_en=wanted.title_en or wanted.title,
        text=wanted.text,
        text_en=wanted.text_en or wanted.text,
        to=wanted.to,
        origin=of.origin,
    )
    said = made.model_dump(exclude={"id", "version", "origin"})
    return made, [ReminderRaised(reminder=made.id, department_title=of.origin.department_title, **said)]


def hint(before: Hint | None, of: Born, wanted: WantedHint) -> Decision[Hint]:
    """Raise the hint once; what a restricted one says stays in this service."""
    if before:
        return before, []
    made = Hint(
        id=of.key,
        organisation=of.place.organisation,
        brand=of.place.brand,
        title=wanted.title,
        title_en=wanted.title_en or wanted.title,
        reason=wanted.reason,
        origin=of.origin,
    )
    said = made.model_dump(include={"organisation", "brand", "title", "title_en", "reason"})
    if of.origin.restricted:
        said |= UNSAID
    from_ = of.origin.model_dump(include={"department_title", "restricted"})
    return made, [HintRaised(hint=made.id, **said, **from_)]


def file(current: Draft, filing: Filing, activity: str) -> Decision[Draft]:
    """A person makes an activity of it; the activity follows from what is kept here."""
    settled = {"state": "filed", "filing": filing, "activity": activity, "settled_by": filing.by}
    return _settled(current.becomes(**settled, settled_at=filing.at), current)


def dismiss(current: Draft, reason: str, by: Actor) -> Decision[Draft]:
    """It is no activity of ours, says a person."""
    settled = {"state": "dismissed", "reason": reason, "settled_by": by.person, "settled_at": by.at}
    return _settled(current.becomes(**settled), current)


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


def _settled(after: Draft, before: Draft) -> Decision[Draft]:
    if before.state != "open":
        raise Refused("draft.settled", zh="该草稿已办理。", en=f"The draft is {before.state} already.")
    said = after.model_dump(include={"organisation", "activity", "reason"})
    outcome: Literal["filed", "dismissed"] = "filed" if after.activity else "dismissed"
    return after, [DraftSettled(draft=after.id, outcome=outcome, by=after.settled_by or "", **said)]
