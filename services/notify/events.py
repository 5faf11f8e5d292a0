"""The facts that notify hears, each as its own narrow copy. It tells none yet."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from infra.events import Fact

TOLD: list[Fact] = []
"""One example of each fact told."""


class Part(BaseModel):
    """A piece of a fact; immutable, and tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Task(Part):
    """The whole state of one to-do of one person."""

    task: str
    person: str
    step: str
    round: int
    title: str
    title_en: str
    state: Literal["open", "done", "withdrawn"]
    since: datetime
    due: datetime | None = None


class TasksChanged(Fact):
    """Heard from review: the to-dos that a decision opened, completed or withdrew."""

    type: ClassVar[str] = "review.tasks.changed.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    tasks: tuple[Task, ...]


class Resolution(Part):
    """The number under which a meeting resolved."""

    number: str


class ReviewConcluded(Fact):
    """Heard from review: a review is finished."""

    type: ClassVar[str] = "review.review.concluded.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    outcome: Literal["approved", "rejected", "recalled"]
    resolution: Resolution | None = None
    reason: str | None = None
    drafter: str


class ReviewReturned(Fact):
    """Heard from review: a review went back to an earlier step; the brand's name stands in its document."""

    type: ClassVar[str] = "review.review.returned.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    document: dict[str, JsonValue]
    to_drafter: bool
    reason: str
    drafter: str


class StepOverdue(Fact):
    """Heard from review: the deadline of a step has passed."""

    type: ClassVar[str] = "review.step.overdue.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    due: datetime
    people: tuple[str, ...]


class StepUrged(Fact):
    """Heard from review: somebody reminds those whom a step waits for."""

    type: ClassVar[str] = "review.step.urged.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    people: tuple[str, ...]
    note: str | None = None


class ReviewCopied(Fact):
    """Heard from review: people are to know of a review."""

    type: ClassVar[str] = "review.review.copied.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    owner: str
    name: str | None = None
    people: tuple[str, ...]
    note: str | None = None


class PlaqueAwarded(Fact):
    """Heard from the registry: a brand received its plaque."""

    type: ClassVar[str] = "registry.plaque.awarded.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str
    owner: str
    name: str | None = None
    number: str
    awarded_on: date
    occasion: str


class ActivityFiled(Fact):
    """Heard from activities: a plan was filed; ``revision`` > 1 = filed anew after a change."""

    type: ClassVar[str] = "activities.activity.filed.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None = None
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    place: str
    revision: int = 1


class ActivityCancelled(Fact):
    """Heard from activities: a filed plan was given up."""

    type: ClassVar[str] = "activities.activity.cancelled.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    reason: str


class DraftMade(Fact):
    """Heard from activities: another department's event suggests an activity, which a person files or dismisses."""

    type: ClassVar[str] = "activities.draft.made.v1"
    about: ClassVar[str] = "draft"

    draft: str
    organisation: str
    kind_title: str
    title: str
    department_title: str
    occurred_at: datetime


class ReminderRaised(Fact):
    """Heard from activities: an organisation is to be reminded of what another department told."""

    type: ClassVar[str] = "activities.reminder.raised.v1"
    about: ClassVar[str] = "reminder"

    reminder: str
    organisation: str
    title: str
    title_en: str
    text: str
    text_en: str
    to: Literal["secretary", "members", "work_department"]
    department_title: str


class HintRaised(Fact):
    """Heard from activities: a reason to look at a brand again; ``restricted``: not for the branch."""

    type: ClassVar[str] = "activities.hint.raised.v1"
    about: ClassVar[str] = "hint"

    hint: str
    organisation: str
    title: str
    title_en: str
    reason: str
    department_title: str
    restricted: bool


class Membership(Part):
    """Belonging to an organisation from ``since`` to ``until``, both days included."""

    organisation: str
    status: str
    since: date
    until: date | None = None


class Post(Part):
    """An office held at an organisation from ``since`` to ``until``, both days included."""

    organisation: str
    post: str
    since: date
    until: date | None = None


class PersonRecorded(Fact):
    """Heard from the registry: a person with all memberships and posts, past and present."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class OrganisationRecorded(Fact):
    """Heard from the registry: an organisation of the Party tree."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str
    parent: str | None = None
