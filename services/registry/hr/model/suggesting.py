"""What HR's present state suggests for the Party's side: a pure comparison that can be repeated at any time.

Nothing follows from the first sight of an employee, from a second post, a secondment, a leave or a new name. The rules
and their sources are in decision 0019.
"""

from collections.abc import Iterable
from datetime import date

from services.registry.hr.model.department import Department
from services.registry.hr.model.employee import Applied, Employee
from services.registry.hr.model.mapping import Atlas
from services.registry.hr.model.proposal import Suggestion
from services.registry.party.model.person import Membership, Person
from services.registry.party.model.tree import Tree

WORKING = ("active", "rehired", "leave")
GONE = ("left", "retired")


def of_person(employee: Employee, person: Person, atlas: Atlas, tree: Tree, day: date) -> list[Suggestion]:
    """Everything that the employee's state of today suggests for this person."""
    applied = employee.applied
    if applied is None or applied.moves == 0:
        return []
    held = person.membership_on(day)
    there = atlas.organisations_of(applied.department, day)
    return [*_membership(employee, person, held, there, tree), *_posts(applied, person, there, tree, day)]


def of_arrivals(
    department: str, arrived: Iterable[tuple[Employee, Person]], atlas: Atlas, tree: Tree, day: date
) -> list[Suggestion]:
    """That members work in a department which belongs to no Party organisation: one question for each committee."""
    if atlas.organisations_of(department, day):
        return []
    asked: dict[str, Applied] = {}
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


def _membership(
    employee: Employee, person: Person, held: Membership | None, there: frozenset[str], tree: Tree
) -> list[Suggestion]:
    applied = employee.applied
    assert applied is not None  # noqa: S101 - asked before
    about = {
        "person": person.id,
        "person_name": person.name,
        "department": applied.department,
        "effective_on": applied.since,
        "change": applied.change,
        "compensates": applied.why == "withdrawn",
    }
    again = "（原异动已撤回）" if applied.why == "withdrawn" else ""
    also = " (the earlier change was withdrawn)" if applied.why == "withdrawn" else ""
    if applied.status == "retired" and held:
        zh, en = (
            f"{person.name}已退休，请确认组织关系留在原支部或转出。",
            f"{person.name} has retired: stays, or moves?",
        )
        return [Suggestion(kind="retirement", organisation=held.organisation, note_zh=zh, note_en=en, **about)]
    if applied.status == "left" and held:
        zh, en = f"{person.name}已离职，请办理组织关系转出。", f"{person.name} has left: transfer the membership out."
        return [
            Suggestion(
                kind="membership_transfer",
                organisation=held.organisation,
                outward=True,
                note_zh=zh,
                note_en=en,
                **about,
            )
        ]
    if applied.status not in WORKING or not there:
        return []
    if held is None:
        last = max(person.memberships, key=lambda one: one.since, default=None)
        back = applied.status == "rehired" or applied.why == "withdrawn"
        if last is None or not back:
            return []
        zh, en = (
            f"{person.name}已回到岗位，请确认组织关系转入。{again}",
            f"{person.name} is back at work: transfer in?{also}",
        )
    elif related(held.organisation, there, tree):
        return []
    else:
        zh, en = (
            f"{person.name}部门已变动，请确认组织关系转接。{again}",
            f"{person.name} changed department: transfer?{also}",
        )
    return [
        Suggestion(
            kind="membership_transfer",
            organisation=held.organisation if held else min(there),
            candidates=tuple(sorted(there)),
            note_zh=zh,
            note_en=en,
            **about,
        )
    ]


def _posts(applied: Applied, person: Person, there: frozenset[str], tree: Tree, day: date) -> list[Suggestion]:
    found = []
    for post in person.posts_on(day):
        gone = applied.status in GONE
        elsewhere = applied.status in WORKING and there and not related(post.organisation, there, tree)
        if gone or elsewhere:
            found.append(
                Suggestion(
                    kind="vacant_post",
                    person=person.id,
                    person_name=person.name,
                    department=applied.department,
                    organisation=post.organisation,
                    post=post.post,
                    effective_on=applied.since,
                    change=applied.change,
                    compensates=applied.why == "withdrawn",
                    note_zh=f"{person.name}岗位已变动，请确认其职务是否空缺。",
                    note_en=f"{person.name} has moved on: does the post fall vacant?",
                )
            )
    return found


def _unmapped(department: str, atlas: Atlas, top: str, applied: Applied) -> Suggestion:
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
