"""The facts about the Party's side and its brands."""

from datetime import date
from typing import Any, ClassVar, Final

from pydantic import BaseModel

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


class HolidayTold(BaseModel):
    """An official holiday from its first to its last day."""

    name: str
    first: date
    last: date


class OwnDayTold(BaseModel):
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
    holidays: list[HolidayTold]
    worked: list[date]
    own: list[OwnDayTold]


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

EXAMPLES: Final = (
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
    CalendarRecorded(
        calendar="2026", year=2026, confirmed=True,
        holidays=[HolidayTold(name="春节", first=date(2026, 2, 15), last=date(2026, 2, 23))],
        worked=[date(2026, 2, 14), date(2026, 2, 28)],
        own=[OwnDayTold(day=date(2026, 6, 1), working=False, name="厂庆")],
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
"""One example of each."""
