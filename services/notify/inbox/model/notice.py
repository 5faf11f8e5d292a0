"""Messages: which fact leads to which message, to whom, and with what to fill its wording.

A ``Notice`` is one immutable document for each event, under an id that follows from the event: consumed twice it meets
itself, so a message is never there twice. It holds to whom it is addressed instead of one copy for each recipient, so
there is nothing to complete when a person becomes known here after the message (notify may have been down for the whole
journey), and a message to five thousand members is one small write. Who has read it is kept apart, as ``Receipt``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self
from uuid import NAMESPACE_URL, uuid5

from pydantic import JsonValue

from infra.kernel.dates import CHINA, day_of
from infra.kernel.events import Cause, Fact
from infra.kernel.values import Value
from services.notify.events import consumed as events
from services.notify.inbox.model.audience import EVERYWHERE, member, person, secretary, work_department
from services.notify.inbox.model.wording import PLACEHOLDERS, Text, Wording

ABOVE = "above"
"""Stands for the work departments of the organisation and of all above it, which the model does not know."""
NAMED = ("owner", "organisation")
"""The values that name the organisation that a message concerns."""
LINKS = {
    "review": "/reviews", "brand": "/standings", "campaign": "/campaigns", "activity": "/activities",
    "draft": "/drafts", "reminder": "/reminders", "hint": "/hints",
}  # fmt: skip
"""Where a fact's subject is shown."""
DEEDS = {
    "graded": ("级别评定", "graded"),
    "awarded": ("授予奖项", "given an award"),
    "suspended": ("暂停", "suspended"),
    "lifted": ("解除暂停", "no longer suspended"),
    "rechecked": ("年度复核有结论", "rechecked"),
    "revoked": ("摘牌", "revoked"),
}
"""What is told; a rectification has messages of its own, and what is only begun or opened is told to nobody."""
STATES = {
    "active": ("正常", "active"),
    "suspended": ("暂停", "suspended"),
    "rectifying": ("整改中", "being rectified"),
    "revoked": ("已摘牌", "revoked"),
}
OUTCOMES = {"met": ("整改到位", "met"), "not_met": ("整改不到位", "not met"), "lapsed": ("随摘牌终止", "lapsed")}
Words = Mapping[str, str | None]


class Message(Value):
    """What a fact leads to, before it is put into words; None = not known, the wording has a word for that.

    ``english`` holds the values that differ in English; ``once`` names what is told where the event's id does not.
    """

    kind: str
    to: tuple[str, ...]
    link: str
    values: dict[str, str | None]
    english: dict[str, str | None] = {}  # noqa: RUF012 - pydantic copies it
    once: str | None = None

    @property
    def concerns(self) -> str | None:
        """The organisation that it concerns, if it is one."""
        return next((self.values[name] for name in NAMED if name in self.values), None)

    def addressed(self, organisation: str, above: Sequence[str]) -> Self:
        """With the name of the organisation that it concerns, and to the work departments of those above it."""
        values = {name: organisation if name in NAMED else value for name, value in self.values.items()}
        work = [*map(work_department, (*above, EVERYWHERE))]
        to = [key for one in self.to for key in (work if one == ABOVE else [one])]
        return self.model_copy(update={"values": values, "to": tuple(to)})


class Notice(Value):
    """A message in words, as it was sent; it never changes and is never deleted."""

    id: str
    kind: str
    wording: int
    to: tuple[str, ...]
    day: date
    at: datetime
    title: Text
    body: Text
    link: str


class Receipt(Value):
    """That a person has read a notice, and when for the first time."""

    id: str
    person: str
    notice: str
    read_at: datetime


def notice(cause: Cause, message: Message, wording: Wording) -> Notice:
    """The notice that an event leads to; the cause's id is the event's ``source#id``, which names it for ever."""
    title, body = wording.render(message.kind, message.values, message.english)
    return Notice(
        id=str(uuid5(NAMESPACE_URL, message.once or cause.id)),
        wording=wording.version,
        day=day_of(cause.at),
        at=cause.at,
        title=title,
        body=body,
        **message.model_dump(include={"kind", "to", "link"}),
    )


def receipt_id(reader: str, of: str) -> str:
    """Under which id this reader's receipt for a notice is kept: there is one at most."""
    return f"{of}:{reader}"


def _message(kind: str, fact: Fact, to: Iterable[str], english: Words | None = None, /, **said: str | None) -> Message:
    """What the wording of this kind may ask for is what is ``said``, or else what the fact holds under that name."""
    values = {name: said[name] if name in said else in_words(getattr(fact, name)) for name in PLACEHOLDERS[kind]}
    link = f"{LINKS[fact.about]}/{fact.subject}" if fact.about in LINKS else ""
    return Message(kind=kind, to=tuple(dict.fromkeys(to)), link=link, values=values, english=dict(english or {}))


def in_words(value: object) -> str | None:
    """A value as people in China read it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return None if value is None else str(value)


def concluded(fact: events.ReviewConcluded) -> Message:
    """To the drafter and the owner's secretary: how the review ended."""
    number = fact.resolution.number if fact.resolution else None
    return _message(f"review.{fact.outcome}", fact, [person(fact.drafter), secretary(fact.owner)], number=number)


def returned(fact: events.ReviewReturned) -> Message:
    """To the drafter and the owner's secretary: that the review went back, and why."""
    kind = "review.returned_to_drafter" if fact.to_drafter else "review.returned"
    name = shown(fact.document.get("name"))
    return _message(kind, fact, [person(fact.drafter), secretary(fact.owner)], name=name)


def overdue(fact: events.StepOverdue) -> Message:
    """To those who are awaited and to the work department above the owner."""
    return _message("review.overdue", fact, [*map(person, fact.people), ABOVE], count=str(len(set(fact.people))))


def escalated(fact: events.StepEscalated) -> Message:
    """To those whom the procedure names for this level: that a deadline was missed and nothing has happened."""
    days, count = str(fact.working_days), str(fact.waiting)
    return _message("review.escalated", fact, map(person, fact.people), days=days, count=count)


def urged(fact: events.StepUrged) -> Message:
    """To those who are awaited: that somebody waits for them."""
    return _message("review.urged", fact, map(person, fact.people))


def copied(fact: events.ReviewCopied) -> Message:
    """To those who are to know of the review."""
    return _message("review.copied", fact, map(person, fact.people))


def awarded(fact: events.PlaqueAwarded) -> Message:
    """To every member of the owner."""
    message = _message("plaque.awarded", fact, [member(fact.owner)], day=in_words(fact.awarded_on))
    return message.model_copy(update={"link": f"/brands/{fact.brand}"})


def decided(fact: events.StandingRecorded) -> Message | None:
    """To the secretary: what was decided about the brand, and how it stands now.

    The state may be published again for another reason: a decision is a message once.
    """
    if fact.deed not in DEEDS:
        return None
    (deed, deed_en), (state, state_en) = DEEDS[fact.deed], STATES[fact.state]
    english = {"deed": deed_en, "state": state_en, "level": fact.level_title_en}
    said = {"deed": deed, "state": state, "level": fact.level_title}
    message = _message("standing.decided", fact, [secretary(fact.owner)], english, **said)
    return message.model_copy(update={"once": f"standing#{fact.brand}#{fact.decision}"})


def ordered(fact: events.RectificationOrdered) -> Message:
    """To the secretary: what is to be put right, and until when."""
    said = {"count": str(len(fact.items)), "due": in_words(fact.deadline)}
    return _message("rectification.ordered", fact, [secretary(fact.owner)], **said)


def unproved(fact: events.RectificationOverdue) -> Message:
    """To the secretary and to the work department above, which decides what follows."""
    said = {"count": str(fact.unproved), "due": in_words(fact.deadline)}
    return _message("rectification.overdue", fact, [secretary(fact.owner), ABOVE], **said)


def closed(fact: events.RectificationClosed) -> Message:
    """To the secretary: how it ended, and why."""
    zh, en = OUTCOMES[fact.outcome]
    return _message("rectification.closed", fact, [secretary(fact.owner)], {"outcome": en}, outcome=zh)


def called(fact: events.CampaignCalled) -> Message | None:
    """To the secretaries who may enrol a brand, or to the judges; None for a stage that asks nobody."""
    asked = {"enrolling": map(secretary, fact.organisations), "scoring": map(person, fact.people)}
    english = {"title": fact.title_en}
    return _message(f"campaign.{fact.stage}", fact, asked[fact.stage], english) if fact.stage in asked else None


def named(fact: events.CampaignNamed) -> Message:
    """To every member of the organisations whose brands were named."""
    to, said = [member(one.owner) for one in fact.grants], {"number": fact.resolution, "count": str(len(fact.grants))}
    return _message("campaign.named", fact, to, {"title": fact.title_en}, **said)


def filed(fact: events.ActivityFiled) -> Message:
    """To every member of the organisation that filed the plan."""
    return _of_activity("activity.filed" if fact.revision == 1 else "activity.changed", fact)


def cancelled(fact: events.ActivityCancelled) -> Message:
    """To every member of the organisation whose activity does not take place."""
    return _of_activity("activity.cancelled", fact)


def _of_activity(kind: str, fact: events.OfActivity) -> Message:
    """A plan filed before kinds had English titles has the one title for both languages."""
    english = {} if fact.kind_title_en is None else {"kind": fact.kind_title_en}
    said = {"kind": fact.kind_title, "starts": in_words(fact.starts_at)}
    return _message(kind, fact, [member(fact.organisation)], english, **said)


def drafted(fact: events.DraftMade) -> Message:
    """To the secretary: a draft waits for a person's hand."""
    said = {"kind": fact.kind_title, "department": fact.department_title, "occurred": in_words(fact.occurred_at)}
    return _message("draft.made", fact, [secretary(fact.organisation)], **said)


def reminded(fact: events.ReminderRaised) -> Message:
    """To whom the rule says: the secretary, every member, or the work department above."""
    here = fact.organisation
    to = {"secretary": secretary(here), "members": member(here), "work_department": ABOVE}[fact.to]
    english = {"title": fact.title_en, "text": fact.text_en}
    return _message("reminder.raised", fact, [to], english, department=fact.department_title)


def hinted(fact: events.HintRaised) -> Message:
    """To the work department above, which decides; to the secretary too, unless it is restricted."""
    to = [ABOVE] if fact.restricted else [ABOVE, secretary(fact.organisation)]
    return _message("hint.raised", fact, to, {"title": fact.title_en}, department=fact.department_title)


def shown(value: JsonValue) -> str | None:
    """What may be shown of a document's value: what is known, the mask of what is masked, None for the unknown."""
    if not isinstance(value, dict):
        return None
    text = value.get("value") if value.get("state") == "known" else value.get("shown")
    return text if isinstance(text, str) else None


MESSAGES: Mapping[type[Fact], Callable[[Any], Message | None]] = {
    events.ReviewConcluded: concluded,
    events.ReviewReturned: returned,
    events.StepOverdue: overdue,
    events.StepEscalated: escalated,
    events.StepUrged: urged,
    events.ReviewCopied: copied,
    events.PlaqueAwarded: awarded,
    events.StandingRecorded: decided,
    events.RectificationOrdered: ordered,
    events.RectificationOverdue: unproved,
    events.RectificationClosed: closed,
    events.CampaignCalled: called,
    events.CampaignNamed: named,
    events.ActivityFiled: filed,
    events.ActivityCancelled: cancelled,
    events.DraftMade: drafted,
    events.ReminderRaised: reminded,
    events.HintRaised: hinted,
}
"""What a fact leads to; None = to no message."""
