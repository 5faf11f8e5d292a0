"""Who may act for an organisation: looked up in the mirrors before a decision, so that the decision stays pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from infra.kernel.dates import day_of
from infra.kernel.errors import Forbidden
from infra.web.auth import Principal
from infra.web.http import Asked
from services.activities.plans.model import roster
from services.activities.plans.model.attendance import Record, Sheet, take
from services.activities.plans.model.kind import Kind
from services.activities.plans.model.roster import Actor, Organisation, Person, Tree
from services.activities.plans.store import Mirrors

WORK_DEPARTMENT = "party_work_department"
ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Viewer:
    """What one caller may see on one day."""

    user: Principal
    tree: Tree
    person: Person | None
    day: date

    def of_people(self, organisation: str) -> bool:
        """Whether they see who took part, not only how many: the branch's own officers and the work department."""
        return _work_department(self.user, self.tree, organisation) or roster.holds_post(
            self.person, organisation, self.day
        )


class Access:
    """Checks callers and references against the mirrors."""

    def __init__(self, mirrors: Mirrors) -> None:
        self.mirrors = mirrors

    async def require_acting(self, user: Principal, organisation: str, at: datetime, brand: str | None = None) -> Tree:
        """The work department above the organisation, or who holds a post at it that day; else ``Forbidden``.

        A ``brand`` that is named exists and belongs to the organisation or one above it.
        """
        tree = await self.mirrors.tree()
        tree.require(organisation)
        if not _work_department(user, tree, organisation):
            roster.require_post(await self.mirrors.person(user.person), organisation, day_of(at))
        if brand is not None:
            roster.require_brand(await self.mirrors.brand(brand), brand, organisation, tree.above(organisation))
        return tree

    async def require_work_department(self, user: Principal, organisation: str) -> None:
        """The party work department above this organisation; else ``Forbidden``."""
        if not _work_department(user, await self.mirrors.tree(), organisation):
            raise Forbidden(
                "work_department.only",
                zh=f"只有“{organisation}”所属的党委工作部可以办理。",
                en=f"Only the party work department above “{organisation}” may do this.",
            )

    async def is_work_department(self, user: Principal, organisation: str) -> bool:
        """Whether this is the party work department above this organisation, or the administrator."""
        return user.has(ADMINISTRATOR) or _work_department(user, await self.mirrors.tree(), organisation)

    async def within(self, user: Principal, organisation: str, at: datetime) -> list[str]:
        """Whose matters are read: the organisation's own by its officers, and those below it by who is above them."""
        if await self.is_work_department(user, organisation):
            tree = await self.mirrors.tree()
            tree.require(organisation)
            return [one for one in tree.known if organisation in tree.above(one)]
        await self.require_acting(user, organisation, at)
        return [organisation]

    async def is_closed(self, user: Principal, organisation: str, at: datetime, *, hidden: bool) -> bool:
        """Whether it is ``hidden`` from all but the work department, and so from this reader of an organisation's."""
        await self.within(user, organisation, at)
        return hidden and not await self.is_work_department(user, organisation)

    async def viewer(self, user: Principal, at: datetime) -> Viewer:
        """What the caller may see, looked up once."""
        return Viewer(user, await self.mirrors.tree(), await self.mirrors.person(user.id), day_of(at))

    async def taken(self, sheet: Sheet, expected: Sequence[Organisation], kind: Kind, by: Actor) -> Record:
        """The record that a sheet makes, against the roster of its day in these organisations; raises ``Invalid``."""
        members = await self.mirrors.roster([one.id for one in expected], day_of(sheet.started_at))
        return take(sheet, members, kind, await self.mirrors.calendar(), by)


def require_steward(user: Principal) -> None:
    """Who keeps kinds, departments and rules, and sees what arrives; else ``Forbidden``."""
    user.require(WORK_DEPARTMENT, ADMINISTRATOR)


def actor(asked: Asked) -> Actor:
    """Who commands, and when."""
    return Actor(asked.user.person, asked.at)


def _work_department(user: Principal, tree: Tree, organisation: str) -> bool:
    return any(user.has(WORK_DEPARTMENT, scope) for scope in tree.above(organisation))
