"""What review consumes of brands, plaques and activities, as evidence of a standing."""

from datetime import date, datetime
from typing import ClassVar

from infra.kernel.events import Fact


class BrandRecorded(Fact):
    """Heard from registry: a brand as it is now."""

    type: ClassVar[str] = "registry.brand.recorded.v1"
    about: ClassVar[str] = "brand"

    brand: str
    owner: str
    name: str | None = None
    state: str
    revision: int
    review: str | None = None
    approved_on: date | None = None


class PlaqueAwarded(Fact):
    """Heard from registry: a brand received its plaque."""

    type: ClassVar[str] = "registry.plaque.awarded.v1"
    about: ClassVar[str] = "plaque"

    plaque: str
    brand: str
    number: str
    awarded_on: date


class ActivityFiled(Fact):
    """Heard from activities: a plan was filed; ``late``: after its own start."""

    type: ClassVar[str] = "activities.activity.filed.v1"
    about: ClassVar[str] = "activity"

    activity: str
    late: bool


class ActivityRecorded(Fact):
    """Heard from activities: an activity was held, with who was there in figures."""

    type: ClassVar[str] = "activities.activity.recorded.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None = None
    kind: str
    held_at: datetime
    expected: int
    present: int


class PointMeasured(Fact):
    """Heard from activities: another department measured a value of a brand's indicator."""

    type: ClassVar[str] = "activities.point.measured.v1"
    about: ClassVar[str] = "point"

    point: str
    brand: str
    indicator: str
    value: float
    unit: str
    measured_at: datetime
    department: str


class HintRaised(Fact):
    """Heard from activities: a reason to look whether a brand should be suspended."""

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
