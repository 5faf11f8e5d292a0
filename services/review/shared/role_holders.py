"""Who holds what around one organisation on one day, as the Party tree and its people tell it.

Loaded before a decision and handed to it; each decision remembers the role holders it was made with, so that it can be
explained and replayed for ever.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from infra.kernel import dates
from infra.kernel.dates import covers
from infra.kernel.errors import NotYet
from infra.kernel.values import Closed, Value
from services.review.events.value_objects import Membership, Post

SECRETARY = ("branch_secretary", "party_committee_secretary")
DEPUTY = ("deputy_secretary",)
COMMITTEE = ("party_committee_member", "party_committee_secretary")
COMMITTEE_SECRETARY = ("party_committee_secretary",)
_MEMBERS = ("organization_committee_member", "publicity_committee_member", "discipline_committee_member")
BRANCH_COMMITTEE = (*SECRETARY, *DEPUTY, *_MEMBERS)
WORK_DEPARTMENT = ("party_work_officer",)
NO_POSTS = frozenset({"members", "voters", "role_holders", "administrators", "proxies", "scoped"})
LATER = frozenset({"branch_committee", "administrators", "proxies", "scoped"})
EXPECTED = ("full_member", "probationary_member")
VOTING = ("full_member",)

Scoped: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


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
    scoped: Scoped = ()

    @property
    def digest(self) -> str:
        """A name that follows from the content; bodies that came ``LATER`` count once somebody is in them."""
        content = self.model_dump(mode="json")
        content = {name: found for name, found in content.items() if found or name not in LATER}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

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
        own = (body for name, body in self if name != "scoped")
        return any(person in body for body in (*own, *dict(self.scoped).values()))

    def holding(self, label: str) -> tuple[str, ...]:
        """Who is meant by a role with a scope."""
        return dict(self.scoped).get(label, ())

    @property
    def sizes(self) -> dict[str, int]:
        """How many people each body has."""
        own = {name: len(body) for name, body in self if name != "scoped"}
        return own | {label: len(body) for label, body in self.scoped}


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Each person once, sorted: equal bodies are equal tuples."""
    return tuple(sorted(set(names)))


class Organisation(Value):
    """A place in the Party tree; both its first and its last day belong to its time."""

    id: str
    name: str | None = None
    kind: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def exists_on(self, day: date) -> bool:
        """Whether it has begun and not ended."""
        return dates.exists_on(self, day)


class Person(Value):
    """A person with all memberships and posts, past ones included."""

    id: str
    name: str | None = None
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True)
class OrganisationContext:
    """What matters to an owner on a day: itself and all that is ``below`` it, the one above, the committee over it."""

    owner: str
    below: tuple[str, ...]
    superior: str | None
    committee: str

    @property
    def posts(self) -> tuple[str, ...]:
        """The organisations whose posts matter."""
        return people(filter(None, (self.owner, self.superior, self.committee)))


def context_of(organisations: Iterable[Organisation], owner: str, day: date) -> OrganisationContext:
    """An owner's place in the tree on a day; raises ``NotYet`` while a part of the way up has not arrived here."""
    tree = {organisation.id: organisation for organisation in organisations}
    last = dates.above(owner, tree)[-1]
    if last not in tree:
        raise _unknown(last)
    committee = _committee(tree, owner)
    if committee is None:
        raise _unknown(owner)
    return OrganisationContext(owner, below(tree, owner, day), tree[owner].parent, committee)


def below(tree: Mapping[str, Organisation], root: str, day: date) -> tuple[str, ...]:
    """An organisation and everything under it that exists on a day."""
    return tuple(dict.fromkeys((root, *(one.id for one in dates.below(root, tree, day)))))


def under(organisations: Iterable[Organisation], changed: Collection[str]) -> list[str]:
    """These organisations and all below them."""
    tree = {organisation.id: organisation for organisation in organisations}
    return [owner for owner in tree if not set(changed).isdisjoint(dates.above(owner, tree))]


def waiting_for_posts(organisations: Iterable[Organisation], at: Collection[str]) -> list[str]:
    """The organisations whose reviews may wait for holders of posts at these: at itself, the one above, a committee."""
    tree = {organisation.id: organisation for organisation in organisations}
    places = ((owner, (owner, place.parent, _committee(tree, owner))) for owner, place in tree.items())
    return [owner for owner, around in places if not set(at).isdisjoint(around)]


def holders(
    place: OrganisationContext, persons: Sequence[Person], day: date, meeting: date | None = None
) -> RoleHolders:
    """Who holds what on ``day``; the committee's members are those of the day of the ``meeting``."""
    committee = (place.committee,)
    return RoleHolders(
        secretaries=holding(persons, (place.owner,), SECRETARY, day),
        deputies=holding(persons, (place.owner,), DEPUTY, day),
        superior_secretaries=holding(persons, (place.superior,), SECRETARY, day),
        members=belonging(persons, place.below, EXPECTED, day),
        voters=belonging(persons, place.below, VOTING, day),
        committee_members=holding(persons, committee, COMMITTEE, meeting or day),
        committee_secretaries=holding(persons, committee, COMMITTEE_SECRETARY, day),
        work_department=holding(persons, committee, WORK_DEPARTMENT, day),
        branch_committee=holding(persons, (place.owner,), BRANCH_COMMITTEE, day),
    )


def _committee(tree: Mapping[str, Organisation], owner: str) -> str | None:
    """The committee over an organisation, as far as the way up is known here."""
    way = (key for key in dates.above(owner, tree) if key in tree)
    return next((key for key in way if tree[key].kind == "party_committee"), None)


def holding(
    persons: Sequence[Person], places: Sequence[str | None], posts: Sequence[str], day: date
) -> tuple[str, ...]:
    """Who holds one of these posts at one of these places on a day."""
    return people(
        person.id
        for person in persons
        for post in person.posts
        if post.organisation in places and post.post in posts and covers(post.since, post.until, day)
    )


def belonging(persons: Sequence[Person], places: Sequence[str], statuses: Sequence[str], day: date) -> tuple[str, ...]:
    """Who belongs to one of these places with one of these standings on a day."""
    return people(
        person.id
        for person in persons
        for one in person.memberships
        if one.organisation in places and one.status in statuses and covers(one.since, one.until, day)
    )


def _unknown(key: str) -> NotYet:
    zh = f"组织“{key}”或其上级党委的资料尚未到达。"
    en = f"The organisation “{key}”, or the committee above it, is not known here yet."
    return NotYet("organisation.not_yet", zh, en)
