"""The facts that activities publishes, each with an example: plans and records, and what others' events led to."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from infra.kernel.events import Fact


class OfActivity(Fact):
    """Something about an activity of an organisation."""

    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None
    kind: str


class ActivityFiled(OfActivity):
    """A plan was filed, or filed anew after a change (``revision`` > 1): public at once, and no approval."""

    type: ClassVar[str] = "activities.activity.filed.v1"

    kind_title: str
    title: str
    starts_at: datetime
    place: str
    filed_at: datetime
    filed_by: str
    late: bool
    revision: int = 1
    kind_title_en: str | None = None


class ActivityCancelled(OfActivity):
    """A filed plan was given up, with the reason: those who were going to come are told."""

    type: ClassVar[str] = "activities.activity.cancelled.v1"

    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    reason: str
    cancelled_by: str


class ActivityRecorded(OfActivity):
    """An activity was held and recorded, or its record was corrected; carries the whole current outcome."""

    type: ClassVar[str] = "activities.activity.recorded.v1"

    title: str
    held_at: datetime
    expected: int
    present: int
    on_leave: int
    absent: int
    recorded_by: str


class DraftMade(Fact):
    """Another department's event suggests an activity: it waits for a person to file or dismiss it."""

    type: ClassVar[str] = "activities.draft.made.v1"
    about: ClassVar[str] = "draft"

    draft: str
    organisation: str
    brand: str | None
    kind: str
    kind_title: str
    title: str
    department: str
    department_title: str
    event_type: str
    occurred_at: datetime


class DraftSettled(Fact):
    """A person filed a draft as an activity, or dismissed it with a reason."""

    type: ClassVar[str] = "activities.draft.settled.v1"
    about: ClassVar[str] = "draft"

    draft: str
    organisation: str
    outcome: Literal["filed", "dismissed"]
    activity: str | None
    reason: str | None
    by: str


class PointMeasured(Fact):
    """Another department measured a value of an indicator of a brand."""

    type: ClassVar[str] = "activities.point.measured.v1"
    about: ClassVar[str] = "point"

    point: str
    brand: str
    organisation: str
    indicator: str
    value: float
    unit: str
    measured_at: datetime
    department: str
    event_type: str


class ReminderRaised(Fact):
    """An organisation is to be reminded of something that another department told."""

    type: ClassVar[str] = "activities.reminder.raised.v1"
    about: ClassVar[str] = "reminder"

    reminder: str
    organisation: str
    title: str
    title_en: str
    text: str
    text_en: str
    to: Literal["secretary", "members", "work_department"]
    department_title: str


class HintRaised(Fact):
    """A reason to look whether a brand should be suspended; people decide. ``restricted``: not for the branch."""

    type: ClassVar[str] = "activities.hint.raised.v1"
    about: ClassVar[str] = "hint"

    hint: str
    organisation: str
    brand: str | None
    title: str
    title_en: str
    reason: str
    department_title: str
    restricted: bool


_WHOSE: dict[str, Any] = {"organisation": "operations-general-branch", "brand": "charm-gps"}
_WHAT: dict[str, Any] = {
    **_WHOSE, "activity": "7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30", "kind": "open_day", "title": "魅力GPS开放日",
}  # fmt: skip
_PLAN = {
    **_WHAT, "kind_title": "开放日", "kind_title_en": "Open day", "starts_at": datetime(2026, 6, 26, 1, 0, tzinfo=UTC),
}  # fmt: skip
EXAMPLES: list[Fact] = [
    ActivityFiled(
        **_PLAN, place="党员之家", filed_at=datetime(2026, 6, 22, 2, 30, tzinfo=UTC), filed_by="1001", late=False
    ),
    ActivityCancelled(**_PLAN, reason="暴雨", cancelled_by="1001"),
    ActivityRecorded(
        **_WHAT, held_at=datetime(2026, 6, 26, 1, 5, tzinfo=UTC), expected=12, present=10, on_leave=1, absent=1,
        recorded_by="1001",
    ),
    DraftMade(
        **_WHOSE, draft="0d1b2c3a-4e5f-5a6b-8c7d-9e0f1a2b3c4d", kind="emergency_task", kind_title="急难险重任务",
        title="设备抢险", department="safety", department_title="安全监督部", event_type="safety.rescue.completed",
        occurred_at=datetime(2026, 7, 3, 14, 0, tzinfo=UTC),
    ),
    DraftSettled(
        draft="0d1b2c3a-4e5f-5a6b-8c7d-9e0f1a2b3c4d", organisation="operations-general-branch", outcome="filed",
        activity="7f0c1a52-6d0b-5d4e-9a51-0a5f7c1e2b30", reason=None, by="1001",
    ),
    PointMeasured(
        **_WHOSE, point="5b0e9d8c-7f6a-5b4c-9d3e-2f1a0b9c8d7e", indicator="船时效率", value=31.5, unit="自然箱/小时",
        measured_at=datetime(2026, 6, 30, 16, 0, tzinfo=UTC), department="production",
        event_type="production.milestone.reached",
    ),
    ReminderRaised(
        reminder="6c1f0e9d-8a7b-5c6d-8e4f-3a2b1c0d9e8f", organisation="operations-general-branch",
        title="审计发现问题", title_en="Audit finding", text="请在整改期限内反馈。",
        text_en="Please answer within the time for rectification.", to="secretary", department_title="审计部",
    ),
    HintRaised(
        **_WHOSE, hint="7d2a1f0e-9b8c-5d7e-9f5a-4b3c2d1e0f9a", title="重大安全事故", title_en="Major accident",
        reason="安全监督部通报的重大事故。", department_title="安全监督部", restricted=False,
    ),
]  # fmt: skip
"""One example of each."""
