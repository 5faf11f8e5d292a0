"""Notify's own narrow copies of the facts that it consumes: from the registry, from review, from activities."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import JsonValue

from infra.kernel.events import Fact
from infra.kernel.values import Value

State = Literal["open", "done", "withdrawn"]


class Term(Value):
    """A membership or a post from ``since`` to ``until``, both days included."""

    organisation: str
    since: date
    until: date | None = None


class Membership(Term):
    """Belonging to an organisation."""

    status: str


class Post(Term):
    """An office held at an organisation."""

    post: str


class PersonRecorded(Fact):
    """A person with all memberships and posts, past and present."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class OrganisationRecorded(Fact):
    """An organisation of the Party tree."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str
    parent: str | None = None


class PlaqueAwarded(Fact):
    """A brand received its plaque."""

    type: ClassVar[str] = "registry.plaque.awarded.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str
    owner: str
    name: str | None = None
    number: str
    awarded_on: date
    occasion: str


class OfReview(Fact):
    """Something about a review of a brand; ``name`` is the brand's, None while it has none."""

    about: ClassVar[str] = "review"

    review: str
    owner: str
    name: str | None = None


class Duty(Value):
    """What one person has to do, in its whole state."""

    person: str
    step: str
    round: int
    title: str
    title_en: str
    state: State
    since: datetime
    due: datetime | None = None


class Task(Duty):
    """One to-do by its id."""

    task: str


class TasksChanged(OfReview):
    """The to-dos that a decision opened, completed or withdrew."""

    type: ClassVar[str] = "review.tasks.changed.v1"

    brand: str
    tasks: tuple[Task, ...]


class Resolution(Value):
    """The number under which a meeting resolved."""

    number: str


class ReviewConcluded(OfReview):
    """A review is finished."""

    type: ClassVar[str] = "review.review.concluded.v1"

    outcome: Literal["approved", "rejected", "recalled"]
    resolution: Resolution | None = None
    reason: str | None = None
    drafter: str


class ReviewReturned(Fact):
    """A review went back to an earlier step; the brand's name stands in its document."""

    type: ClassVar[str] = "review.review.returned.v1"
    about: ClassVar[str] = "review"

    review: str
    owner: str
    document: dict[str, JsonValue]
    to_drafter: bool
    reason: str
    drafter: str


class StepOverdue(OfReview):
    """The deadline of a step has passed."""

    type: ClassVar[str] = "review.step.overdue.v1"

    due: datetime
    people: tuple[str, ...]


class StepEscalated(StepOverdue):
    """A step is still not finished some working days after its deadline, and these are told."""

    type: ClassVar[str] = "review.step.escalated.v1"

    working_days: int
    waiting: int


class StepUrged(OfReview):
    """Somebody reminds those whom a step waits for."""

    type: ClassVar[str] = "review.step.urged.v1"

    people: tuple[str, ...]
    note: str | None = None


class ReviewCopied(OfReview):
    """People are to know of a review."""

    type: ClassVar[str] = "review.review.copied.v1"

    people: tuple[str, ...]
    note: str | None = None


class OfBrand(Fact):
    """Something about a brand in force."""

    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None


class StandingRecorded(OfBrand):
    """How a brand stands, and the decision that led to it."""

    type: ClassVar[str] = "review.standing.recorded.v1"

    state: Literal["active", "suspended", "rectifying", "revoked"]
    level_title: str | None = None
    level_title_en: str | None = None
    deed: str
    decision: int
    reason: str | None = None


class RectificationOrdered(OfBrand):
    """Something of a brand is to be put right until the end of a day."""

    type: ClassVar[str] = "review.rectification.ordered.v1"

    items: tuple[str, ...]
    deadline: date
    reason: str


class RectificationOverdue(OfBrand):
    """A rectification was not closed in time."""

    type: ClassVar[str] = "review.rectification.overdue.v1"

    deadline: date
    unproved: int


class RectificationClosed(OfBrand):
    """A rectification is over."""

    type: ClassVar[str] = "review.rectification.closed.v1"

    outcome: Literal["met", "not_met", "lapsed"]
    reason: str


class OfCampaign(Fact):
    """Something about a campaign."""

    about: ClassVar[str] = "campaign"

    campaign: str
    title: str
    title_en: str


class CampaignCalled(OfCampaign):
    """These organisations or people are asked to do something in a campaign."""

    type: ClassVar[str] = "review.campaign.called.v1"

    stage: str
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    until: date | None = None


class Grant(Value):
    """To whom a brand belongs that was named."""

    owner: str


class CampaignNamed(OfCampaign):
    """The committee named the brands of a campaign."""

    type: ClassVar[str] = "review.campaign.named.v1"

    resolution: str
    grants: tuple[Grant, ...]


class OfActivity(Fact):
    """Something about the plan of an activity."""

    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime


class ActivityFiled(OfActivity):
    """A plan was filed; ``revision`` > 1 = filed anew after a change."""

    type: ClassVar[str] = "activities.activity.filed.v1"

    place: str
    revision: int = 1


class ActivityCancelled(OfActivity):
    """A filed plan was given up."""

    type: ClassVar[str] = "activities.activity.cancelled.v1"

    reason: str


class OfDepartment(Fact):
    """What another department's event led to."""

    organisation: str
    title: str
    department_title: str


class DraftMade(OfDepartment):
    """An activity is suggested, which a person files or dismisses."""

    type: ClassVar[str] = "activities.draft.made.v1"
    about: ClassVar[str] = "draft"

    draft: str
    kind_title: str
    occurred_at: datetime


class ReminderRaised(OfDepartment):
    """An organisation is to be reminded."""

    type: ClassVar[str] = "activities.reminder.raised.v1"
    about: ClassVar[str] = "reminder"

    reminder: str
    title_en: str
    text: str
    text_en: str
    to: Literal["secretary", "members", "work_department"]


class HintRaised(OfDepartment):
    """A reason to look at a brand again; ``restricted``: not for the branch."""

    type: ClassVar[str] = "activities.hint.raised.v1"
    about: ClassVar[str] = "hint"

    hint: str
    title_en: str
    reason: str
    restricted: bool
