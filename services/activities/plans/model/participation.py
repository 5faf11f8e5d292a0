"""全员参与率, as domain part 2.7 defines it: members present at least once in a period ÷ members at its end.

It counts people of a branch, never compares them: no points, no order, nothing about log-ins.
"""

from collections.abc import Sequence
from datetime import date

from infra.kernel.errors import Invalid
from infra.kernel.values import Value
from services.activities.plans.model.activity import Activity
from services.activities.plans.model.roster import Member, RosterEntry

LONGEST_DAYS = 366
"""A year, also a leap year: everything held in the period is read at once, so it has an end."""


class Participation(Value):
    """How many members of one branch took part; ``not_yet`` is for the branch itself and the work department."""

    organisation: str
    name: str
    members: int
    took_part: int
    rate: float | None
    sessions: int
    session_rate: float | None
    not_yet: tuple[Member, ...] | None = None


def check_period(first: date, last: date) -> tuple[date, date]:
    """The days of a period in their order, at most a year; raises ``Invalid``."""
    if last < first:
        raise Invalid(
            "period.ends_before_start", zh="截止日期早于起始日期。", en="The period ends first.", field="query:/to"
        )
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid(
            "period.too_long",
            zh=f"统计区间最长 {LONGEST_DAYS} 天。",
            en=f"A period is at most {LONGEST_DAYS} days.",
            field="query:/to",
        )
    return first, last


def participation(
    organisation: str, name: str, members: Sequence[RosterEntry], held: Sequence[Activity], *, disclose: bool
) -> Participation:
    """The participation of one branch in the activities held in the period, its own and those of others.

    Both parts of the fraction are people on the roster at the period's end, so that a member who moved away cannot make
    the rate exceed one; without members there is no rate. ``session_rate`` is the mean of present ÷ expected over the
    branch's own activities.
    """
    there = {person for activity in held if activity.record for person in activity.record.present}
    missing = tuple(Member(person=one.person, name=one.name) for one in members if one.person not in there)
    own = [one.record for one in held if one.organisation == organisation and one.record and one.record.roster]
    return Participation(
        organisation=organisation,
        name=name,
        members=len(members),
        took_part=len(members) - len(missing),
        rate=round(1 - len(missing) / len(members), 4) if members else None,
        sessions=len(own),
        session_rate=round(sum(len(one.present) / len(one.roster) for one in own) / len(own), 4) if own else None,
        not_yet=missing if disclose else None,
    )
