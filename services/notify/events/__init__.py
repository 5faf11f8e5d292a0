"""The facts that notify hears, each as its own narrow copy. It tells none yet."""

from infra.events import Fact
from services.notify.events.activities import ActivityCancelled, ActivityFiled, DraftMade, HintRaised, ReminderRaised
from services.notify.events.campaigns import CampaignCalled, CampaignNamed, Grant
from services.notify.events.party import Membership, OrganisationRecorded, PersonRecorded, PlaqueAwarded, Post
from services.notify.events.reviews import (
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
from services.notify.events.standings import (
    RectificationClosed,
    RectificationOrdered,
    RectificationOverdue,
    StandingRecorded,
)

TOLD: list[Fact] = []
"""One example of each fact told."""

__all__ = [
    "TOLD",
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
