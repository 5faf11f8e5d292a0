"""The facts this service tells, and its own narrow copies of those it hears."""

from infra.events import Fact
from services.activities.events import effects, told
from services.activities.events.effects import DraftMade, DraftSettled, HintRaised, PointMeasured, ReminderRaised
from services.activities.events.heard import (
    BrandRecorded,
    CalendarRecorded,
    HolidayTold,
    MappingRecorded,
    Membership,
    OrganisationRecorded,
    OwnDayTold,
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
    "CalendarRecorded",
    "DraftMade",
    "DraftSettled",
    "HintRaised",
    "HolidayTold",
    "MappingRecorded",
    "Membership",
    "OrganisationRecorded",
    "OwnDayTold",
    "PersonRecorded",
    "PointMeasured",
    "Post",
    "ReminderRaised",
    "Term",
]

TOLD: list[Fact] = [*told.EXAMPLES, *effects.EXAMPLES]
"""One example of each fact told, recorded beside its shape in ``contracts/``."""
