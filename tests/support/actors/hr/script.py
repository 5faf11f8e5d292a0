"""The reference: what HR says and people decide on which day, and what must be so on any day because of it.

It is written from the other end than the product: a person's life is a list of states as they really were, and what is
asked of people is written down by whoever tells the story, never derived from rules.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.support.actors.hr.company import LONG_AGO, SECRETARY, Company, Worker

DAY = timedelta(days=1)
YEAR = 2025
T = TypeVar("T")
GONE = {"left", "retired"}
Span = tuple[str, date, date | None]
"""An organisation or a post's name with its first and last day."""


@dataclass(frozen=True)
class State:
    """How somebody stood with HR, from when.

    ``known``: the day HR said so, ``withdrawn``: the day it was taken back.
    """

    known: date
    since: date
    status: str
    department: str | None
    until: date | None = None
    withdrawn: date | None = None

    def holds(self, day: date) -> bool:
        """Whether HR, as far as it was heard by that day, said so of that day."""
        published = self.known <= day and not (self.withdrawn and self.withdrawn <= day)
        return published and self.since <= day and (self.until is None or day <= self.until)


@dataclass
class Asked:
    """A proposal that must be there from ``opened`` on, open until ``ended``."""

    kind: str
    who: str
    organisation: str
    opened: date
    candidates: tuple[str, ...] = ()
    post: str | None = None
    outward: bool = False
    compensates: bool = False
    ended: date | None = None
    outcome: str = "open"
    choice: dict[str, Any] | None = None

    def state(self, day: date) -> str:
        """Its state on a day."""
        return self.outcome if self.ended and self.ended <= day else "open"

    @property
    def name(self) -> tuple[str, str, str, str | None]:
        """What tells it from others that are open at the same time."""
        return self.kind, self.who, self.organisation, self.post


@dataclass
class Script:
    """A year: ``says`` by day and feed, ``asked`` with the decisions, lives, Party records and departments."""

    company: Company
    says: dict[date, dict[str, list[dict[str, Any]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    asked: list[Asked] = field(default_factory=list)
    lives: dict[str, list[State]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[tuple[date, list[Span]]]] = field(default_factory=dict)
    posts: dict[str, list[tuple[date, list[tuple[str, Span]]]]] = field(default_factory=dict)
    units: dict[str, list[tuple[date, dict[str, Any]]]] = field(default_factory=dict)
    maps: list[tuple[date, str, str, date, date | None]] = field(default_factory=list)
    missing: set[tuple[str, date]] = field(default_factory=set)
    part_time: dict[str, tuple[date, list[str]]] = field(default_factory=dict)
    orders: int = 0

    def __post_init__(self) -> None:
        """As it stood before."""
        first = date(YEAR, 1, 1)
        for one in self.company.workers.values():
            self.lives[one.number] = [State(first, LONG_AGO, "active", one.department)]
            self.names[one.number] = one.name
            if one.branch:
                self.members[one.number] = [(first, [(one.branch, LONG_AGO, None)])]
        for number, branch in self.company.outside.items():
            self.names[number] = f"党员{number}"
            self.members[number] = [(first, [(branch, LONG_AGO, None)])]
        for branch, number in self.company.secretaries.items():
            self.posts[number] = [(first, [(SECRETARY, (branch, LONG_AGO, None))])]
        for key, parent in self.company.departments.items():
            self.units[key] = [(first, {"name": f"部门{key}", "parent": parent, "enabled": True, "merged_into": None})]
        self.maps = [(first, one, other, LONG_AGO, None) for one, other in self.company.mappings]

    # ------------------------------------------------------------------ telling

    def order(self) -> str:
        """A new order number of HR."""
        self.orders += 1
        return f"HR-{self.orders:05}"

    def say(self, day: date, via: str, **data: Any) -> None:  # noqa: ANN401 - any JSON
        """HR says something by a feed on a day."""
        self.says[day][via].append(data)

    def lived(self, number: str, *states: State) -> None:
        """What somebody's life is from then on."""
        self.lives.setdefault(number, []).extend(states)

    def ask(self, who: Worker | str, kind: str, organisation: str, opened: date, **more: Any) -> Asked:  # noqa: ANN401
        """What must be asked because of it."""
        one = Asked(kind, who if isinstance(who, str) else who.number, organisation, opened, **more)
        self.asked.append(one)
        return one

    def end(self, one: Asked, day: date, outcome: str, **choice: Any) -> None:  # noqa: ANN401
        """What becomes of it: a person confirms or declines it, or HR takes back what suggested it (withdrawn)."""
        one.ended, one.outcome, one.choice = day, outcome, choice

    def belongs(self, number: str, known: date, *spans: Span) -> None:
        """What the Party's side says of somebody's memberships from then on."""
        self.members.setdefault(number, []).append((known, list(spans)))

    # ------------------------------------------------------------------ as of a day

    def state(self, number: str, day: date) -> tuple[str, str | None] | None:
        """Status and department of somebody."""
        held = [one for one in self.lives[number] if one.holds(day)]
        last = max(held, key=lambda one: (one.since, one.known), default=None)
        return (last.status, last.department) if last else None

    @property
    def busy(self) -> set[date]:
        """The days on which HR speaks, people decide or something takes effect."""
        effective = {one.since for states in self.lives.values() for one in states}
        effective |= {known for versions in self.units.values() for known, _ in versions}
        return {*self.says, *effective, *(one.ended for one in self.asked if one.ended)}

    def listed(self, day: date) -> list[tuple[str, str, str | None]]:
        """Whom a full list of that day shows: number, status, department."""
        rows = []
        for number in self.lives:
            state = self.state(number, day)
            if state and (number, day) not in self.missing and state[0] not in GONE:
                rows.append((number, *state))
        return rows

    def steps(self, number: str, days: list[date]) -> list[tuple[str, str | None]]:
        """The states that somebody went through, one after the other."""
        seen: list[tuple[str, str | None]] = []
        for day in days:
            state = self.state(number, day)
            if state and (not seen or seen[-1] != state):
                seen.append(state)
        return seen


def last(versions: list[tuple[date, T]], day: date) -> T | None:
    """What was so on a day, of things that were said on days."""
    return next((one for known, one in reversed(versions) if known <= day), None)


def day(month: int, number: int) -> date:
    """A day of the year; a month beyond it has none."""
    return date(YEAR, month, number)
