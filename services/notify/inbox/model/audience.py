"""Whom a message reaches: it is addressed to keys such as ``member:<organisation>`` on a day, not to a list of people.

A person holds keys for stretches of time. So it does not matter whether the person or the message becomes known here
first, and the work department, which only a token knows, is addressed like everyone else.
"""

from collections.abc import Collection, Mapping
from datetime import date

from infra.kernel.dates import above
from infra.kernel.values import Value
from services.notify.events.consumed import Membership, Post

MEMBERS = ("full_member", "probationary_member")
SECRETARIES = ("branch_secretary", "party_committee_secretary")
EVERYWHERE = "*"


class Organisation(Value):
    """An organisation: its name for the wording, its parent for the roster."""

    id: str
    name: str
    parent: str | None = None


class Person(Value):
    """A person's dated memberships and posts."""

    id: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


class Held(Value):
    """A key held from a day to another, both of them included; None = open."""

    key: str
    since: date | None = None
    until: date | None = None


def person(key: str) -> str:
    """This person."""
    return f"person:{key}"


def member(organisation: str) -> str:
    """Every member of this organisation and of those below it."""
    return f"member:{organisation}"


def secretary(organisation: str) -> str:
    """The secretary of exactly this organisation."""
    return f"secretary:{organisation}"


def work_department(organisation: str) -> str:
    """The party work department whose role has this scope."""
    return f"work_department:{organisation}"


def keys_of(
    key: str, known: Person | None, organisations: Mapping[str, Organisation], scopes: Collection[str]
) -> list[Held]:
    """Every key this person holds; ``scopes`` are those of the work department role in their token."""
    held = [Held(key=person(key)), *(Held(key=work_department(scope)) for scope in sorted(scopes))]
    if known is None:
        return held
    held += [
        Held(key=secretary(post.organisation), since=post.since, until=post.until)
        for post in known.posts
        if post.post in SECRETARIES
    ]
    for membership in known.memberships:
        if membership.status in MEMBERS:
            held += [
                Held(key=member(organisation), since=membership.since, until=membership.until)
                for organisation in above(membership.organisation, organisations)
            ]
    return held
