"""An activity: planned (its plan is filed) → held (recorded) | cancelled. A filing is no approval and waits for none.

Nothing is ever deleted: an earlier plan and an earlier revision of the record stay in the activity.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from infra.kernel.dates import Moment
from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Input, Value
from services.activities.events.published import ActivityCancelled, ActivityFiled, ActivityRecorded
from services.activities.plans.model.attendance import Record, revise
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor

State = Literal["planned", "held", "cancelled"]
STATES = {"planned": ("已报备", "planned"), "held": ("已开展", "held"), "cancelled": ("已取消", "cancelled")}


EXAMPLE: dict[str, JsonValue] = {
    "kind": "theme_party_day",
    "title": "安全生产主题党日",
    "starts_at": "2026-06-26T09:00:00+08:00",
    "ends_at": "2026-06-26T11:00:00+08:00",
    "place": "三号检修车间",
    "brand": "power-1010",
}


class Draft(Input):
    """A plan as it is filed."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    kind: str
    title: str = Field(min_length=1, max_length=200)
    starts_at: Moment
    ends_at: Moment | None = None
    place: str = Field(min_length=1, max_length=200)
    brand: str | None = None
    content: str | None = Field(default=None, min_length=1, max_length=20_000)


class Plan(Value):
    """A filed plan; ``late`` = filed after its own start: marked, never refused."""

    revision: int
    kind: str
    kind_title: str
    kind_title_en: str | None = None
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    brand: str | None
    content: str | None
    filed_by: str
    filed_at: datetime
    late: bool


class Note(Value):
    """What the party work department says about a filing: seen, or a question. It changes nothing."""

    kind: Literal["acknowledged", "query"]
    text: str | None
    by: str
    at: datetime


class Cancellation(Value):
    """Why and by whom a plan was given up."""

    reason: str
    by: str
    at: datetime


class Activity(Aggregate):
    """One activity of one organisation, from the filed plan to the record."""

    organisation: str
    state: State = "planned"
    plan: Plan
    earlier_plans: tuple[Plan, ...] = ()
    notes: tuple[Note, ...] = ()
    cancellation: Cancellation | None = None
    record: Record | None = None
    earlier_records: tuple[Record, ...] = ()


def file(key: str, organisation: str, draft: Draft, kind: Kind, by: Actor) -> Decision[Activity]:
    """File a plan, at any time: after its start it is ``late``. Raises ``Invalid`` when it ends before it starts."""
    activity = Activity(id=key, organisation=organisation, plan=_plan(draft, kind, 1, by))
    return activity, [_filed(activity)]


def change_plan(activity: Activity, draft: Draft, kind: Kind, by: Actor) -> Decision[Activity]:
    """File the plan anew, until the activity was held or cancelled."""
    _require(activity, "planned")
    plan = _plan(draft, kind, activity.plan.revision + 1, by)
    after = activity.becomes(plan=plan, earlier_plans=(*activity.earlier_plans, activity.plan))
    return after, [_filed(after)]


def annotate(activity: Activity, note: Note) -> Decision[Activity]:
    """Add a note of the work department, in any state: it blocks nothing. A query says what it asks."""
    if note.kind == "query" and not note.text:
        raise Invalid("query.empty", zh="请写明要询问的内容。", en="A query needs a text.", field="/text")
    return activity.becomes(notes=(*activity.notes, note)), []


def cancel(activity: Activity, reason: str, by: Actor) -> Decision[Activity]:
    """Give a plan up, with a reason; what was held cannot be cancelled."""
    _require(activity, "planned")
    given_up = Cancellation(reason=reason, by=by.person, at=by.at)
    fact = ActivityCancelled(**_about(activity), reason=reason, cancelled_by=by.person)
    return activity.becomes(state="cancelled", cancellation=given_up), [fact]


def record(activity: Activity, taken: Record) -> Decision[Activity]:
    """Record that it was held; a correction of what is recorded is ``correct``."""
    _require(activity, "planned")
    after = activity.becomes(state="held", record=taken)
    return after, [_recorded(after, taken)]


def correct(activity: Activity, taken: Record, reason: str) -> Decision[Activity]:
    """Put a corrected revision over the record; the earlier one stays, and so does the mark of a late entry."""
    if activity.record is None:
        raise _wrong(activity, "held")
    before = activity.record
    revised = revise(before, taken, reason)
    after = activity.becomes(record=revised, earlier_records=(*activity.earlier_records, before))
    return after, [_recorded(after, revised)]


def _plan(draft: Draft, kind: Kind, revision: int, by: Actor) -> Plan:
    if draft.ends_at is not None and draft.ends_at < draft.starts_at:
        raise Invalid(
            "plan.ends_before_start", zh="结束时间早于开始时间。", en="The end is before the start.", field="/ends_at"
        )
    return Plan(
        **draft.model_dump(include=set(Draft.model_fields)),
        revision=revision,
        kind_title=kind.title,
        kind_title_en=kind.title_en,
        filed_by=by.person,
        filed_at=by.at,
        late=by.at > draft.starts_at,
    )


def _require(activity: Activity, state: State) -> None:
    if activity.state != state:
        raise _wrong(activity, state)


def _wrong(activity: Activity, state: State) -> Refused:
    is_zh, is_en = STATES[activity.state]
    wanted_zh, wanted_en = STATES[state]
    return Refused(
        f"activity.not_{state}",
        zh=f"活动当前“{is_zh}”，只有“{wanted_zh}”的活动可以这样办理。",
        en=f"The activity is {is_en}; this can only be done while it is {wanted_en}.",
    )


def _about(activity: Activity) -> dict[str, Any]:
    """What the facts about it say alike: each takes what it has a field for."""
    return {"activity": activity.id, "organisation": activity.organisation, **activity.plan.model_dump()}


def _filed(activity: Activity) -> ActivityFiled:
    return ActivityFiled.model_validate(_about(activity))


def _recorded(activity: Activity, taken: Record) -> ActivityRecorded:
    return ActivityRecorded(
        **_about(activity),
        held_at=taken.started_at,
        expected=len(taken.roster),
        present=len(taken.present),
        on_leave=len(taken.on_leave),
        absent=len(taken.absent),
        recorded_by=taken.recorded_by,
    )
