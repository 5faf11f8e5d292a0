"""What HR's present state suggests for the Party's side: a pure comparison that can be repeated at any time.

Which departments belong to which Party organisations is n:m and dated, for the two trees are not the same. Nothing
follows from the first sight of an employee, from a second post, a secondment, a leave or a new name. The rules and
their sources are in decision 0019.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Lookup
from datetime import date
from typing import Any

from pydantic import ConfigDict

from infra.kernel.aggregate import Aggregate, Decision
from services.registry.events.published.hr import MappingRecorded
from services.registry.hr.model.mirror import OVER, Department, Employee, EmployeeApplied
from services.registry.hr.model.proposal import Suggestion
from services.registry.party.model.organisation import Tree
from services.registry.party.model.person import Membership, Person
from services.registry.party.model.value import Span, in_order

WORKING = ("active", "rehired", "leave")


class Days(Span):
    """From when to when a department belongs to an organisation."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"since": "2026-01-01", "until": "2026-12-31"}]})


class Mapping(Span, Aggregate):
    """One department belongs to one organisation on these days."""

    department: str
    organisation: str


def mapping_id(department: str, organisation: str) -> str:
    """A department and an organisation are mapped once; the days are changed in place."""
    return f"{department}~{organisation}"


def record(before: Mapping | None, department: str, organisation: str, days: Span) -> Decision[Mapping]:
    """Map a department, or change the days. Raises ``Invalid`` when it would end before it begins."""
    in_order(days.since, days.until, "/until")
    about: dict[str, Any] = {"department": department, "organisation": organisation, **dict(days)}
    name = mapping_id(department, organisation)
    after = Mapping(id=name, **about) if before is None else before.becomes(**about)
    return after, [] if after == before else [MappingRecorded(mapping=name, **about)]


class Atlas:
    """All departments and mappings, to be asked about a day."""

    def __init__(self, departments: Iterable[Department], mappings: Iterable[Mapping]) -> None:
        self.departments: Lookup[str, Department] = {one.id: one for one in departments}
        self.mappings = list(mappings)

    def own(self, department: str, day: date) -> frozenset[str]:
        """The organisations that this very department is mapped to."""
        return frozenset(one.organisation for one in self.mappings if one.department == department and one.covers(day))

    def organisations_of(self, department: str | None, day: date) -> frozenset[str]:
        """Its own; else those of the departments that were merged into it; else those of the one above, and so on."""
        seen: set[str] = set()
        while department is not None and department not in seen:
            seen.add(department)
            found = self.own(department, day) or self._inherited(department, day, frozenset(seen))
            if found:
                return found
            known = self.departments.get(department)
            department = known.applied.parent if known and known.applied else None
        return frozenset()

    def below(self, department: str) -> frozenset[str]:
        """The department and all below it, as they stand now."""
        found, fresh = {department}, {department}
        while fresh:
            fresh = {one.id for one in self.departments.values() if one.applied and one.applied.parent in fresh} - found
            found |= fresh
        return frozenset(found)

    def _inherited(self, department: str, day: date, seen: frozenset[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for one in self.departments.values():
            if one.applied and one.applied.merged_into == department and one.id not in seen:
                found |= self.own(one.id, day) or self._inherited(one.id, day, seen | {one.id})
        return found


def of_person(employee: Employee, person: Person, atlas: Atlas, tree: Tree, day: date) -> list[Suggestion]:
    """Everything that the employee's state of today suggests for this person."""
    applied = employee.applied
    if applied is None or applied.moves == 0:
        return []
    held = person.membership_on(day)
    there = atlas.organisations_of(applied.department, day)
    return [*_membership(applied, person, held, there, tree), *_posts(applied, person, there, tree, day)]


def of_arrivals(
    department: str, arrived: Iterable[tuple[Employee, Person]], atlas: Atlas, tree: Tree, day: date
) -> list[Suggestion]:
    """That members work in a department which belongs to no Party organisation: one question for each committee."""
    if atlas.organisations_of(department, day):
        return []
    asked: dict[str, EmployeeApplied] = {}
    for employee, person in arrived:
        applied, held = employee.applied, person.membership_on(day)
        if applied and applied.moves and applied.status in WORKING and applied.department == department and held:
            asked.setdefault(tree.above(held.organisation)[-1], applied)
    return [_unmapped(department, atlas, top, applied) for top, applied in sorted(asked.items())]


def of_department(department: Department, atlas: Atlas, day: date) -> list[Suggestion]:
    """What a department that was merged, closed or moved suggests for the mapping, where it is mapped."""
    applied = department.applied
    turn = applied.turn if applied else None
    if applied is None or turn is None:
        return []
    if not applied.enabled or applied.merged_into:
        concerned = atlas.own(department.id, day)
        ended = applied.merged_into
        zh = f"部门“{applied.name}”已{f'并入“{ended}”' if ended else '撤销'}，请调整对应关系。"
        en = f"Department “{applied.name}” was {f'merged into “{ended}”' if ended else 'closed'}: adjust its mapping."
    elif turn.moved:
        concerned = frozenset[str]().union(*(atlas.own(one, day) for one in atlas.below(department.id)))
        if not atlas.own(department.id, day):  # it belonged where the one above it did
            concerned |= atlas.organisations_of(turn.parent_before, day)
        zh = f"部门“{applied.name}”已调整上级，请核对对应关系。"
        en = f"Department “{applied.name}” stands under another one now: check its mapping."
    else:
        return []
    return [
        Suggestion(
            kind="branch_adjustment",
            department=department.id,
            department_name=applied.name,
            organisation=organisation,
            candidates=tuple(sorted(concerned)),
            effective_on=turn.since,
            change=turn.change,
            note_zh=zh,
            note_en=en,
        )
        for organisation in sorted(concerned)
    ]


def related(one: str, others: Iterable[str], tree: Tree) -> bool:
    """Whether an organisation is one of these, or stands below or above one of them."""
    return any(one in tree.above(other) or other in tree.above(one) for other in others)


def _about(applied: EmployeeApplied, person: Person) -> dict[str, Any]:
    """What every suggestion about a person says."""
    return {
        "person": person.id,
        "person_name": person.name,
        "department": applied.department,
        "effective_on": applied.since,
        "change": applied.change,
        "compensates": applied.why == "withdrawn",
    }


def _membership(
    applied: EmployeeApplied, person: Person, held: Membership | None, there: frozenset[str], tree: Tree
) -> list[Suggestion]:
    about, name, withdrawn = _about(applied, person), person.name, applied.why == "withdrawn"
    if applied.status == "retired" and held:
        zh, en = f"{name}已退休，请确认组织关系留在原支部或转出。", f"{name} has retired: stays, or moves?"
        return [Suggestion(kind="retirement", organisation=held.organisation, note_zh=zh, note_en=en, **about)]
    about["kind"] = "membership_transfer"
    if applied.status == "left" and held:
        zh, en = f"{name}已离职，请办理组织关系转出。", f"{name} has left: transfer the membership out."
        return [Suggestion(organisation=held.organisation, outward=True, note_zh=zh, note_en=en, **about)]
    if applied.status not in WORKING or not there:
        return []
    if held is None:
        if not person.memberships or not (applied.status == "rehired" or withdrawn):
            return []
        zh, en = f"{name}已回到岗位，请确认组织关系转入。", f"{name} is back at work: transfer in?"
    elif related(held.organisation, there, tree):
        return []
    else:
        zh, en = f"{name}部门已变动，请确认组织关系转接。", f"{name} changed department: transfer?"
    if withdrawn:
        zh, en = f"{zh}（原异动已撤回）", f"{en} (the earlier change was withdrawn)"
    where = held.organisation if held else min(there)
    return [Suggestion(organisation=where, candidates=tuple(sorted(there)), note_zh=zh, note_en=en, **about)]


def _posts(applied: EmployeeApplied, person: Person, there: frozenset[str], tree: Tree, day: date) -> list[Suggestion]:
    zh, en = (
        f"{person.name}岗位已变动，请确认其职务是否空缺。",
        f"{person.name} has moved on: does the post fall vacant?",
    )
    about: dict[str, Any] = {"kind": "vacant_post", "note_zh": zh, "note_en": en, **_about(applied, person)}
    moved = applied.status in WORKING and bool(there)
    return [
        Suggestion(organisation=post.organisation, post=post.post, **about)
        for post in person.posts_on(day)
        if applied.status in OVER or (moved and not related(post.organisation, there, tree))
    ]


def _unmapped(department: str, atlas: Atlas, top: str, applied: EmployeeApplied) -> Suggestion:
    known = atlas.departments.get(department)
    name = known.applied.name if known and known.applied else department
    return Suggestion(
        kind="branch_adjustment",
        department=department,
        department_name=name,
        organisation=top,
        effective_on=applied.since,
        change="unmapped",
        note_zh=f"部门“{name}”尚未对应任何党组织，已有党员调入。",
        note_en=f"Department “{name}” belongs to no Party organisation yet, and members work there.",
    )
