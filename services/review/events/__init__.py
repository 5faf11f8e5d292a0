"""Facts that review tells, and its own narrow copies of the facts it hears.

Every told fact carries what its readers need, so that none of them has to ask back.
"""

from infra.events import Fact
from services.review.events.deadlines import ESCALATED, CalendarRecorded, OwnDay, Span, StepEscalated
from services.review.events.reviews import (
    EXAMPLES,
    BlockTypeRecorded,
    BrandSubmitted,
    DocumentRevised,
    OrganisationRecorded,
    PersonRecorded,
    ReviewConcluded,
    ReviewCopied,
    ReviewOpened,
    ReviewReturned,
    StepOverdue,
    StepUrged,
    TasksChanged,
)

TOLD: tuple[Fact, ...] = (*EXAMPLES, ESCALATED)
"""One example of each told fact; the recorded contracts are generated from these."""

__all__ = [
    "TOLD",
    "BlockTypeRecorded",
    "BrandSubmitted",
    "CalendarRecorded",
    "DocumentRevised",
    "OrganisationRecorded",
    "OwnDay",
    "PersonRecorded",
    "ReviewConcluded",
    "ReviewCopied",
    "ReviewOpened",
    "ReviewReturned",
    "Span",
    "StepEscalated",
    "StepOverdue",
    "StepUrged",
    "TasksChanged",
]
