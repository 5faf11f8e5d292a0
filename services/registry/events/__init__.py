"""Facts that registry tells, and its own narrow copies of the facts that it hears."""

from infra.events import Fact
from services.registry.events import hr, told
from services.registry.events.heard import (
    ActivityRecorded,
    DocumentRevised,
    Resolution,
    ReviewConcluded,
    ReviewOpened,
    ReviewReturned,
)
from services.registry.events.hr import (
    DepartmentChanged,
    DepartmentState,
    EmployeeChanged,
    EmployeeState,
    MappingRecorded,
    ProposalDecided,
    ProposalRaised,
)
from services.registry.events.told import (
    BlockTypeRecorded,
    BrandRecorded,
    BrandSubmitted,
    CalendarRecorded,
    HolidayTold,
    MembershipTold,
    OrganisationRecorded,
    OwnDayTold,
    PersonRecorded,
    PlaqueAwarded,
    PostTold,
)

__all__ = [
    "TOLD",
    "ActivityRecorded",
    "BlockTypeRecorded",
    "BrandRecorded",
    "BrandSubmitted",
    "CalendarRecorded",
    "DepartmentChanged",
    "DepartmentState",
    "DocumentRevised",
    "EmployeeChanged",
    "EmployeeState",
    "HolidayTold",
    "MappingRecorded",
    "MembershipTold",
    "OrganisationRecorded",
    "OwnDayTold",
    "PersonRecorded",
    "PlaqueAwarded",
    "PostTold",
    "ProposalDecided",
    "ProposalRaised",
    "Resolution",
    "ReviewConcluded",
    "ReviewOpened",
    "ReviewReturned",
]

TOLD: tuple[Fact, ...] = (*told.EXAMPLES, *hr.EXAMPLES)
"""One example of each told fact; the recorded contracts are generated from these."""
