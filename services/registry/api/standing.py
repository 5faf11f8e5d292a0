"""Who asks, by what office: the roles of the token and the posts held today decide what is shown and allowed."""

from dataclasses import dataclass
from datetime import date

from infra.auth import Principal
from services.registry.api.shapes import KEEPERS, today
from services.registry.model.authority import Desk, may_see_status, posts_at, require_drafter
from services.registry.model.person import Person
from services.registry.model.value import Audience
from services.registry.store import Stores


@dataclass(frozen=True)
class Standing:
    """One reader or writer, with the record of the person if there is one."""

    user: Principal
    person: Person | None
    day: date

    @property
    def keeper(self) -> bool:
        """Whether this is the Party work department or an administrator."""
        return any(self.user.has(role) for role in KEEPERS)

    def audience(self, organisation: str) -> Audience:
        """Whether masked values of this organisation's things are visible: by a role, or by a post held there."""

        def may_see(roles: tuple[str, ...]) -> bool:
            return any(self._holds(*role.partition("@")[::2], organisation) for role in roles)

        return may_see

    def _holds(self, role: str, scope: str, organisation: str) -> bool:
        return self.user.has(role, scope or None) or role in posts_at(self.person, scope or organisation, self.day)


class Standings:
    """Looks up who asks."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def of(self, user: Principal) -> Standing:
        """The standing of a user today."""
        return Standing(user, await self._stores.people.known(user.person), today())

    async def sees_status(self, standing: Standing, organisation: str | None) -> bool:
        """Whether political status within an organisation may be shown to this reader."""
        if standing.keeper:
            return True
        if standing.person is None or not standing.person.posts_on(standing.day):
            return False
        above = await self._stores.organisations.above(organisation)
        return may_see_status(standing.person, {one.id for one in above}, standing.day)

    async def require_drafter(self, user: Principal, owner: str) -> None:
        """Raise ``Forbidden`` unless the user may write the brands of this organisation."""
        standing = await self.of(user)
        children = await self._stores.organisations.children(owner)
        desk = Desk.of(await self._stores.organisations.get(owner), children, standing.day)
        require_drafter(standing.person, desk, standing.day)
