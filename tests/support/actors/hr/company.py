"""A generated company: four of them under one group, their departments, people, Party organisations and mappings.

The same seed makes the same company. Everything here is as it was long before the year begins.
"""

import random
from dataclasses import dataclass, field
from datetime import date

LONG_AGO = date(2020, 1, 1)
COMPANIES = ("C1", "C2", "C3", "C4")
SECRETARY = "branch_secretary"
RETIRED = "retired"
"""The branch of those who have retired (离退休支部)."""
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英")
MEMBERS_AMONG_TEN = 3
OWN = range(1, 11)
JOINT = range(11, 14)
INHERITS = 14
SPECIAL = ("C1-D01", "C1-D02", "C2-D03", "C2-D04", "C3-D06", "C3-D14")
"""Departments to which something happens themselves; nobody moves there otherwise."""


@dataclass
class Worker:
    """One employee; ``branch``: where a member belongs."""

    number: str
    name: str
    department: str
    branch: str | None = None


@dataclass
class Company:
    """Everything there was at the beginning."""

    workers: dict[str, Worker] = field(default_factory=dict)
    departments: dict[str, str | None] = field(default_factory=dict)
    organisations: list[tuple[str, str, str | None]] = field(default_factory=list)
    mappings: list[tuple[str, str]] = field(default_factory=list)
    belongs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Which organisations a department belongs to, those of its company included where it has none of its own."""

    secretaries: dict[str, str] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    """Members of whom HR knows nothing (dispatched workers, long retired), with their branch."""

    @property
    def above(self) -> dict[str, str | None]:
        """What each organisation stands under."""
        return {key: parent for key, _, parent in self.organisations}

    def people_of(self, *departments: str) -> list[Worker]:
        """Everybody who works there at the beginning."""
        return [one for one in self.workers.values() if one.department in departments]


def company(seed: int, people: int) -> Company:
    """A company of so many people."""
    chance, made = random.Random(seed), Company()
    made.organisations = [("committee", "party_committee", None), (RETIRED, "party_branch", "committee")]
    for number, name in enumerate(COMPANIES, 1):
        _one(made, number, name)
    places = [key for key, parent in made.departments.items() if parent]
    for number in range(people):
        department = places[number % len(places)]
        worker = Worker(f"{number:05}", chance.choice(FAMILY) + chance.choice(GIVEN), department)
        made.workers[worker.number] = worker
    _members(made, chance)
    for number in range(20):
        made.outside[f"P{number:03}"] = RETIRED if number % 2 else f"b-{1 + number % 4}-08"
    return made


def _one(made: Company, number: int, name: str) -> None:
    """One company: a general branch; ten departments with branches, three with a joint one, one with none."""
    made.departments[name] = None
    general = f"gb-{number}"
    made.organisations.append((general, "general_branch", "committee"))
    made.organisations += [(f"b-{number}-{place:02}", "party_branch", general) for place in range(1, 17)]
    made.mappings.append((name, general))
    made.belongs[name] = (general,)
    for place in range(1, 15):
        department = f"{name}-D{place:02}"
        made.departments[department] = name
        own: tuple[str, ...] = ()
        if place in OWN:
            own = (f"b-{number}-{place:02}",)
        if place in JOINT:
            own = (f"b-{number}-11",)
        if place == 5:  # one department with two branches
            own = (*own, f"b-{number}-12")
        made.mappings += [(department, one) for one in own]
        made.belongs[department] = own or (general,)


def _members(made: Company, chance: random.Random) -> None:
    """Three of ten are members, in a branch of their department; the first of each branch is its secretary."""
    for place, worker in enumerate(made.workers.values()):
        if place % len(made.departments) % 10 < MEMBERS_AMONG_TEN or chance.random() * 10 < MEMBERS_AMONG_TEN:
            choice = made.belongs[worker.department]
            worker.branch = f"b-{worker.department[1]}-14" if choice[0].startswith("gb-") else chance.choice(choice)
            if worker.department not in SPECIAL and worker.branch not in made.secretaries:
                made.secretaries[worker.branch] = worker.number
