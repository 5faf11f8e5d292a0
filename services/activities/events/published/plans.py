"""The facts about plans and records."""

from datetime import UTC, datetime
from typing import ClassVar

from infra.kernel.events import Fact


class ActivityFiled(Fact):
    """A plan was filed, or filed anew after a change (``revision`` > 1): public at once, and no approval."""

    type: ClassVar[str] = "activities.activity.filed.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    kind_title: str
    title: str
    starts_at: datetime
    place: str
    filed_at: datetime
    filed_by: str
    late: bool
    revision: int = 1
    kind_title_en: str | None = None


class ActivityCancelled(Fact):
    """A filed plan was given up, with the reason: those who were going to come are told."""

    type: ClassVar[str] = "activities.activity.cancelled.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    reason: str
    cancelled_by: str


class ActivityRecorded(Fact):
    """An activity was held and recorded, or its record was corrected; carries the whole current outcome."""

    type: ClassVar[str] = "activities.activity.recorded.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str
    title: str
    held_at: datetime
    expected: int
    present: int
    on_leave: int
    absent: int
    recorded_by: str


EXAMPLES: list[Fact] = [
    ActivityFiled(
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30",
        organisation="operations-general-branch",
        brand="charm-gps",
        kind="open_day",
        kind_title="开放日",
        title="魅力GPS开放日",
        starts_at=datetime(2026, 6, 26, 1, 0, tzinfo=UTC),
        place="党员之家",
        filed_at=datetime(2026, 6, 22, 2, 30, tzinfo=UTC),
        filed_by="1001",
        late=False,
        revision=1,
        kind_title_en="Open day",
    ),
    ActivityCancelled(
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30",
        organisation="operations-general-branch",
        brand="charm-gps",
        kind="open_day",
        kind_title="开放日",
        kind_title_en="Open day",
        title="魅力GPS开放日",
        starts_at=datetime(2026, 6, 26, 1, 0, tzinfo=UTC),
        reason="暴雨",
        cancelled_by="1001",
    ),
    ActivityRecorded(
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30",
        organisation="operations-general-branch",
        brand="charm-gps",
        kind="open_day",
        title="魅力GPS开放日",
        held_at=datetime(2026, 6, 26, 1, 5, tzinfo=UTC),
        expected=12,
        present=10,
        on_leave=1,
        absent=1,
        recorded_by="1001",
    ),
]
"""One example of each."""
