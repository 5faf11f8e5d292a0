"""Facts that registry tells, and its own narrow copies of the facts that it hears."""

from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict

from infra.events import Fact


class MembershipTold(BaseModel):
    """One dated membership of a person in a Party organisation."""

    organisation: str
    status: str
    since: date
    until: date | None


class PostTold(BaseModel):
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
    memberships: list[MembershipTold]
    posts: list[PostTold]


class BlockTypeRecorded(Fact):
    """A block of this type must now look like this JSON Schema."""

    type: ClassVar[str] = "registry.block_type.recorded.v1"
    about: ClassVar[str] = "block_type"

    block_type: str
    title: str
    title_en: str
    body_schema: dict[str, Any]


class BrandRecorded(Fact):
    """A brand is now like this; told on every change of it."""

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


class Resolution(BaseModel):
    """The meeting's resolution that decided a review: its number, its day and its votes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    number: str
    meeting: str
    held_on: date
    expected: int
    present: int
    in_favour: int
    against: int
    abstained: int


class ReviewOpened(Fact):
    """Review took the handed-in text under this version of its procedure."""

    type: ClassVar[str] = "review.review.opened.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    procedure: str
    procedure_version: int


class DocumentRevised(Fact):
    """A suggestion was accepted, so the text in review has a new revision."""

    type: ClassVar[str] = "review.document.revised.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    document: dict[str, Any]
    revision: int
    suggested_by: str


class ReviewReturned(Fact):
    """The review went back to an earlier step; ``to_drafter``: registry holds the pen again."""

    type: ClassVar[str] = "review.review.returned.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    document: dict[str, Any]
    revision: int
    from_step: str
    to_step: str
    to_drafter: bool
    reason: str
    returned_by: str


class ReviewConcluded(Fact):
    """The review is over: approved by a resolution, rejected, or recalled by its submitter."""

    type: ClassVar[str] = "review.review.concluded.v1"
    about: ClassVar[str] = "review"

    review: str
    brand: str
    outcome: Literal["approved", "rejected", "recalled"]
    document: dict[str, Any]
    revision: int
    resolution: Resolution | None
    reason: str | None
    concluded_by: str


class ActivityRecorded(Fact):
    """An activity was held; registry counts it for the brand matrix."""

    type: ClassVar[str] = "activities.activity.recorded.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    title: str
    held_at: datetime
    present: int


_TEXT: Final[dict[str, Any]] = {
    "name": {"state": "known", "value": "三心"},
    "aliases": [],
    "slogan": {"state": "unknown"},
    "focus": {"state": "known", "value": "service_quality"},
    "core_idea": {"state": "known", "value": "尽心、细心、暖心"},
    "background": {"state": "masked", "shown": "**党支部", "visible_to": ["branch_secretary"]},
    "highlight": {"state": "unknown"},
    "blocks": {"heart": {"type": "keywords", "title": None, "data": {"items": [{"word": "尽心"}]}}},
}

TOLD: Final = (
    OrganisationRecorded(
        organisation="branch-3", name="**党支部", kind="party_branch", parent="committee",
        valid_from=date(2020, 1, 1), valid_to=None,
    ),
    PersonRecorded(
        person="10021", name="王五",
        memberships=[
            MembershipTold(organisation="branch-3", status="full_member", since=date(2020, 1, 1), until=None)
        ],
        posts=[PostTold(organisation="branch-3", post="branch_secretary", since=date(2021, 1, 1), until=None)],
    ),
    BlockTypeRecorded(
        block_type="numeric_code", title="数字代码", title_en="Numeric code",
        body_schema={"type": "object", "required": ["digits"], "properties": {"digits": {"type": "string"}}},
    ),
    BrandRecorded(
        brand="b-sanxin", owner="branch-3", name="三心", state="in_review", focus="service_quality", level=None,
        revision=3, review="b-sanxin.r1",
    ),
    BrandSubmitted(
        brand="b-sanxin", owner="branch-3", name="三心", document=_TEXT, revision=3, submitted_by="10022",
        review="b-sanxin.r1", submission=1,
    ),
    PlaqueAwarded(
        plaque="b-sanxin.p1", brand="b-sanxin", owner="branch-3", name="三心", number="0004",
        awarded_on=date(2026, 7, 1), occasion="庆祝建党主题活动", flag=True,
    ),
)  # fmt: skip
"""One example of each told fact; the recorded contracts are generated from these."""
