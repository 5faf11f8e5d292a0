"""What review consumes: its own narrow copies of the facts of registry and activities; nothing is asked back."""

from datetime import date
from typing import ClassVar

from pydantic import Field, JsonValue

from infra.kernel.events import Fact
from infra.kernel.working_days import Year
from services.review.events.value_objects import Activity, Document, Measured, Membership, Plaque, Post


class BrandSubmitted(Fact):
    """A text is handed over for review; the same review id again is a resubmission."""

    type: ClassVar[str] = "registry.brand.submitted.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    document: Document
    revision: int
    submitted_by: str
    review: str
    submission: int


class OrganisationRecorded(Fact):
    """An organisation of the Party tree as it is now."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str | None = None
    kind: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PersonRecorded(Fact):
    """A person with all memberships and posts, past ones included."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    name: str | None = None
    memberships: list[Membership] = Field(default_factory=list)
    posts: list[Post] = Field(default_factory=list)


class BlockTypeRecorded(Fact):
    """The JSON Schema that the data of a block of this type must fit."""

    type: ClassVar[str] = "registry.block_type.recorded.v1"
    about: ClassVar[str] = "block_type"

    block_type: str
    body_schema: dict[str, JsonValue]


class CalendarRecorded(Fact, Year):
    """The calendar of a year as it is now."""

    type: ClassVar[str] = "registry.calendar.recorded.v1"
    about: ClassVar[str] = "calendar"

    calendar: str


class BrandRecorded(Fact):
    """A brand as it is now."""

    type: ClassVar[str] = "registry.brand.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    state: str
    revision: int
    review: str | None = None
    approved_on: date | None = None


class PlaqueAwarded(Fact, Plaque):
    """A brand received its plaque."""

    type: ClassVar[str] = "registry.plaque.awarded.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str


class ActivityFiled(Fact):
    """A plan was filed; ``late``: after its own start."""

    type: ClassVar[str] = "activities.activity.filed.v1"
    about: ClassVar[str] = "activity"

    activity: str
    late: bool


class ActivityRecorded(Fact, Activity):
    """An activity was held, with who was there in figures."""

    type: ClassVar[str] = "activities.activity.recorded.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None = None


class PointMeasured(Fact, Measured):
    """Another department measured a value of a brand's indicator."""

    type: ClassVar[str] = "activities.point.measured.v1"
    about: ClassVar[str] = "point"

    point: str
    brand: str


class HintRaised(Fact):
    """A reason to look whether a brand should be suspended."""

    type: ClassVar[str] = "activities.hint.raised.v1"
    about: ClassVar[str] = "hint"

    hint: str
    organisation: str
    brand: str | None = None
    title: str
    title_en: str
    reason: str
    department_title: str
    restricted: bool
