"""The facts about organisations and people."""

from datetime import date
from typing import ClassVar, Final

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


EXAMPLES: Final = (
    OrganisationRecorded(
        organisation="branch-3", name="**党支部", kind="party_branch", parent="committee",
        valid_from=date(2020, 1, 1), valid_to=None,
    ),
    PersonRecorded(
        person="10021", name="王五",
        memberships=[
            PublishedMembership(organisation="branch-3", status="full_member", since=date(2020, 1, 1), until=None)
        ],
        posts=[PublishedPost(organisation="branch-3", post="branch_secretary", since=date(2021, 1, 1), until=None)],
    ),
)  # fmt: skip
"""One example of each."""
