"""Who asks, by what office: the roles of the token and the posts held today decide what is shown and allowed.

A role holds for the organisation that it names and for everything below it; ``@*`` holds everywhere. So the work
department of one committee neither reads nor writes what belongs to another.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from infra.kernel.clock import today
from infra.kernel.errors import Forbidden
from infra.web.auth import Principal
from services.registry.hr.model.proposal import Suggestion
from services.registry.party.model.organisation import Audience, Organisation, Tree, concerned
from services.registry.party.model.person import Person, entries, holds_post, touched
from services.registry.stores import Stores

EVERYWHERE = "*"
KEEPERS: Final = ("administrator", "party_work_department")
"""Who keeps organisations, people, block types and settings, and imports brands: never a system of another department,
because no Party relationship moves on the word of HR."""
FEEDERS: Final = ("hr_system", "administrator")
"""Who says what HR says, and sees all of it."""
HR_READERS: Final = (*FEEDERS, "party_work_department")
SECRETARY: Final = "branch_secretary"
OFFICERS: Final = frozenset({SECRETARY, "deputy_secretary", "party_committee_secretary"})
"""Who decides on what HR proposes for their organisation."""
OVERSEERS = (*KEEPERS, "auditor")
"""Whose offices read why a text was returned or rejected."""


@dataclass(frozen=True)
class AccessContext:
    """One reader or writer, with the record of the person if there is one, and the tree that offices are held in."""

    user: Principal
    person: Person | None
    day: date
    tree: Tree

    def holds(self, role: str, organisation: str) -> bool:
        """Whether the role is held for this organisation or for one above it."""
        return any(self.user.has(role, scope) for scope in (EVERYWHERE, *self.tree.above(organisation)))

    def keeps(self, organisation: str) -> bool:
        """Whether this is the Party work department above an organisation, or an administrator."""
        return any(self.holds(role, organisation) for role in KEEPERS)

    @property
    def keeps_everything(self) -> bool:
        """Whether what all committees share is theirs to keep: an office of a committee that stands under nothing."""
        return any(self.user.has(role, scope) for role in KEEPERS for scope in (EVERYWHERE, *self.tree.tops))

    def sees_status(self, organisation: str) -> bool:
        """Whether political status within an organisation may be shown: to offices and posts at it or above it."""
        return self.keeps(organisation) or holds_post(self.person, self.tree.above(organisation), self.day)

    def sees_record(self, person: Person) -> bool:
        """Whether memberships and posts of a person may be shown."""
        now = person.membership_on(self.day)
        return (
            self.user.id == person.id
            or self.keeps_everything
            or any(self.keeps(one.organisation) for one in entries(person))
            or (now is not None and self.sees_status(now.organisation))
        )

    def sees_reasons(self, owner: str) -> bool:
        """Whether why a text of this owner was returned or rejected may be shown: its own people and those above."""
        return any(self.holds(role, owner) for role in OVERSEERS) or holds_post(
            self.person, self.tree.writing(owner), self.day
        )

    def decides(self, suggestion: Suggestion) -> bool:
        """Whether a proposal is theirs: of the officers there, the keepers above it, but never HR's own."""
        if self.user.has("hr_system"):
            return False  # whatever else its token says
        keeper = any(self.holds(role, suggestion.organisation) for role in KEEPERS)
        own = (suggestion.organisation, *suggestion.candidates)
        return keeper or any(OFFICERS & posts_at(self.person, one, self.day) for one in own)

    @property
    def own_organisations(self) -> frozenset[str]:
        """Where they hold a post today, or a keeper's office."""
        posts = self.person.posts_on(self.day) if self.person else ()
        keeping = {key for key in self.tree.places if any(self.holds(role, key) for role in KEEPERS)}
        return frozenset({post.organisation for post in posts} | keeping)

    def audience(self, organisation: str) -> Audience:
        """Whether masked values of this organisation's things are visible: by a role, or by a post held there."""

        def may_see(roles: tuple[str, ...]) -> bool:
            return any(self._named(*role.partition("@")[::2], organisation) for role in roles)

        return may_see

    def _named(self, role: str, scope: str, organisation: str) -> bool:
        held = self.user.has(role, scope) if scope else self.holds(role, organisation)
        return held or role in posts_at(self.person, scope or organisation, self.day)

    def require_role(self, organisation: str, *roles: str) -> None:
        """Raise ``Forbidden`` unless one of the roles is held for this organisation."""
        self.user.require(*roles)
        if not any(self.holds(role, organisation) for role in roles):
            raise _elsewhere([organisation])

    def require_everything(self) -> None:
        """Raise ``Forbidden`` unless what all committees share is theirs to keep."""
        self.user.require(*KEEPERS)
        if not self.keeps_everything:
            raise _elsewhere(self.tree.tops)

    def require_organisation(self, current: Organisation | None, wanted: Organisation) -> None:
        """Raise ``Forbidden`` unless the organisation is theirs to keep, where it stood and where it shall stand."""
        for key in concerned(current, wanted):
            if not (self.user.has("administrator", EVERYWHERE) if key is None else self.keeps(key)):
                raise _elsewhere([key or wanted.id])

    def require_person(self, current: Person | None, wanted: Person) -> None:
        """Raise ``Forbidden`` unless each organisation is theirs in which something changes for this person.

        Where only the name changes, one organisation of the person is enough.
        """
        changed, own = touched(current, wanted), {one.organisation for one in entries(wanted)}
        foreign = sorted(key for key in changed if not self.keeps(key))
        if foreign:
            raise _elsewhere(foreign)
        if not changed and not self.keeps_everything and not any(map(self.keeps, own)):
            raise _elsewhere(sorted(own))


class Access:
    """Looks up who asks."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def of(self, user: Principal) -> AccessContext:
        """The standing of a user today; a system has no record here."""
        person = await self._stores.people.known(user.id)
        return AccessContext(user, person, today(), await self._stores.organisations.tree())

    async def require_keeper(self, user: Principal, owner: str) -> None:
        """Raise ``Forbidden`` unless the user keeps what belongs to this organisation."""
        (await self.of(user)).require_role(owner, *KEEPERS)

    async def require_drafter(self, user: Principal, owner: str) -> None:
        """Raise ``Forbidden`` unless the user may write the brands of this organisation."""
        day, organisations = today(), self._stores.organisations
        rights = DraftingRights.of(await organisations.get(owner), await organisations.children(owner), day)
        require_drafter(await self._stores.people.known(user.person), rights, day)


@dataclass(frozen=True)
class DraftingRights:
    """Where a brand is written: its owner and the Party groups right under it."""

    owner: Organisation
    groups: tuple[Organisation, ...] = ()

    @classmethod
    def of(cls, owner: Organisation, children: Iterable[Organisation], day: date) -> "DraftingRights":
        """Where the brands of an owner are written on a day; ``children`` stand right under it."""
        groups = tuple(one for one in children if one.kind == "party_group" and one.exists_on(day))
        return cls(owner, groups)

    @property
    def organisations(self) -> frozenset[str]:
        """The ids of the organisations whose post holders write here."""
        return frozenset({self.owner.id, *(group.id for group in self.groups)})


def require_drafter(person: Person | None, rights: DraftingRights, day: date) -> None:
    """Raise ``Forbidden`` unless this person holds a post at the owner, or at one of its groups, on ``day``."""
    if holds_post(person, rights.organisations, day):
        return
    if person is not None and any(post.post == SECRETARY for post in person.posts_on(day)):
        zh = f"您是其他党组织的书记，不能办理“{rights.owner.shown}”的品牌。"
        en = f"You are the secretary of another organisation, not of “{rights.owner.shown}”."
        raise Forbidden("brand.foreign_secretary", zh, en)
    zh = f"只有“{rights.owner.shown}”及其党小组的任职人员可以办理此品牌。"
    en = f"Only those who hold a post at “{rights.owner.shown}” or at one of its groups may do this."
    raise Forbidden("brand.not_drafter", zh, en)


def posts_at(person: Person | None, organisation: str, day: date) -> frozenset[str]:
    """The names of the posts this person holds at an organisation on ``day``."""
    held = person.posts_on(day) if person else []
    return frozenset(post.post for post in held if post.organisation == organisation)


def _elsewhere(organisations: Collection[str]) -> Forbidden:
    names = ", ".join(organisations)
    return Forbidden(
        "role.elsewhere",
        zh=f"您的角色不适用于此处（{names}）：只能由其所属党委的党委工作部或管理员办理。",
        en=f"Your role does not hold here ({names}): this is for the work department above it or an administrator.",
    )
