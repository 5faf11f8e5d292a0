"""A proposal: what a change in HR suggests for the Party's side. HR never moves anything there; a person confirms.

``open`` → ``confirmed`` | ``declined`` | ``withdrawn`` (what suggested it is no longer so). A confirmation that the
rules of the Party's side refuse becomes ``failed`` with the reason, and can be confirmed again. Confirmed, it is put
into the person's record: the earlier entry ends, the new one begins, nothing is deleted.

What is suggested is a pure comparison of states that can be repeated at any time. Which departments belong to which
Party organisations is n:m and dated, for the two trees are not the same. Nothing follows from the first sight of an
employee, from a second post, a secondment, a leave or a new name. The rules and their sources are in decision 0019.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Lookup
from datetime import date, datetime
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

from pydantic import Field

from infra.kernel.dates import DAY
from infra.kernel.errors import Invalid, Refused
from infra.kernel.events import Aggregate, Decision
from infra.kernel.values import Closed, Value
from services.registry.events.published import MappingRecorded, ProposalDecided, ProposalRaised
from services.registry.examples import example
from services.registry.hr.model.employee_and_department import OVER, Department, Employee, EmployeeApplied
from services.registry.party.model.organisation import Span, Tree, in_order
from services.registry.party.model.person import Membership, Person, Post

Kind = Literal["membership_transfer", "retirement", "vacant_post", "branch_adjustment"]
State = Literal["open", "confirmed", "declined", "withdrawn", "failed"]
TITLES: Lookup[Kind, tuple[str, str]] = {
    "membership_transfer": ("组织关系转接建议", "Proposal: membership transfer"),
    "retirement": ("退休人员组织关系建议", "Proposal: membership of a retired member"),
    "vacant_post": ("职务空缺提示", "Proposal: a post falls vacant"),
    "branch_adjustment": ("支部调整建议", "Proposal: adjust departments and branches"),
}


class Suggestion(Value):
    """What is suggested, to whom it matters, and what people choose from."""

    kind: Kind
    person: str | None = None
    person_name: str | None = None
    department: str | None = None
    department_name: str | None = None
    organisation: str
    candidates: tuple[str, ...] = ()
    post: str | None = None
    outward: bool = False
    effective_on: date
    change: str
    compensates: bool = False
    note_zh: str
    note_en: str

    @property
    def id(self) -> str:
        """The same change suggests the same thing once; where a membership is concerned, wherever it is by now."""
        placed = self.kind in {"vacant_post", "branch_adjustment"}
        about = self.department if self.person is None else None
        parts = (self.kind, self.person, about, self.change, self.organisation if placed else None, self.post)
        return str(uuid5(NAMESPACE_URL, "\n".join(str(part) for part in parts)))


class Pair(Closed):
    """A department that shall belong to an organisation."""

    department: str = Field(min_length=1)
    organisation: str = Field(min_length=1)
    since: date


class Choice(Closed):
    """What a person confirms; which fields are needed depends on the kind.

    Transfer: ``organisation`` and ``since`` (the first day there), outward: ``until``. Retirement: nothing (stays), or
    as a transfer. Vacant post: ``until`` (the last day in it). Adjustment: ``mappings``, and which ``end`` ``until``.
    """

    model_config = example("Choice")

    organisation: str | None = Field(default=None, min_length=1)
    since: date | None = None
    until: date | None = None
    mappings: tuple[Pair, ...] = Field(default=(), max_length=100)
    end: tuple[str, ...] = Field(default=(), max_length=100)


class Proposal(Aggregate):
    """A suggestion and what became of it."""

    suggestion: Suggestion
    raised_at: datetime
    state: State = "open"
    choice: Choice | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    tries: int = 0


def suggest(before: Proposal | None, suggestion: Suggestion, at: datetime) -> Decision[Proposal]:
    """Raise it once; one that was withdrawn and is suggested again is open again; what people decided stays."""
    if before is not None and before.state == "open" and before.suggestion != suggestion:
        return before.becomes(suggestion=suggestion), []
    if before is not None and before.state != "withdrawn":
        return before, []
    new = before or Proposal(id=suggestion.id, suggestion=suggestion, raised_at=at)
    raised = new.becomes(suggestion=suggestion, state="open", raised_at=at, reason=None)
    zh, en = TITLES[suggestion.kind]
    about = {**dict(suggestion), "proposal": raised.id, "title_zh": zh, "title_en": en}
    return raised, [ProposalRaised.model_validate(about)]


def withdraw(proposal: Proposal, why: str) -> Decision[Proposal]:
    """What suggested it is no longer so; what a person decided stays."""
    if proposal.state not in {"open", "failed"}:
        return proposal, []
    after = proposal.becomes(state="withdrawn", reason=why)
    return after, [_decided(after, "hr")]


def confirm(proposal: Proposal, choice: Choice, by: str, at: datetime) -> Decision[Proposal]:
    """A person says yes, and to what. Raises ``Invalid`` where too little is said, ``Refused`` when decided."""
    _require_open(proposal)
    _require_choice(proposal.suggestion, choice)
    decided = {"choice": choice, "decided_by": by, "decided_at": at, "reason": None}
    after = proposal.becomes(state="confirmed", tries=proposal.tries + 1, **decided)
    return after, [_decided(after, by)]


def decline(proposal: Proposal, reason: str, by: str, at: datetime) -> Decision[Proposal]:
    """A person says no, with a reason; the same change does not suggest it again."""
    _require_open(proposal)
    after = proposal.becomes(state="declined", reason=reason, decided_by=by, decided_at=at)
    return after, [_decided(after, by)]


def fail(proposal: Proposal, tries: int, why: str) -> Decision[Proposal]:
    """The rules of the Party's side refused what was confirmed; it can be confirmed again, otherwise."""
    if proposal.state != "confirmed" or proposal.tries != tries:
        return proposal, []
    return proposal.becomes(state="failed", reason=why), []


def _require_open(proposal: Proposal) -> None:
    if proposal.state not in {"open", "failed"}:
        raise Refused(
            "proposal.decided", zh="该建议已办结，不能再次办理。", en=f"The proposal is {proposal.state} already."
        )


def _require_choice(suggestion: Suggestion, choice: Choice) -> None:
    needed: tuple[str, ...] = ()
    if suggestion.kind == "membership_transfer":
        needed = ("until",) if suggestion.outward else ("organisation", "since")
    elif suggestion.kind == "retirement" and choice.organisation:
        needed = ("since",)
    elif suggestion.kind == "vacant_post" or (suggestion.kind == "branch_adjustment" and choice.end):
        needed = ("until",)
    for name in needed:
        if getattr(choice, name) is None:
            raise Invalid("choice.incomplete", zh=f"请填写 {name}。", en=f"“{name}” is needed.", field=f"/{name}")


def _decided(proposal: Proposal, by: str) -> ProposalDecided:
    choice = proposal.choice if proposal.state == "confirmed" else None
    about = {**dict(proposal.suggestion), "proposal": proposal.id, "outcome": proposal.state, "tries": proposal.tries}
    said = choice.model_dump(mode="json") if choice else {}
    return ProposalDecided.model_validate({**about, "choice": said, "by": by})


def carried_out(person: Person, suggestion: Suggestion, choice: Choice) -> Person:
    """The record as it shall be. Raises ``Invalid`` where the days do not fit; again it changes nothing."""
    if suggestion.kind == "vacant_post" and choice.until is not None:
        return _vacated(person, suggestion, choice.until)
    if suggestion.outward and choice.until is not None:
        return _ended(person, choice.until)
    if choice.organisation is None or choice.since is None:
        return person
    return _transferred(person, choice.organisation, choice.since)


def _transferred(person: Person, organisation: str, since: date) -> Person:
    held = person.membership_on(since)
    if held is not None and held.organisation == organisation and held.since == since:
        return person
    begun = [one for one in person.memberships if one.since <= since]
    last = held or max(begun, key=lambda one: one.since, default=None)
    if last is None or (held is not None and held.since >= since):
        zh = "转入日期须晚于现有组织关系的起始日。"
        en = "The transfer must begin after the membership that it ends."
        raise Invalid("choice.too_early", zh, en, field="/since")
    others = tuple(one for one in person.memberships if one is not last)
    ended = last.model_copy(update={"until": since - DAY}) if last.covers(since) else last
    fresh = Membership(organisation=organisation, status=last.status, since=since, until=held.until if held else None)
    return person.becomes(memberships=(*others, ended, fresh))


def _ended(person: Person, until: date) -> Person:
    running = next((one for one in person.memberships if one.until is None or one.until > until), None)
    if running is None:
        return person
    if running.since > until:
        zh, en = "截止日早于组织关系的起始日。", "It would end before the membership begins."
        raise Invalid("choice.too_early", zh, en, field="/until")
    ended = running.model_copy(update={"until": until})
    return person.becomes(memberships=tuple(ended if one is running else one for one in person.memberships))


def _vacated(person: Person, suggestion: Suggestion, until: date) -> Person:
    def ended(one: Post) -> Post:
        same = (one.organisation, one.post) == (suggestion.organisation, suggestion.post)
        runs = one.since <= until and (one.until is None or one.until > until)
        return one.model_copy(update={"until": until}) if same and runs else one

    return person.becomes(posts=tuple(map(ended, person.posts)))


WORKING = ("active", "rehired", "leave")


class Days(Span):
    """From when to when a department belongs to an organisation."""

    model_config = example("Days")


class Mapping(Span, Aggregate):
    """One department belongs to one organisation on these days."""

    department: str
    organisation: str


def mapping_id(department: str, organisation: str) -> str:
    """A department and an organisation are mapped once; the days are changed in place."""
    return f"{department}~{organisation}"


def map_department(before: Mapping | None, department: str, organisation: str, days: Span) -> Decision[Mapping]:
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
    about: dict[str, Any] = {"person": person.id, "person_name": person.name, "department": applied.department}
    about |= {"effective_on": applied.since, "change": applied.change, "compensates": applied.why == "withdrawn"}
    held, there = person.membership_on(day), atlas.organisations_of(applied.department, day)
    found = []
    if (said := _membership(applied, person, held, there, tree)) is not None:
        zh, en, more = said
        found = [Suggestion(**{"kind": "membership_transfer", "note_zh": zh, "note_en": en, **about, **more})]
    name, moved = person.name, applied.status in WORKING and bool(there)
    zh, en = f"{name}岗位已变动，请确认其职务是否空缺。", f"{name} has moved on: does the post fall vacant?"
    vacant = {"kind": "vacant_post", "note_zh": zh, "note_en": en}
    return found + [
        Suggestion(organisation=post.organisation, post=post.post, **vacant, **about)
        for post in person.posts_on(day)
        if applied.status in OVER or (moved and not related(post.organisation, there, tree))
    ]


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
    known = atlas.departments.get(department)
    name = known.applied.name if known and known.applied else department
    about: dict[str, Any] = {"department": department, "department_name": name, "kind": "branch_adjustment"}
    about["note_zh"] = f"部门“{name}”尚未对应任何党组织，已有党员调入。"
    about["note_en"] = f"Department “{name}” belongs to no Party organisation yet, and members work there."
    return [
        Suggestion(organisation=top, effective_on=applied.since, change="unmapped", **about)
        for top, applied in sorted(asked.items())
    ]


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
    about: dict[str, Any] = {"department": department.id, "department_name": applied.name, "note_zh": zh, "note_en": en}
    about |= {"kind": "branch_adjustment", "effective_on": turn.since, "change": turn.change}
    there = sorted(concerned)
    return [Suggestion(organisation=one, candidates=tuple(there), **about) for one in there]


def related(one: str, others: Iterable[str], tree: Tree) -> bool:
    """Whether an organisation is one of these, or stands below or above one of them."""
    return any(one in tree.above(other) or other in tree.above(one) for other in others)


def _membership(
    applied: EmployeeApplied, person: Person, held: Membership | None, there: frozenset[str], tree: Tree
) -> tuple[str, str, dict[str, Any]] | None:
    """What is suggested for the membership: in Chinese, in English, and the fields of the suggestion."""
    name, withdrawn = person.name, applied.why == "withdrawn"
    if applied.status == "retired" and held:
        about = {"kind": "retirement", "organisation": held.organisation}
        return f"{name}已退休，请确认组织关系留在原支部或转出。", f"{name} has retired: stays, or moves?", about
    if applied.status == "left" and held:
        leaves = {"organisation": held.organisation, "outward": True}
        return f"{name}已离职，请办理组织关系转出。", f"{name} has left: transfer the membership out.", leaves
    if applied.status not in WORKING or not there:
        return None
    if held is None:
        if not person.memberships or not (applied.status == "rehired" or withdrawn):
            return None
        zh, en = f"{name}已回到岗位，请确认组织关系转入。", f"{name} is back at work: transfer in?"
    elif related(held.organisation, there, tree):
        return None
    else:
        zh, en = f"{name}部门已变动，请确认组织关系转接。", f"{name} changed department: transfer?"
    if withdrawn:
        zh, en = f"{zh}（原异动已撤回）", f"{en} (the earlier change was withdrawn)"
    return zh, en, {"organisation": held.organisation if held else min(there), "candidates": tuple(sorted(there))}
