"""Absences: from one day to another somebody is away, and who acts in their name meanwhile (代理).

A proxy checks, leads a step and signs, always visibly in the other's name; nobody votes in a discussion or in a
meeting by proxy. A proxy's own proxy does not act for the first one: names are not passed on.
"""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from infra.kernel.dates import covers
from infra.kernel.errors import Forbidden, Invalid, NotFound, Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Input
from services.review.events.value_objects import Stored
from services.review.shared.actor import Actor, example
from services.review.shared.text_types import Number, Words

MOST_ABSENCES = 200
"""Of one person, the past ones included."""


class AbsenceRecorded(Input, **example(proxy="10022", since="2026-03-02", until="2026-03-08", reason="参加学习。")):
    """An absence as it is entered; both its days belong to it."""

    person: Number | None = Field(default=None, description="谁（默认本人） / Who; by default oneself")
    proxy: Number = Field(description="代理人（工号） / Who acts for them, by number")
    since: date = Field(description="第一天 / The first day")
    until: date = Field(description="最后一天 / The last day")
    reason: Words = Field(description="事由 / Why")


class Absence(Stored):
    """One absence; both its days belong to it. ``ended_at``: it was called off, or ended early."""

    n: int
    proxy: str
    since: date
    until: date
    reason: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether the proxy acts on this day."""
        return self.ended_at is None and covers(self.since, self.until, day)


class Absences(Aggregate):
    """All absences of one person, whose number is the id."""

    absences: tuple[Absence, ...] = ()

    def proxy_on(self, day: date) -> str | None:
        """Who acts for this person on a day."""
        return next((one.proxy for one in self.absences if one.covers(day)), None)

    def answer(self) -> dict[str, Any]:
        """The number of the newest absence."""
        return {"absence": len(self.absences)}


def record(before: Absences | None, command: AbsenceRecorded, person: str, actor: Actor) -> Decision[Absences]:
    """Somebody will be away; raises ``Invalid`` for days or a proxy that cannot be, ``Refused`` for an overlap."""
    if command.proxy == person:
        raise Invalid("absence.own_proxy", zh="不能由本人代理。", en="Nobody is their own proxy.", field="/proxy")
    if command.until < max(command.since, actor.today):
        raise Invalid(
            "absence.days",
            zh="结束日期不能早于开始日期或今天。",
            en="The last day may not lie before the first one, nor before today.",
            field="/until",
        )
    known = before or Absences(id=person)
    for one in known.absences:
        if one.ended_at is None and one.since <= command.until and command.since <= one.until:
            raise Refused(
                "absence.overlaps",
                zh=f"与已登记的代理（{one.since} 至 {one.until}）重叠，请先结束它。",
                en=f"It overlaps the absence from {one.since} to {one.until}; end that one first.",
                field="/since",
            )
    if len(known.absences) >= MOST_ABSENCES:
        raise Refused("absence.too_many", zh="登记的代理过多。", en=f"More than {MOST_ABSENCES} absences.")
    fresh = Absence(
        n=len(known.absences) + 1, recorded_by=actor.by, recorded_at=actor.at, **command.model_dump(exclude={"person"})
    )
    return known.becomes(absences=(*known.absences, fresh)), []


def end(before: Absences, n: int, actor: Actor) -> Decision[Absences]:
    """The absence is over, or called off; the proxy acts no more."""
    found = next((one for one in before.absences if one.n == n), None)
    if found is None:
        raise NotFound("absence.unknown", zh=f"没有第 {n} 条代理。", en=f"There is no absence {n}.")
    if found.ended_at is not None:
        raise Refused("absence.ended", zh="该代理已结束。", en="This absence has ended already.")
    ended = found.becomes(ended_by=actor.by, ended_at=actor.at)
    return before.becomes(absences=tuple(ended if one is found else one for one in before.absences)), []


def require_may_record(by: str, person: str, *, office: bool) -> None:
    """Raise ``Forbidden`` unless it is one's own absence, or the caller is of the office."""
    if by != person and not office:
        raise Forbidden(
            "absence.not_own",
            zh="只能登记本人的代理，或由党委工作部、管理员代为登记。",
            en="Only one's own absence, unless the Party work department or an administrator records it.",
        )
