"""Messages: which fact leads to which message, to whom, and with what to fill its wording.

A ``Notice`` is one immutable document for each event, under an id that follows from the event: consumed twice it meets
itself, so a message is never there twice. It holds to whom it is addressed instead of one copy for each recipient, so
there is nothing to complete when a person becomes known here after the message (notify may have been down for the whole
journey), and a message to five thousand members is one small write. Who has read it is kept apart, as ``Receipt``.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from pydantic import JsonValue

from infra.kernel.dates import CHINA, day_of
from infra.kernel.events import Cause
from infra.kernel.values import Value
from services.notify import events
from services.notify.inbox.model.audience import EVERYWHERE, member, person, secretary, work_department


class Text(Value):
    """What people see, in both languages."""

    zh: str
    en: str


class Message(Value):
    """What a fact leads to, before it is put into words; None = not known, the wording has a word for that.

    ``english`` holds the values that differ in English.
    """

    kind: str
    to: tuple[str, ...]
    link: str
    values: dict[str, str | None]
    english: dict[str, str | None] = {}  # noqa: RUF012 - pydantic copies it


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


def notice(cause: Cause, message: Message, wording: int, words: tuple[Text, Text]) -> Notice:
    """The notice that an event leads to; the cause's id is the event's ``source#id``, which names it for ever."""
    return Notice(
        id=str(uuid5(NAMESPACE_URL, cause.id)),
        wording=wording,
        day=day_of(cause.at),
        at=cause.at,
        title=words[0],
        body=words[1],
        **message.model_dump(exclude={"values", "english"}),
    )


def receipt_id(reader: str, of: str) -> str:
    """Under which id this reader's receipt for a notice is kept: there is one at most."""
    return f"{of}:{reader}"


def receipt(reader: str, of: str, at: datetime) -> Receipt:
    """The receipt of one reader for one notice."""
    return Receipt(id=receipt_id(reader, of), person=reader, notice=of, read_at=at)


def concluded(fact: events.ReviewConcluded, owner: str) -> Message:
    """To the drafter and the owner's secretary: how the review ended."""
    values = {
        "name": fact.name,
        "owner": owner,
        "number": fact.resolution.number if fact.resolution else None,
        "reason": fact.reason,
    }
    return _of_review(f"review.{fact.outcome}", fact.review, [person(fact.drafter), secretary(fact.owner)], values)


def returned(fact: events.ReviewReturned, owner: str) -> Message:
    """To the drafter and the owner's secretary: that the review went back, and why."""
    kind = "review.returned_to_drafter" if fact.to_drafter else "review.returned"
    values = {"name": shown(fact.document.get("name")), "owner": owner, "reason": fact.reason}
    return _of_review(kind, fact.review, [person(fact.drafter), secretary(fact.owner)], values)


def overdue(fact: events.StepOverdue, owner: str, above: Sequence[str]) -> Message:
    """To those who are awaited and to the work department above the owner."""
    to = [*map(person, fact.people), *map(work_department, (*above, EVERYWHERE))]
    values = {"name": fact.name, "owner": owner, "due": clock(fact.due), "count": str(len(set(fact.people)))}
    return _of_review("review.overdue", fact.review, to, values)


def escalated(fact: events.StepEscalated, owner: str) -> Message:
    """To those whom the procedure names for this level: that a deadline was missed and nothing has happened."""
    values = {"name": fact.name, "owner": owner, "due": clock(fact.due), "count": str(fact.waiting)}
    values["days"] = str(fact.working_days)
    return _of_review("review.escalated", fact.review, map(person, fact.people), values)


def urged(fact: events.StepUrged, owner: str) -> Message:
    """To those who are awaited: that somebody waits for them."""
    values = {"name": fact.name, "owner": owner, "note": fact.note}
    return _of_review("review.urged", fact.review, map(person, fact.people), values)


def copied(fact: events.ReviewCopied, owner: str) -> Message:
    """To those who are to know of the review."""
    values = {"name": fact.name, "owner": owner, "note": fact.note}
    return _of_review("review.copied", fact.review, map(person, fact.people), values)


def awarded(fact: events.PlaqueAwarded, owner: str) -> Message:
    """To every member of the owner."""
    values = {
        "name": fact.name,
        "owner": owner,
        "number": fact.number,
        "occasion": fact.occasion,
        "day": fact.awarded_on.isoformat(),
    }
    return Message(kind="plaque.awarded", to=(member(fact.owner),), link=f"/brands/{fact.brand}", values=values)


def filed(fact: events.ActivityFiled, organisation: str) -> Message:
    """To every member of the organisation that filed the plan."""
    values = {
        "title": fact.title,
        "kind": fact.kind_title,
        "organisation": organisation,
        "starts": clock(fact.starts_at),
        "place": fact.place,
    }
    return Message(
        kind="activity.filed" if fact.revision == 1 else "activity.changed",
        to=(member(fact.organisation),),
        link=f"/activities/{fact.activity}",
        values=values,
        english=_english(fact.kind_title_en),
    )


def cancelled(fact: events.ActivityCancelled, organisation: str) -> Message:
    """To every member of the organisation whose activity does not take place."""
    values = {
        "title": fact.title,
        "kind": fact.kind_title,
        "organisation": organisation,
        "starts": clock(fact.starts_at),
        "reason": fact.reason,
    }
    return Message(
        kind="activity.cancelled",
        to=(member(fact.organisation),),
        link=f"/activities/{fact.activity}",
        values=values,
        english=_english(fact.kind_title_en),
    )


def drafted(fact: events.DraftMade, organisation: str) -> Message:
    """To the secretary: a draft waits for a person's hand."""
    values = {
        "title": fact.title,
        "kind": fact.kind_title,
        "organisation": organisation,
        "department": fact.department_title,
        "occurred": clock(fact.occurred_at),
    }
    return Message(kind="draft.made", to=(secretary(fact.organisation),), link=f"/drafts/{fact.draft}", values=values)


def reminded(fact: events.ReminderRaised, organisation: str, above: Sequence[str]) -> Message:
    """To whom the rule says: the secretary, every member, or the work department above."""
    values = {
        "title": fact.title,
        "text": fact.text,
        "organisation": organisation,
        "department": fact.department_title,
    }
    to = {
        "secretary": [secretary(fact.organisation)],
        "members": [member(fact.organisation)],
        "work_department": [*map(work_department, (*above, EVERYWHERE))],
    }[fact.to]
    english = {"title": fact.title_en, "text": fact.text_en}
    link = f"/reminders/{fact.reminder}"
    return Message(kind="reminder.raised", to=tuple(to), link=link, values=values, english=english)


def hinted(fact: events.HintRaised, organisation: str, above: Sequence[str]) -> Message:
    """To the work department above, which decides; to the secretary too, unless it is restricted."""
    values = {
        "title": fact.title,
        "reason": fact.reason,
        "organisation": organisation,
        "department": fact.department_title,
    }
    to = [*map(work_department, (*above, EVERYWHERE)), *([] if fact.restricted else [secretary(fact.organisation)])]
    english: dict[str, str | None] = {"title": fact.title_en}
    return Message(kind="hint.raised", to=tuple(to), link=f"/hints/{fact.hint}", values=values, english=english)


def shown(value: JsonValue) -> str | None:
    """What may be shown of a document's value: what is known, the mask of what is masked, None for the unknown."""
    if not isinstance(value, dict):
        return None
    text = value.get("value") if value.get("state") == "known" else value.get("shown")
    return text if isinstance(text, str) else None


def clock(moment: datetime) -> str:
    """A moment as people in China read it."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _english(kind_title: str | None) -> dict[str, str | None]:
    """A plan filed before kinds had English titles has the one title for both languages."""
    return {} if kind_title is None else {"kind": kind_title}


def _of_review(kind: str, review: str, to: Iterable[str], values: dict[str, str | None]) -> Message:
    return Message(kind=kind, to=tuple(dict.fromkeys(to)), link=f"/reviews/{review}", values=values)
