"""Who may do what by posts held on a day; system-wide roles come with the token and are asked in the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from infra.kernel.errors import Forbidden
from services.registry.party.model.organisation import Organisation
from services.registry.party.model.person import Person, holds_post

SECRETARY = "branch_secretary"


@dataclass(frozen=True)
class DraftingRights:
    """Where a brand is written: its owner and the Party groups right under it."""

    owner: Organisation
    groups: tuple[Organisation, ...] = ()

    @classmethod
    def of(cls, owner: Organisation, children: Iterable[Organisation], day: date) -> "DraftingRights":
        """The desk of an owner on a day; ``children`` stand right under it."""
        groups = tuple(one for one in children if one.kind == "party_group" and one.exists_on(day))
        return cls(owner, groups)

    @property
    def organisations(self) -> frozenset[str]:
        """The ids of the organisations whose post holders write here."""
        return frozenset({self.owner.id, *(group.id for group in self.groups)})


def require_drafter(person: Person | None, desk: DraftingRights, day: date) -> None:
    """Raise ``Forbidden`` unless this person holds a post at the owner, or at one of its groups, on ``day``."""
    if holds_post(person, desk.organisations, day):
        return
    if person is not None and any(post.post == SECRETARY for post in person.posts_on(day)):
        raise Forbidden(
            "brand.foreign_secretary",
            zh=f"您是其他党组织的书记，不能办理“{desk.owner.shown}”的品牌。",
            en=f"You are the secretary of another organisation, not of “{desk.owner.shown}”.",
        )
    raise Forbidden(
        "brand.not_drafter",
        zh=f"只有“{desk.owner.shown}”及其党小组的任职人员可以办理此品牌。",
        en=f"Only those who hold a post at “{desk.owner.shown}” or at one of its groups may do this.",
    )


def posts_at(person: Person | None, organisation: str, day: date) -> frozenset[str]:
    """The names of the posts this person holds at an organisation on ``day``."""
    held = person.posts_on(day) if person else []
    return frozenset(post.post for post in held if post.organisation == organisation)
