"""The record of a held activity: who was there, against the roster of that day, under rules with a severity.

An error refuses the record, a warning is kept with it for people to see. Rules after domain part 2.6 (支部工作条例):
present ≤ expected, absence with its reason, quorum, duration, entry within three working days.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from infra.kernel.dates import Moment, day_of
from infra.kernel.errors import Invalid
from infra.kernel.values import Input, Value
from infra.kernel.working_days import Calendar
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor, RosterEntry

ENTRY_WORKING_DAYS = 3
LATE = "entry.late"
PROVISIONAL = ("（暂定：节假日安排尚未公布）", " (provisional: holidays are not published yet)")
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Excuse(Input):
    """A member who was not there, and why, as far as it is known."""

    person: str
    reason: str | None = Field(default=None, min_length=1, max_length=500)


EXAMPLE: dict[str, JsonValue] = {
    "started_at": "2026-06-26T09:00:00+08:00",
    "ended_at": "2026-06-26T11:00:00+08:00",
    "chair": "王五",
    "recorder": "李四",
    "present": ["10021", "10022"],
    "on_leave": [{"person": "10023", "reason": "出差"}],
    "content": "学习安全生产规程，检查三号车间，整改隐患两处。",
}


class Sheet(Input):
    """What a recorder enters."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    started_at: Moment
    ended_at: Moment
    chair: Name
    recorder: Name
    present: tuple[str, ...] = Field(min_length=1)
    on_leave: tuple[Excuse, ...] = ()
    absence_reasons: tuple[Excuse, ...] = ()
    non_voting_attendees: tuple[Name, ...] = Field(default=(), max_length=1000)
    content: str = Field(min_length=1, max_length=20_000)


class Finding(Value):
    """A warning that stays with a record: what is unusual about it."""

    rule: str
    zh: str
    en: str
    field: str


class Held(Value):
    """What everyone sees of a record: what took place, and how it was entered.

    ``late_provisional``: late by days of which the holidays were not published yet when it was entered.
    """

    revision: int
    started_at: datetime
    ended_at: datetime
    chair: str
    recorder: str
    content: str
    warnings: tuple[Finding, ...]
    late_entry: bool
    late_provisional: bool = False
    recorded_by: str
    recorded_at: datetime


class Record(Held):
    """One revision of the record; the roster is the snapshot that it was checked against."""

    roster: tuple[RosterEntry, ...]
    present: tuple[str, ...]
    on_leave: tuple[Excuse, ...]
    absent: tuple[Excuse, ...]
    non_voting_attendees: tuple[str, ...]
    correction_reason: str | None = None


def take(sheet: Sheet, roster: Sequence[RosterEntry], kind: Kind, calendar: Calendar, by: Actor) -> Record:
    """Check a sheet against the roster of its day and make the first revision of the record; raises ``Invalid``."""
    _check_times(sheet, by.at)
    _check_people(sheet, {entry.person for entry in roster})
    away = {excuse.person for excuse in sheet.on_leave}
    present = frozenset(sheet.present)
    reasons = {excuse.person: excuse.reason for excuse in sheet.absence_reasons}
    absent = tuple(
        Excuse(person=entry.person, reason=reasons.get(entry.person))
        for entry in roster
        if entry.person not in present | away
    )
    span = (day_of(sheet.ended_at), day_of(by.at), ENTRY_WORKING_DAYS)
    late = calendar.is_late(*span)
    provisional = late and not calendar.is_surely_late(*span)
    return Record(
        **sheet.model_dump(include=set(Held.model_fields) | {"non_voting_attendees"}),
        revision=1,
        roster=tuple(roster),
        present=tuple(sorted(present)),
        on_leave=sheet.on_leave,
        absent=absent,
        warnings=tuple(_warnings(sheet, roster, absent, kind, _late(provisional=provisional) if late else None)),
        late_entry=late,
        late_provisional=provisional,
        recorded_by=by.person,
        recorded_at=by.at,
    )


def revise(before: Record, taken: Record, reason: str) -> Record:
    """The next revision of a record. A correction is no late entry: what was said about the first entry stays."""
    entry = [finding for finding in before.warnings if finding.rule == LATE]
    others = [finding for finding in taken.warnings if finding.rule != LATE]
    changes = {
        "revision": before.revision + 1,
        "late_entry": before.late_entry,
        "late_provisional": before.late_provisional,
        "warnings": (*entry, *others),
        "correction_reason": reason,
    }
    return Record.model_validate({**dict(taken), **changes})


def _check_times(sheet: Sheet, now: datetime) -> None:
    if sheet.ended_at < sheet.started_at:
        raise Invalid(
            "record.ends_before_start",
            zh="结束时间早于开始时间。",
            en="The end is before the start.",
            field="/ended_at",
        )
    if sheet.ended_at > now:
        raise Invalid(
            "record.in_future",
            zh="活动尚未结束，不能补写未发生的记录。",
            en="The activity has not ended yet; what has not happened is not recorded.",
            field="/ended_at",
        )


def _check_people(sheet: Sheet, expected: set[str]) -> None:
    """Everyone named is on the roster, in one place only, and only the absent are excused."""
    seen: dict[str, str] = {}
    for part in ("present", "on_leave", "absence_reasons"):
        for number, one in enumerate(getattr(sheet, part)):
            person, field = one.person if isinstance(one, Excuse) else one, f"/{part}/{number}"
            if person not in expected:
                raise Invalid(
                    "record.not_on_roster",
                    zh=f"“{person}”不在当日应到名册中（列席人员请填入列席栏）。",
                    en=f"“{person}” is not on the roster of that day (guests go to non_voting_attendees).",
                    field=field,
                )
            if person in seen:
                raise Invalid(
                    "record.listed_twice",
                    zh=f"“{person}”已在“{seen[person]}”中列出，不能同时出现两次。",
                    en=f"“{person}” is listed in “{seen[person]}” already.",
                    field=field,
                )
            seen[person] = part


def _late(*, provisional: bool) -> Finding:
    zh, en = PROVISIONAL if provisional else ("", "")
    return Finding(
        rule=LATE,
        zh=f"录入晚于活动结束后 {ENTRY_WORKING_DAYS} 个工作日{zh}。",
        en=f"Entered more than {ENTRY_WORKING_DAYS} working days after the end{en}.",
        field="/ended_at",
    )


def _warnings(
    sheet: Sheet, roster: Sequence[RosterEntry], absent: Sequence[Excuse], kind: Kind, late: Finding | None
) -> Iterator[Finding]:
    silent = sum(excuse.reason is None for excuse in (*sheet.on_leave, *absent))
    if silent:
        yield Finding(
            rule="absence.no_reason",
            zh=f"{silent} 名未到党员没有填写原因。",
            en=f"{silent} of those not there have no reason given.",
            field="/absence_reasons",
        )
    if late:
        yield late
    voters = {entry.person for entry in roster if entry.status == "full_member"}
    there, percent = len(voters & set(sheet.present)), kind.quorum_above_percent
    if percent is not None and there * 100 <= percent * len(voters):
        yield Finding(
            rule="quorum.missing",
            zh=f"正式党员应到 {len(voters)} 名，实到 {there} 名，未超过 {percent}%。",
            en=f"{there} of {len(voters)} full members were there: not more than {percent} %.",
            field="/present",
        )
    minutes = (sheet.ended_at - sheet.started_at).total_seconds() / 60
    if kind.minutes is not None and minutes < kind.minutes:
        yield Finding(
            rule="duration.short",
            zh=f"时长 {minutes:.0f} 分钟，少于通常的 {kind.minutes} 分钟。",
            en=f"{minutes:.0f} minutes, less than the usual {kind.minutes}.",
            field="/ended_at",
        )
