"""The facts that notify consumes, each as its own narrow copy. It publishes none yet."""

from services.notify.events.consumed.activities import (
    ActivityCancelled,
    ActivityFiled,
    DraftMade,
    HintRaised,
    ReminderRaised,
)
from services.notify.events.consumed.party import Membership, OrganisationRecorded, PersonRecorded, PlaqueAwarded, Post
from services.notify.events.consumed.reviews import (
    Resolution,
    ReviewConcluded,
    ReviewCopied,
    ReviewReturned,
    StepEscalated,
    StepOverdue,
    StepUrged,
    Task,
    TasksChanged,
)
from services.notify.events.consumed.standings import (
    CampaignCalled,
    CampaignNamed,
    Grant,
    RectificationClosed,
    RectificationOrdered,
    RectificationOverdue,
    StandingRecorded,
)

__all__ = [
    "ActivityCancelled",
    "ActivityFiled",
    "CampaignCalled",
    "CampaignNamed",
    "DraftMade",
    "Grant",
    "HintRaised",
    "Membership",
    "OrganisationRecorded",
    "PersonRecorded",
    "PlaqueAwarded",
    "Post",
    "RectificationClosed",
    "RectificationOrdered",
    "RectificationOverdue",
    "ReminderRaised",
    "Resolution",
    "ReviewConcluded",
    "ReviewCopied",
    "ReviewReturned",
    "StandingRecorded",
    "StepEscalated",
    "StepOverdue",
    "StepUrged",
    "Task",
    "TasksChanged",
]
