"""What review consumes of submissions, the Party tree, its people and block types."""

from datetime import date
from typing import ClassVar

from pydantic import Field, JsonValue

from infra.kernel.events import Fact
from services.review.events.value_objects import Document, Membership, Post


class BrandSubmitted(Fact):
    """Heard from registry: a text is handed over for review; the same review id again is a resubmission."""

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
    """Heard from registry: an organisation of the Party tree as it is now."""

    type: ClassVar[str] = "registry.organisation.recorded.v1"
    about: ClassVar[str] = "organisation"

    organisation: str
    name: str | None = None
    kind: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PersonRecorded(Fact):
    """Heard from registry: a person with all memberships and posts, past ones included."""

    type: ClassVar[str] = "registry.person.recorded.v1"
    about: ClassVar[str] = "person"

    person: str
    name: str | None = None
    memberships: list[Membership] = Field(default_factory=list)
    posts: list[Post] = Field(default_factory=list)


class BlockTypeRecorded(Fact):
    """Heard from registry: the JSON Schema that the data of a block of this type must fit."""

    type: ClassVar[str] = "registry.block_type.recorded.v1"
    about: ClassVar[str] = "block_type"

    block_type: str
    body_schema: dict[str, JsonValue]
