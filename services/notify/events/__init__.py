"""The facts that notify hears, each as its own narrow copy. It tells none yet."""

from infra.events import Fact
from services.notify.events.activities import ActivityCancelled, ActivityFiled, DraftMade, HintRaised, ReminderRaised
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

TOLD: list[Fact] = []
"""One example of each fact told."""

__all__ = [
    "TOLD",
    "ActivityCancelled",
    "ActivityFiled",
    "DraftMade",
    "HintRaised",
    "Membership",
    "OrganisationRecorded",
    "PersonRecorded",
    "PlaqueAwarded",
    "Post",
    "ReminderRaised",
    "Resolution",
    "ReviewConcluded",
    "ReviewCopied",
    "ReviewReturned",
    "StepEscalated",
    "StepOverdue",
    "StepUrged",
    "Task",
    "TasksChanged",
]
