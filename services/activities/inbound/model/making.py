"""How effects come into being, and what people make of them: every decision publishes its fact."""

from datetime import datetime
from typing import Literal

from infra.kernel.aggregate import Decision
from infra.kernel.errors import Invalid, Refused
from services.activities.events.published.effects import (
    DraftMade,
    DraftSettled,
    HintRaised,
    PointMeasured,
    ReminderRaised,
)
from services.activities.inbound.model.effect import WantedDraft, WantedHint, WantedPoint, WantedReminder
from services.activities.inbound.model.outcome import Born, Draft, Filing, Hint, Origin, Point, Reminder
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor

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
