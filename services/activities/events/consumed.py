"""This service's own narrow copies of the facts it consumes."""

from datetime import date
from typing import ClassVar

from infra.kernel.events import Fact
from infra.kernel.values import Value
from infra.kernel.working_days import Year


class Term(Value):
    """A membership or a post from ``since`` to ``until``, both days included; None = still running."""

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
    """Consumed from the registry: an organisation of the Party tree as it is now."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str
    kind: str
    parent: str | None = None
    valid_from: date
    valid_to: date | None = None


class PersonRecorded(Fact):
    """Consumed from the registry: a person with all memberships and posts, past and present."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    name: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class BrandRecorded(Fact):
    """Consumed from the registry: a brand and the organisation it belongs to."""

    type: ClassVar[str] = "registry.brand.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str


class MappingRecorded(Fact):
    """Consumed from the registry: from when to when an HR department belongs to a Party organisation."""

    type: ClassVar[str] = "registry.mapping.recorded.v1"
    about: ClassVar[str] = "mapping"

    mapping: str
    department: str
    organisation: str
    since: date
    until: date | None = None


class CalendarRecorded(Fact, Year):
    """Consumed from the registry: the calendar of a year as it is now."""

    type: ClassVar[str] = "registry.calendar.recorded.v1"
    about: ClassVar[str] = "calendar"

    calendar: str
