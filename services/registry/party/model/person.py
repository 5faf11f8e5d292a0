"""People with dated memberships and posts, and the roster of any day. No telephone number is kept, so none is shown."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, Field

from infra.kernel.errors import Invalid
from infra.kernel.events import Aggregate, Decision
from infra.kernel.json_tree import require_storable
from infra.kernel.values import Input
from services.registry.events.published import PersonRecorded
from services.registry.examples import example
from services.registry.party.model.organisation import (
    BRANCHES,
    Organisation,
    Span,
    first_overlap,
    in_order,
    require_known,
)

Status: TypeAlias = Literal["full_member", "probationary_member", "activist"]
PostName: TypeAlias = Literal[
    "branch_secretary",
    "deputy_secretary",
    "organization_committee_member",
    "publicity_committee_member",
    "discipline_committee_member",
    "group_leader",
    "party_committee_member",
    "party_committee_secretary",
    "party_work_officer",
]

EXPECTED: Final = ("full_member", "probationary_member")
"""Who is expected at meetings (应到)."""
VOTING: Final = ("full_member",)
"""Who votes: a probationary member has no vote (选举条例 art. 5)."""

_BRANCH_LIKE: Final = ("general_branch", *BRANCHES)
_COMMITTEE: Final = ("party_committee",)
WHERE_HELD: Final[Mapping[str, tuple[str, ...]]] = {
    "branch_secretary": _BRANCH_LIKE,
    "deputy_secretary": (*_BRANCH_LIKE, *_COMMITTEE),
    "organization_committee_member": _BRANCH_LIKE,
    "publicity_committee_member": _BRANCH_LIKE,
    "discipline_committee_member": _BRANCH_LIKE,
    "group_leader": ("party_group",),
    "party_committee_member": _COMMITTEE,
    "party_committee_secretary": _COMMITTEE,
    "party_work_officer": _COMMITTEE,
}
"""At which kinds of organisations a post is held."""


class Membership(Span):
    """Belonging to one Party organisation."""

    organisation: str
    status: Status = Field(description="正式党员、预备党员或入党积极分子 / Status")


class Post(Span):
    """A term in a post."""

    organisation: str
    post: PostName = Field(description="职务 / Post")


class PersonRecord(Input):
    """A person as they should be recorded, with every dated membership and post, past ones included."""

    model_config = example("PersonRecord")

    name: str = Field(min_length=1, max_length=100, description="姓名 / Name")
    memberships: tuple[Membership, ...] = Field(default=(), max_length=200, description="组织关系 / Memberships")
    posts: tuple[Post, ...] = Field(default=(), max_length=200, description="任职 / Posts")


class Person(PersonRecord, Aggregate):
    """A person by employee number; a name is never an identity."""

    def membership_on(self, day: date) -> Membership | None:
        """The one membership that holds on ``day``."""
        return next((one for one in self.memberships if one.covers(day)), None)

    def posts_on(self, day: date) -> list[Post]:
        """Every post held on ``day``."""
        return [post for post in self.posts if post.covers(day)]


def record(current: Person | None, wanted: Person, known: Mapping[str, Organisation]) -> Decision[Person]:
    """Make a person's record be as wanted. ``known`` holds at least the organisations it names.

    Raises ``Invalid`` for an unknown organisation, a post where it cannot be held, overlapping memberships.
    """
    require_storable(wanted.name, "/name")
    _memberships(wanted, known)
    _posts(wanted, known)
    after = wanted if current is None else current.becomes(**wanted.model_dump(exclude={"id", "version"}))
    if after == current:
        return after, []
    return after, [PersonRecorded.model_validate({**after.model_dump(), "person": after.id})]


def named_organisations(person: Person) -> dict[str, str]:
    """Every organisation that a record names, by the pointer to the place where it is named."""
    members = {f"/memberships/{place}/organisation": one.organisation for place, one in enumerate(person.memberships)}
    return members | {f"/posts/{place}/organisation": one.organisation for place, one in enumerate(person.posts)}


def entries(person: Person) -> Sequence[Membership | Post]:
    """Everything in a record that belongs to an organisation."""
    return (*person.memberships, *person.posts)


def touched(current: Person | None, wanted: Person) -> frozenset[str]:
    """The organisations in which something changes for this person: an entry comes, goes or has other dates."""
    before = {*entries(current)} if current else set()
    return frozenset(one.organisation for one in before ^ {*entries(wanted)})


def holds_post(person: Person | None, organisations: Collection[str], day: date) -> bool:
    """Whether this person holds any post at one of these organisations on ``day``."""
    return person is not None and any(post.organisation in organisations for post in person.posts_on(day))


def _memberships(wanted: Person, known: Collection[str]) -> None:
    require_known(named_organisations(wanted), known)
    for place, membership in enumerate(wanted.memberships):
        in_order(membership.since, membership.until, f"/memberships/{place}/until")
    overlap = first_overlap(wanted.memberships)
    if overlap is not None:
        zh = "同一时期只能隶属一个党组织：组织关系起止日期有重叠。"
        en = "A person belongs to one organisation at a time: these memberships overlap."
        raise Invalid("membership.overlap", zh, en, field=f"/memberships/{overlap}")


def _posts(wanted: Person, known: Mapping[str, Organisation]) -> None:
    for place, post in enumerate(wanted.posts):
        in_order(post.since, post.until, f"/posts/{place}/until")
        kind = known[post.organisation].kind
        if kind not in WHERE_HELD[post.post]:
            zh = f"职务 {post.post} 不设在此类党组织（{kind}）。"
            en = f"The post {post.post} is not held at a {kind}."
            raise Invalid("post.wrong_kind", zh, en, field=f"/posts/{place}/post")

    def same(post: Post) -> tuple[str, str]:
        return post.organisation, post.post

    for (organisation, name), terms in groupby(sorted(wanted.posts, key=same), key=same):
        if first_overlap(list(terms)) is not None:
            zh = f"同一职务（{organisation} 的 {name}）任期重叠。"
            en = f"Two terms in the same post ({name} of {organisation}) overlap."
            raise Invalid("post.overlap", zh, en, field="/posts")


class Entry(BaseModel):
    """One person of a roster; who may not see political status gets name and number only."""

    person: str = Field(description="工号 / Employee number")
    name: str = Field(description="姓名 / Name")
    organisation: str | None = Field(default=None, description="所在党组织 / Where the membership is")
    status: str | None = Field(default=None, description="党员身份，仅授权人员可见 / Status, for those who may see it")
    expected: bool | None = Field(default=None, description="是否应到 / Whether expected")
    votes: bool | None = Field(default=None, description="有无表决权 / Whether entitled to vote")


class Roster(BaseModel):
    """Who belonged to an organisation, or to one below it, on one day."""

    organisation: str
    on: date = Field(description="日期 / The day")
    expected: int = Field(description="应到人数（正式、预备党员） / How many are expected")
    voters: int = Field(description="有表决权人数（正式党员） / How many may vote")
    people: list[Entry]

    def names_only(self) -> "Roster":
        """The roster for readers who may not see political status."""
        return self.model_copy(update={"people": [Entry(person=one.person, name=one.name) for one in self.people]})


def roster(organisation: str, on: date, within: Collection[str], people: Iterable[Person]) -> Roster:
    """The roster on a day; ``within`` are the ids of the organisation and of those below it on that day."""
    entries = [
        Entry(
            person=person.id,
            name=person.name,
            organisation=held.organisation,
            status=held.status,
            expected=held.status in EXPECTED,
            votes=held.status in VOTING,
        )
        for person in people
        if (held := person.membership_on(on)) is not None and held.organisation in within
    ]
    return Roster(
        organisation=organisation,
        on=on,
        expected=sum(entry.expected is True for entry in entries),
        voters=sum(entry.votes is True for entry in entries),
        people=sorted(entries, key=lambda entry: entry.person),
    )
