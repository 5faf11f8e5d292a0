"""Who asks, by what office: the roles of the token and the posts held today decide what is shown and allowed.

A role holds for the organisation that it names and for everything below it; ``@*`` holds everywhere. So the work
department of one committee neither reads nor writes what belongs to another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from infra.kernel.errors import Forbidden
from infra.web.auth import Principal
from services.registry.brands.model.drafting_rights import DraftingRights, posts_at, require_drafter
from services.registry.party.model.organisation import Organisation, concerned
from services.registry.party.model.person import Person, entries, holds_post, touched
from services.registry.party.model.tree import Tree
from services.registry.party.model.value import Audience
from services.registry.requests import KEEPERS, today
from services.registry.stores import Stores

EVERYWHERE = "*"
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
            self.person, self.tree.desk(owner), self.day
        )

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
        desk = DraftingRights.of(await organisations.get(owner), await organisations.children(owner), day)
        require_drafter(await self._stores.people.known(user.person), desk, day)


def _elsewhere(organisations: Collection[str]) -> Forbidden:
    names = ", ".join(organisations)
    return Forbidden(
        "role.elsewhere",
        zh=f"您的角色不适用于此处（{names}）：只能由其所属党委的党委工作部或管理员办理。",
        en=f"Your role does not hold here ({names}): this is for the work department above it or an administrator.",
    )
