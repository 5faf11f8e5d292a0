"""Roles with a scope, and whom they mean: who holds certain posts, or belongs as a member, at a place in the tree."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field, StringConstraints

from infra.kernel.values import Closed
from services.review.shared import role_holders
from services.review.shared.role_holders import Organisation, OrganisationContext, Person, Scoped, people

POSTS: Final = frozenset(
    {*role_holders.BRANCH_COMMITTEE, *role_holders.COMMITTEE, *role_holders.WORK_DEPARTMENT, "group_leader"}
)
"""The posts that registry tells of."""
OF_COMMITTEES: Final = frozenset({*role_holders.DEPUTY, *role_holders.COMMITTEE, *role_holders.WORK_DEPARTMENT})
"""Those held at a Party committee itself; all others are held below it."""
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,63}$")]
Standing: TypeAlias = Literal["full_member", "probationary_member"]


class Scope(Closed):
    """Holders of any of these posts, and members of any of these standings, at one place or (``below``) under it too.

    A branch's members belong to it or to its groups, so members are always counted with what is below.
    """

    posts: tuple[Name, ...] = Field(default=(), max_length=9)
    members: tuple[Standing, ...] = ()
    at: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")] = "owner"
    below: bool = False

    @property
    def label(self) -> str:
        """The scope in one word; equal scopes have equal labels."""
        who = "+".join(sorted({*self.posts, *self.members}))
        return f"{who}@{self.at}{'/*' if self.below else ''}"

    def __str__(self) -> str:
        return self.label


def faults(scope: Scope) -> Iterator[tuple[str, str]]:
    """Why nobody could ever be meant by a scope, in Chinese and in English."""
    if not scope.posts and not scope.members:
        yield "范围角色须写明职务或党员身份。", "a scope names posts or a standing of members."
    unknown = ", ".join(sorted(set(scope.posts) - POSTS))
    if unknown:
        yield f"没有这样的职务：{unknown}。", f"nobody could ever hold: {unknown}."
    elif scope.at == "committee" and not scope.below and set(scope.posts) - OF_COMMITTEES:
        lower = ", ".join(sorted(set(scope.posts) - OF_COMMITTEES))
        yield f"党委本级不设此职务：{lower}；可写明含下级。", f"not held at a committee itself: {lower}; say below."


def reach(
    organisations: Iterable[Organisation], place: OrganisationContext, scopes: Iterable[Scope], day: date
) -> dict[Scope, tuple[str, ...]]:
    """The organisations that each scope takes in; members are always counted with what is below."""
    tree = {organisation.id: organisation for organisation in organisations}
    named = {"owner": place.owner, "superior": place.superior, "committee": place.committee}
    found = {}
    for scope in scopes:
        root = named.get(scope.at, scope.at)
        wide = scope.below or bool(scope.members)
        known = root is not None and root in tree
        found[scope] = (role_holders.below(tree, root, day) if wide else (root,)) if root is not None and known else ()
    return found


def bodies(reaches: Mapping[Scope, tuple[str, ...]], persons: Sequence[Person], day: date) -> Scoped:
    """Who is meant by each scope, by its label; ordered, so that equal bodies are equal."""
    found = {}
    for scope, places in reaches.items():
        holding = role_holders.holding(persons, places if scope.below else places[:1], scope.posts, day)
        belonging = role_holders.belonging(persons, places, scope.members, day)
        found[scope.label] = people((*holding, *belonging))
    return tuple(sorted(found.items()))
