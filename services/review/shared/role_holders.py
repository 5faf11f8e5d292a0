"""Role holders: who holds what around one organisation on one day, as far as this service was told.

Loaded before a decision and handed to it; each decision remembers the role holders it was made with, so that it can be
explained and replayed for ever.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from infra.kernel.values import Closed

CHINA = timezone(timedelta(hours=8))
"""Posts, memberships and meetings are dated by the calendar day in China."""

SECRETARY = ("branch_secretary", "party_committee_secretary")
DEPUTY = ("deputy_secretary",)
COMMITTEE = ("party_committee_member", "party_committee_secretary")
COMMITTEE_SECRETARY = ("party_committee_secretary",)
BRANCH_COMMITTEE = (
    *SECRETARY,
    *DEPUTY,
    "organization_committee_member",
    "publicity_committee_member",
    "discipline_committee_member",
)
WORK_DEPARTMENT = ("party_work_officer",)
NO_POSTS = frozenset({"members", "voters", "role_holders", "administrators", "proxies", "scoped"})
LATER = frozenset({"branch_committee", "administrators", "proxies", "scoped"})
EXPECTED = ("full_member", "probationary_member")
VOTING = ("full_member",)


class RoleHolders(Closed):
    """The people of an owner organisation and of the committee above it, each list sorted.

    ``role_holders`` act as the Party work department by a role of their token; they hold no post, so no to-do waits
    for them. ``administrators`` are callers with that role. ``proxies`` are pairs: who is absent, who acts for them.
    ``scoped`` are the holders of the procedure's roles with a scope, by the label of the scope.
    """

    secretaries: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    superior_secretaries: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    committee_members: tuple[str, ...] = ()
    committee_secretaries: tuple[str, ...] = ()
    work_department: tuple[str, ...] = ()
    role_holders: tuple[str, ...] = ()
    branch_committee: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    proxies: tuple[tuple[str, str], ...] = ()
    scoped: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def digest(self) -> str:
        """A name that follows from the content: equal role holders are kept once.

        Bodies that came later count only when somebody is in them, so that older role holders keep their names.
        """
        content = self.model_dump(mode="json")
        kept = {name: found for name, found in content.items() if found or name not in LATER}
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]

    def proxy_of(self, person: str) -> str | None:
        """Who acts for an absent person today."""
        return dict(self.proxies).get(person)

    def officer(self, person: str) -> bool:
        """Whether this person holds a post at the owner or above it; being a member is no post."""
        return person in self.officers

    @property
    def officers(self) -> tuple[str, ...]:
        """Everybody who holds a post at the owner or above it."""
        return people(person for name, body in self if name not in NO_POSTS for person in body)

    def holds_any(self, person: str) -> bool:
        """Whether this person has any part in this organisation's reviews."""
        return any(person in body for name, body in self if name != "scoped") or any(
            person in body for _, body in self.scoped
        )

    def holding(self, label: str) -> tuple[str, ...]:
        """Who is meant by a role with a scope."""
        return dict(self.scoped).get(label, ())

    @property
    def sizes(self) -> dict[str, int]:
        """How many people each body has."""
        own = {name: len(body) for name, body in self if name != "scoped"}
        return own | {label: len(body) for label, body in self.scoped}


def day_of(at: datetime) -> date:
    """The calendar day in China at this moment."""
    return at.astimezone(CHINA).date()


def covers(since: date, until: date | None, day: date) -> bool:
    """Whether a term holds on ``day``; both its first and its last day belong to it, as registry counts them."""
    return since <= day and (until is None or day <= until)


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Each person once, sorted: equal bodies are equal tuples."""
    return tuple(sorted(set(names)))
