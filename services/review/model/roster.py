"""From the Party tree and its people to the seats around one organisation on one day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from infra.aggregate import NotYet
from services.review.model.seats import (
    COMMITTEE,
    COMMITTEE_SECRETARY,
    DEPUTY,
    EXPECTED,
    SECRETARY,
    VOTING,
    WORK_DEPARTMENT,
    Seats,
    covers,
    people,
)
from services.review.parts import Membership, Part, Post


class Organisation(Part):
    """A place in the Party tree."""

    id: str
    kind: str
    parent: str | None = None


class Person(Part):
    """A person with all memberships and posts, past ones included."""

    id: str
    memberships: tuple[Membership, ...] = ()
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True)
class Around:
    """The organisations that matter to an owner: itself and all below it, the one above, the committee over it."""

    owner: str
    below: tuple[str, ...]
    superior: str | None
    committee: str

    @property
    def posts(self) -> tuple[str, ...]:
        """The organisations whose posts matter."""
        return people(filter(None, (self.owner, self.superior, self.committee)))


def around(organisations: Iterable[Organisation], owner: str) -> Around:
    """Find an owner's place in the tree; raises ``NotYet`` while a part of the way up has not arrived here."""
    tree = {organisation.id: organisation for organisation in organisations}
    way = list(_upwards(tree, owner))
    committee = next((place.id for place in way if place.kind == "party_committee"), None)
    if committee is None:
        raise _unknown(owner)
    below = [owner]
    for place in below:  # grows while it is walked: children of children
        below += [child.id for child in tree.values() if child.parent == place and child.id not in below]
    return Around(owner, tuple(below), tree[owner].parent, committee)


def seats(place: Around, persons: Sequence[Person], day: date, meeting: date | None = None) -> Seats:
    """Who holds what on ``day``; the committee's members are those of the day of the ``meeting``."""
    committee = (place.committee,)
    return Seats(
        secretaries=_holding(persons, (place.owner,), SECRETARY, day),
        deputies=_holding(persons, (place.owner,), DEPUTY, day),
        superior_secretaries=_holding(persons, (place.superior,), SECRETARY, day),
        members=_belonging(persons, place.below, EXPECTED, day),
        voters=_belonging(persons, place.below, VOTING, day),
        committee_members=_holding(persons, committee, COMMITTEE, meeting or day),
        committee_secretaries=_holding(persons, committee, COMMITTEE_SECRETARY, day),
        work_department=_holding(persons, committee, WORK_DEPARTMENT, day),
    )


def _upwards(tree: dict[str, Organisation], owner: str) -> Iterator[Organisation]:
    here: str | None = owner
    seen: set[str] = set()
    while here is not None and here not in seen:
        if here not in tree:
            raise _unknown(here)
        seen.add(here)
        yield tree[here]
        here = tree[here].parent


def _holding(
    persons: Sequence[Person], places: Sequence[str | None], posts: Sequence[str], day: date
) -> tuple[str, ...]:
    return people(
        person.id
        for person in persons
        for post in person.posts
        if post.organisation in places and post.post in posts and covers(post.since, post.until, day)
    )


def _belonging(persons: Sequence[Person], places: Sequence[str], statuses: Sequence[str], day: date) -> tuple[str, ...]:
    return people(
        person.id
        for person in persons
        for one in person.memberships
        if one.organisation in places and one.status in statuses and covers(one.since, one.until, day)
    )


def _unknown(key: str) -> NotYet:
    return NotYet(
        "organisation.not_yet",
        zh=f"组织“{key}”或其上级党委的资料尚未到达。",
        en=f"The organisation “{key}”, or the committee above it, is not known here yet.",
    )
