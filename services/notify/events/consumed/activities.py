"""What notify consumes from activities: plans, and what other departments' events led to."""

from datetime import datetime
from typing import ClassVar, Literal

from infra.kernel.events import Fact


class ActivityFiled(Fact):
    """Consumed from activities: a plan was filed; ``revision`` > 1 = filed anew after a change."""

    type: ClassVar[str] = "activities.activity.filed.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    brand: str | None = None
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    place: str
    revision: int = 1


class ActivityCancelled(Fact):
    """Consumed from activities: a filed plan was given up."""

    type: ClassVar[str] = "activities.activity.cancelled.v1"
    about: ClassVar[str] = "activity"

    activity: str
    organisation: str
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    reason: str


class DraftMade(Fact):
    """Consumed from activities: another department's event suggests an activity, which a person files or dismisses."""

    type: ClassVar[str] = "activities.draft.made.v1"
    about: ClassVar[str] = "draft"

    draft: str
    organisation: str
    kind_title: str
    title: str
    department_title: str
    occurred_at: datetime


class ReminderRaised(Fact):
    """Consumed from activities: an organisation is to be reminded of what another department told."""

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
    """Consumed from activities: a reason to look at a brand again; ``restricted``: not for the branch."""

    type: ClassVar[str] = "activities.hint.raised.v1"
    about: ClassVar[str] = "hint"

    hint: str
    organisation: str
    title: str
    title_en: str
    reason: str
    department_title: str
    restricted: bool
