"""The facts this service tells, and its own narrow copies of those it hears."""

from infra.events import Fact
from services.activities.events import effects, told
from services.activities.events.effects import DraftMade, DraftSettled, HintRaised, PointMeasured, ReminderRaised
from services.activities.events.heard import (
    BrandRecorded,
    MappingRecorded,
    Membership,
    OrganisationRecorded,
    PersonRecorded,
    Post,
    Term,
)
from services.activities.events.told import ActivityCancelled, ActivityFiled, ActivityRecorded

__all__ = [
    "TOLD",
    "ActivityCancelled",
    "ActivityFiled",
    "ActivityRecorded",
    "BrandRecorded",
    "DraftMade",
    "DraftSettled",
    "HintRaised",
    "MappingRecorded",
    "Membership",
    "OrganisationRecorded",
    "PersonRecorded",
    "PointMeasured",
    "Post",
    "ReminderRaised",
    "Term",
]

TOLD: list[Fact] = [*told.EXAMPLES, *effects.EXAMPLES]
"""One example of each fact told, recorded beside its shape in ``contracts/``."""
