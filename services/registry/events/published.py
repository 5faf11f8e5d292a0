"""The facts that registry publishes: organisations and people, brands and plaques, settings, and HR as it mirrors it.

Neither political status nor anything of HR's raw data is in them.
"""

from datetime import date
from typing import Any, ClassVar, Literal

from pydantic import BaseModel

from infra.kernel.events import Fact


class PublishedMembership(BaseModel):
    """One dated membership of a person in a Party organisation."""

    organisation: str
    status: str
    since: date
    until: date | None


class PublishedPost(BaseModel):
    """One term of a person in a post of a Party organisation."""

    organisation: str
    post: str
    since: date
    until: date | None


class OrganisationRecorded(Fact):
    """A Party organisation is now like this; ``name`` is what everybody may see of it."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str
    kind: str
    parent: str | None
    valid_from: date
    valid_to: date | None


class PersonRecorded(Fact):
    """A person is now like this: name, every dated membership, every dated post."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    name: str
    memberships: list[PublishedMembership]
    posts: list[PublishedPost]


class BrandRecorded(Fact):
    """A brand is now like this; published on every change of it."""

    type: ClassVar[str] = "registry.brand.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None
    state: str
    focus: str | None
    level: str | None
    revision: int
    review: str | None
    approved_on: date | None = None
    reapply_from: date | None = None


class BrandSubmitted(Fact):
    """A brand's text was handed in; the same ``review`` again means: handed in again after a return."""

    type: ClassVar[str] = "registry.brand.submitted.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None
    document: dict[str, Any]
    revision: int
    submitted_by: str
    review: str
    submission: int


class PlaqueReturned(Fact):
    """The plaque of a revoked brand was given back."""

    type: ClassVar[str] = "registry.plaque.returned.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str
    owner: str
    name: str | None
    number: str
    returned_on: date
    received_by: str


class PlaqueAwarded(Fact):
    """A brand received its plaque, with or without the flag."""

    type: ClassVar[str] = "registry.plaque.awarded.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str
    owner: str
    name: str | None
    number: str
    awarded_on: date
    occasion: str
    flag: bool


"""One example of each."""


class BlockTypeRecorded(Fact):
    """A block of this type must now look like this JSON Schema."""

    type: ClassVar[str] = "registry.block_type.recorded.v1"
    about: ClassVar[str] = "block_type"

    block_type: str
    title: str
    title_en: str
    body_schema: dict[str, Any]


class PublishedHoliday(BaseModel):
    """An official holiday from its first to its last day."""

    name: str
    first: date
    last: date


class PublishedOwnDay(BaseModel):
    """A day on which the company differs from the official calendar: worked, or off."""

    day: date
    working: bool
    name: str


class CalendarRecorded(Fact):
    """The calendar of a year is now this; ``worked`` are weekend days worked instead of others.

    The company's own days go before the official ones. Until it is ``confirmed`` the year may still change.
    """

    type: ClassVar[str] = "registry.calendar.recorded.v1"
    about: ClassVar[str] = "calendar"

    calendar: str
    year: int
    confirmed: bool
    holidays: list[PublishedHoliday]
    worked: list[date]
    own: list[PublishedOwnDay]


class EmployeeState(BaseModel):
    """What matters of an employee to others."""

    status: str
    department: str | None
    name: str


class DepartmentState(BaseModel):
    """What matters of a department to others."""

    name: str
    parent: str | None
    enabled: bool
    merged_into: str | None


class EmployeeChanged(Fact):
    """Status or department of an employee is another one from today on; ``compensates``: a change was withdrawn."""

    type: ClassVar[str] = "registry.employee.changed.v1"
    about: ClassVar[str] = "employee"

    employee: str
    before: EmployeeState
    after: EmployeeState
    effective_on: date
    change: str
    compensates: bool


class DepartmentChanged(Fact):
    """A department is new, or another name, parent, successor or end holds from today on."""

    type: ClassVar[str] = "registry.department.changed.v1"
    about: ClassVar[str] = "department"

    department: str
    before: DepartmentState | None
    after: DepartmentState
    effective_on: date
    change: str


class MappingRecorded(Fact):
    """An HR department belongs to a Party organisation on these days, both included."""

    type: ClassVar[str] = "registry.mapping.recorded.v1"
    about: ClassVar[str] = "mapping"

    mapping: str
    department: str
    organisation: str
    since: date
    until: date | None


class ProposalRaised(Fact):
    """HR suggests something for the Party's side; it waits for a person. ``organisation``: whose matter it is."""

    type: ClassVar[str] = "registry.proposal.raised.v1"
    about: ClassVar[str] = "proposal"

    proposal: str
    kind: str
    person: str | None
    person_name: str | None
    department: str | None
    organisation: str
    candidates: list[str]
    effective_on: date
    title_zh: str
    title_en: str


class ProposalDecided(Fact):
    """A person confirmed or declined a proposal, or what suggested it is no longer so (``withdrawn``)."""

    type: ClassVar[str] = "registry.proposal.decided.v1"
    about: ClassVar[str] = "proposal"

    proposal: str
    kind: str
    outcome: Literal["confirmed", "declined", "withdrawn"]
    person: str | None
    department: str | None
    organisation: str
    post: str | None
    outward: bool
    choice: dict[str, Any]
    tries: int
    by: str


"""One example of each."""
