"""What notify consumes from the registry: people, organisations, plaques."""

from datetime import date
from typing import ClassVar

from infra.kernel.events import Fact
from infra.kernel.values import Value


class Membership(Value):
    """Belonging to an organisation from ``since`` to ``until``, both days included."""

    organisation: str
    status: str
    since: date
    until: date | None = None


class Post(Value):
    """An office held at an organisation from ``since`` to ``until``, both days included."""

    organisation: str
    post: str
    since: date
    until: date | None = None


class PersonRecorded(Fact):
    """Consumed from the registry: a person with all memberships and posts, past and present."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class OrganisationRecorded(Fact):
    """Consumed from the registry: an organisation of the Party tree."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str
    parent: str | None = None


class PlaqueAwarded(Fact):
    """Consumed from the registry: a brand received its plaque."""

    type: ClassVar[str] = "registry.plaque.awarded.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str
    owner: str
    name: str | None = None
    number: str
    awarded_on: date
    occasion: str
