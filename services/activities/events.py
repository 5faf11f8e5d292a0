"""The facts this service tells, and its own narrow copies of those it hears."""

from datetime import UTC, date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from infra.events import Fact


class ActivityFiled(Fact):
    """A plan was filed, or filed anew after a change (``revision`` > 1): public at once, and no approval."""

    type: ClassVar[str] = "activities.activity.filed.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    kind_title: str
    title: str
    starts_at: datetime
    place: str
    filed_at: datetime
    filed_by: str
    late: bool
    revision: int = 1
    kind_title_en: str | None = None


class ActivityCancelled(Fact):
    """A filed plan was given up, with the reason: those who were going to come are told."""

    type: ClassVar[str] = "activities.activity.cancelled.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    reason: str
    cancelled_by: str


class ActivityRecorded(Fact):
    """An activity was held and recorded, or its record was corrected; carries the whole current outcome."""

    type: ClassVar[str] = "activities.activity.recorded.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    title: str
    held_at: datetime
    expected: int
    present: int
    on_leave: int
    absent: int
    recorded_by: str


TOLD: list[Fact] = [
    ActivityFiled(
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30",
        organisation="operations-general-branch",
        brand="charm-gps",
        kind="open_day",
        kind_title="开放日",
        title="魅力GPS开放日",
        starts_at=datetime(2026, 6, 26, 1, 0, tzinfo=UTC),
        place="党员之家",
        filed_at=datetime(2026, 6, 22, 2, 30, tzinfo=UTC),
        filed_by="1001",
        late=False,
        revision=1,
        kind_title_en="Open day",
    ),
    ActivityCancelled(
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30",
        organisation="operations-general-branch",
        brand="charm-gps",
        kind="open_day",
        kind_title="开放日",
        kind_title_en="Open day",
        title="魅力GPS开放日",
        starts_at=datetime(2026, 6, 26, 1, 0, tzinfo=UTC),
        reason="暴雨",
        cancelled_by="1001",
    ),
    ActivityRecorded(
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30",
        organisation="operations-general-branch",
        brand="charm-gps",
        kind="open_day",
        title="魅力GPS开放日",
        held_at=datetime(2026, 6, 26, 1, 5, tzinfo=UTC),
        expected=12,
        present=10,
        on_leave=1,
        absent=1,
        recorded_by="1001",
    ),
]
"""One example of each fact told, recorded beside its shape in ``contracts/``."""


class Term(BaseModel):
    """A membership or a post from ``since`` to ``until``, both days included; None = still running."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    organisation: str
    since: date
    until: date | None = None


class Membership(Term):
    """Belonging to an organisation, with the status that decides on voting and on being expected."""

    status: str


class Post(Term):
    """An office held at an organisation."""

    post: str


class OrganisationRecorded(Fact):
    """Heard from the registry: an organisation of the Party tree as it is now."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str
    kind: str
    parent: str | None = None
    valid_from: date
    valid_to: date | None = None


class PersonRecorded(Fact):
    """Heard from the registry: a person with all memberships and posts, past and present."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    name: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class BrandRecorded(Fact):
    """Heard from the registry: a brand and the organisation it belongs to."""

    type: ClassVar[str] = "registry.brand.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
