"""Seats: who holds what around one organisation on one day, as far as this service was told.

Loaded before a decision and handed to it; each decision remembers the seats it was made with, so that it can be
explained and replayed for ever.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from pydantic import BaseModel, ConfigDict

CHINA = timezone(timedelta(hours=8))
"""Posts, memberships and meetings are dated by the calendar day in China."""

SECRETARY = ("branch_secretary", "party_committee_secretary")
DEPUTY = ("deputy_secretary",)
COMMITTEE = ("party_committee_member", "party_committee_secretary")
COMMITTEE_SECRETARY = ("party_committee_secretary",)
WORK_DEPARTMENT = ("party_work_officer",)
EXPECTED = ("full_member", "probationary_member")
VOTING = ("full_member",)


class Seats(BaseModel):
    """The people of an owner organisation and of the committee above it, each list sorted.

    ``role_holders`` act as the Party work department by a role of their token; they hold no post, so no to-do waits
    for them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    secretaries: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    superior_secretaries: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    committee_members: tuple[str, ...] = ()
    committee_secretaries: tuple[str, ...] = ()
    work_department: tuple[str, ...] = ()
    role_holders: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """A name that follows from the content: equal seats are kept once."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def officer(self, person: str) -> bool:
        """Whether this person holds a post at the owner or above it; being a member is no post."""
        members = {"members", "voters", "role_holders"}
        return any(person in people for name, people in self if name not in members)

    def holds_any(self, person: str) -> bool:
        """Whether this person has any part in this organisation's reviews."""
        return any(person in people for _, people in self)


def day_of(at: datetime) -> date:
    """The calendar day in China at this moment."""
    return at.astimezone(CHINA).date()


def covers(since: date, until: date | None, day: date) -> bool:
    """Whether a term holds on ``day``; both its first and its last day belong to it, as registry counts them."""
    return since <= day and (until is None or day <= until)


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Each person once, sorted: equal bodies are equal tuples."""
    return tuple(sorted(set(names)))
