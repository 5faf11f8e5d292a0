"""The facts about HR as registry mirrors it, and about what follows for the Party's side.

Neither political status nor anything of the source's raw data is in them.
"""

from datetime import date
from typing import Any, ClassVar, Final, Literal

from pydantic import BaseModel

from infra.kernel.events import Fact


class EmployeeState(BaseModel):
    """What matters of an employee to others."""

    status: str
    department: str | None
    name: str


class DepartmentState(BaseModel):
    """What matters of a department to others."""

    name: str
    parent: str | None
    enabled: bool
    merged_into: str | None


class EmployeeChanged(Fact):
    """Status or department of an employee is another one from today on; ``compensates``: a change was withdrawn."""

    type: ClassVar[str] = "registry.employee.changed.v1"
    about: ClassVar[str] = "employee"

    employee: str
    before: EmployeeState
    after: EmployeeState
    effective_on: date
    change: str
    compensates: bool


class DepartmentChanged(Fact):
    """A department is new, or another name, parent, successor or end holds from today on."""

    type: ClassVar[str] = "registry.department.changed.v1"
    about: ClassVar[str] = "department"

    department: str
    before: DepartmentState | None
    after: DepartmentState
    effective_on: date
    change: str


class MappingRecorded(Fact):
    """An HR department belongs to a Party organisation on these days, both included."""

    type: ClassVar[str] = "registry.mapping.recorded.v1"
    about: ClassVar[str] = "mapping"

    mapping: str
    department: str
    organisation: str
    since: date
    until: date | None


class ProposalRaised(Fact):
    """HR suggests something for the Party's side; it waits for a person. ``organisation``: whose matter it is."""

    type: ClassVar[str] = "registry.proposal.raised.v1"
    about: ClassVar[str] = "proposal"

    proposal: str
    kind: str
    person: str | None
    person_name: str | None
    department: str | None
    organisation: str
    candidates: list[str]
    effective_on: date
    title_zh: str
    title_en: str


class ProposalDecided(Fact):
    """A person confirmed or declined a proposal, or what suggested it is no longer so (``withdrawn``)."""

    type: ClassVar[str] = "registry.proposal.decided.v1"
    about: ClassVar[str] = "proposal"

    proposal: str
    kind: str
    outcome: Literal["confirmed", "declined", "withdrawn"]
    person: str | None
    department: str | None
    organisation: str
    post: str | None
    outward: bool
    choice: dict[str, Any]
    tries: int
    by: str


_MOVED = EmployeeState(status="active", department="D20", name="王五")

EXAMPLES: Final = (
    EmployeeChanged(
        employee="10021", before=EmployeeState(status="active", department="D10", name="王五"), after=_MOVED,
        effective_on=date(2026, 6, 1), change="HR-2026-0117#1", compensates=False,
    ),
    DepartmentChanged(
        department="D20", before=None, effective_on=date(2026, 6, 1), change="2026-06-01#0",
        after=DepartmentState(name="工程技术部", parent="D1", enabled=True, merged_into=None),
    ),
    MappingRecorded(
        mapping="D20~branch-3", department="D20", organisation="branch-3", since=date(2026, 1, 1), until=None,
    ),
    ProposalRaised(
        proposal="3f2504e0-4f89-51d3-9a0c-0305e82c3301", kind="membership_transfer", person="10021", person_name="王五",
        department="D20", organisation="branch-1", candidates=["branch-3"], effective_on=date(2026, 6, 1),
        title_zh="组织关系转接建议", title_en="Proposal: membership transfer",
    ),
    ProposalDecided(
        proposal="3f2504e0-4f89-51d3-9a0c-0305e82c3301", kind="membership_transfer", outcome="confirmed",
        person="10021", department="D20", organisation="branch-1", post=None, outward=False,
        choice={"organisation": "branch-3", "since": "2026-06-01"}, tries=1, by="10022",
    ),
)  # fmt: skip
"""One example of each."""
