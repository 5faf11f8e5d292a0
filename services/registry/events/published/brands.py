"""The facts about the Party's side and its brands."""

from datetime import date
from typing import Any, ClassVar, Final

from infra.kernel.events import Fact


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
    PlaqueReturned(
        plaque="b-sanxin.p1", brand="b-sanxin", owner="branch-3", name="三心", number="0004",
        returned_on=date(2028, 4, 2), received_by="10007",
    ),
)  # fmt: skip
"""One example of each."""
