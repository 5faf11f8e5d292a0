"""The Party tree and its people on a given day: who is expected, who may act for an organisation.

Everything is "as of a day": people change branches, and a record of last month counts with last month's roster.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from infra.kernel import dates
from infra.kernel.dates import covers
from infra.kernel.errors import Forbidden, Invalid, Refused
from infra.kernel.values import Value
from services.activities.events.consumed import Membership, Post

EXPECTED = ("full_member", "probationary_member")
"""Who is expected at activities (应到); an activist (入党积极分子) attends without being counted."""

BRANCH_KINDS = ("party_branch", "joint_branch", "temporary_branch")
GENERAL_BRANCH = "general_branch"


class Organisation(Value):
    """An organisation of the Party tree and the days on which it exists."""

    id: str
    name: str
    kind: str
    parent: str | None = None
    valid_from: date
    valid_to: date | None = None


class Person(Value):
    """A person by employee number, with dated memberships and posts."""

    id: str
    name: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class Brand(Value):
    """A brand, as far as an activity needs it."""

    id: str
    owner: str


class Member(Value):
    """A member by number and name, without anything that is nobody else's business."""

    person: str
    name: str


class RosterEntry(Member):
    """One expected member, as they were called and what their status was on that day."""

    status: str


class Actor(NamedTuple):
    """Who does something, and when."""

    person: str
    at: datetime


class Tree:
    """The organisations as a tree; those that are not known here are simply not in it."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self.known = {organisation.id: organisation for organisation in organisations}

    def require(self, organisation: str) -> Organisation:
        """The organisation; raises ``Invalid`` when it is not known here."""
        if organisation not in self.known:
            raise Invalid(
                "organisation.unknown",
                zh=f"没有党组织“{organisation}”（或其资料尚未到达）。",
                en=f"There is no organisation “{organisation}” (or it is not known here yet).",
                field="/organisation",
            )
        return self.known[organisation]

    def above(self, organisation: str) -> list[str]:
        """The organisation itself, then the one above it, and so on to the top."""
        return dates.above(organisation, self.known)

    def below(self, organisation: str, day: date) -> list[Organisation]:
        """The organisation and all below it that exist on that day."""
        return dates.below(organisation, self.known, day)

    def branches(self, organisation: str, day: date) -> list[Organisation]:
        """The branches at and below an organisation; where there is none (a party group, say) the organisation itself.

        A general branch without branches below it has its members directly and counts as one.
        """
        top, below = self.require(organisation), self.below(organisation, day)
        found = [one for one in below if one.kind in BRANCH_KINDS]
        above = {key for branch in found for key in self.above(branch.id)}
        found += [one for one in below if one.kind == GENERAL_BRANCH and one.id not in above]
        return sorted(found, key=lambda one: one.id) or [top]


def roster(people: Iterable[Person], organisations: Iterable[str], day: date) -> tuple[RosterEntry, ...]:
    """The members expected on that day: full and probationary members of any of these organisations, by number."""
    within = set(organisations)
    entries: dict[str, RosterEntry] = {}
    for person in people:
        for membership in person.memberships:
            if (
                membership.organisation in within
                and membership.status in EXPECTED
                and covers(membership.since, membership.until, day)
            ):
                entries[person.id] = RosterEntry(person=person.id, name=person.name, status=membership.status)
    return tuple(entries[key] for key in sorted(entries))


def holds_post(person: Person | None, organisation: str, day: date) -> bool:
    """Whether this person holds any post at exactly this organisation on that day."""
    return person is not None and any(
        post.organisation == organisation and covers(post.since, post.until, day) for post in person.posts
    )


def require_post(person: Person | None, organisation: str, day: date) -> None:
    """Raise ``Forbidden`` unless this person holds a post at the organisation on that day."""
    if not holds_post(person, organisation, day):
        raise Forbidden(
            "post.missing",
            zh=f"只有当日在“{organisation}”任职的人员或党委工作部可以办理。",
            en=f"Only those holding a post at “{organisation}” on that day, or the work department, may do this.",
        )


def known_brand(brand: Brand | None, key: str, field: str = "/brand") -> Brand:
    """The brand that is named ``key``; raises ``Invalid`` when it is not known here."""
    if brand is None:
        zh, en = f"没有品牌“{key}”（或其资料尚未到达）。", f"There is no brand “{key}” (or it is not known here yet)."
        raise Invalid("brand.unknown", zh=zh, en=en, field=field)
    return brand


def require_brand(brand: Brand | None, key: str, organisation: str, above: Iterable[str]) -> None:
    """A brand of an activity exists and belongs to the organisation or to one above it; else Invalid or Refused."""
    if known_brand(brand, key).owner not in set(above):
        raise Refused(
            "brand.of_another",
            zh=f"品牌“{key}”不属于“{organisation}”或其上级党组织。",
            en=f"Brand “{key}” belongs neither to “{organisation}” nor to an organisation above it.",
            field="/brand",
        )
