"""What registry said about the Party tree, its people and the block types, as this service keeps it."""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from infra.kernel.dates import day_of
from infra.kernel.errors import Invalid, NotYet
from infra.storage.collections import Mirrored, Projection
from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from services.review.events.value_objects import Document
from services.review.shared import role_holders
from services.review.shared.role_holders import Organisation, OrganisationContext, Person, RoleHolders, Scoped
from services.review.shared.scope import Scope, bodies, reach


class OrganisationRow(Mirrored, Organisation):
    """An organisation as mirrored."""


class PersonRow(Mirrored, Person):
    """A person as mirrored."""


class BlockTypeRow(Mirrored):
    """A block type as mirrored; its JSON Schema as text, since ``$ref`` and the like mean something to the database."""

    body_schema: str


class Mirrors:
    """What registry said about organisations, people and block types."""

    def __init__(self, mongo: Mongo) -> None:
        member = IndexModel([("memberships.organisation", ASCENDING)], name="member")
        post = IndexModel([("posts.organisation", ASCENDING)], name="post")
        self.organisations = Projection(mongo, "organisations", OrganisationRow)
        self.people = Projection(mongo, "people", PersonRow, [member, post])
        self.block_types = Projection(mongo, "block_types", BlockTypeRow)
        self.collections: list[Projection[Any]] = [self.organisations, self.people, self.block_types]

    async def context_of(self, owner: str, day: date) -> OrganisationContext:
        """An owner's place in the tree (some hundred organisations in a large enterprise); raises ``NotYet``."""
        return role_holders.context_of(await self.organisations.find(limit=0), owner, day)

    async def holders(self, place: OrganisationContext, day: date, meeting: date | None = None) -> RoleHolders:
        """Who holds what around a place on a day."""
        member = {"memberships.organisation": {"$in": list(place.below)}}
        post = {"posts.organisation": {"$in": list(place.posts)}}
        return role_holders.holders(place, await self.people.find({"$or": [member, post]}, limit=0), day, meeting)

    async def around(self, organisation: str, at: datetime) -> RoleHolders:
        """Who holds what around an organisation on the day of a moment; raises ``NotYet``."""
        return await self.holders(await self.context_of(organisation, day_of(at)), day_of(at))

    async def scoped(self, place: OrganisationContext, scopes: Collection[Scope], day: date) -> Scoped:
        """Who is meant by roles with a scope on a day."""
        if not scopes:
            return ()
        reaches = reach(await self.organisations.find(limit=0), place, scopes, day)
        wanted = sorted({one for found in reaches.values() for one in found})
        member, post = ({f"{name}.organisation": {"$in": wanted}} for name in ("memberships", "posts"))
        return bodies(reaches, await self.people.find({"$or": [member, post]}, limit=0), day)

    async def require_places(self, scopes: Iterable[Scope]) -> None:
        """Raise ``Invalid`` for a scope at an organisation that nobody here knows."""
        named = sorted({scope.at for scope in scopes} - {"owner", "superior", "committee"})
        strange = await _unknown(self.organisations, named)
        if strange:
            raise Invalid(
                "organisation.unknown", zh=f"没有组织：{strange}。", en=f"No organisation: {strange}.", field="/steps"
            )

    async def require_person(self, key: str) -> None:
        """Raise ``NotYet`` while a person has not arrived here."""
        if not await self.people.count({"_id": key}):
            raise NotYet("person.not_yet", zh=f"人员“{key}”尚未到达。", en=f"The person “{key}” is not known here yet.")

    async def require_known(self, keys: Collection[str], field: str) -> None:
        """Raise ``Invalid`` for a person whom nobody here knows."""
        strangers = await _unknown(self.people, keys)
        if strangers:
            raise Invalid(
                "person.unknown", zh=f"没有人员：{strangers}。", en=f"Nobody known: {strangers}.", field=field
            )

    async def schemas(self, document: Document) -> dict[str, str]:
        """The JSON Schemas of a document's block types; raises ``NotYet`` while one has not arrived here."""
        blocks = document.get("blocks")
        wanted = {
            str(block["type"])
            for block in (blocks.values() if isinstance(blocks, dict) else ())
            if isinstance(block, dict) and "type" in block
        }
        known = await self.block_types.find({"_id": {"$in": sorted(wanted)}}, limit=0)
        missing = sorted(wanted - {row.id for row in known})
        if missing:
            names = ", ".join(missing)
            raise NotYet("block_type.not_yet", zh=f"内容块类型尚未到达：{names}。", en=f"Not known here yet: {names}.")
        return {row.id: row.body_schema for row in known}

    async def top(self, scopes: Iterable[str]) -> bool:
        """Whether one of these is a committee that has none above it."""
        where = {"_id": {"$in": list(scopes)}, "kind": "party_committee", "parent": None}
        return bool(await self.organisations.count(where))


async def _unknown(mirror: Projection[Any], keys: Collection[str]) -> str:
    """Those of these that the mirror does not have, as a list to read."""
    known = {row.id for row in await mirror.find({"_id": {"$in": list(keys)}}, limit=0)}
    return ", ".join(key for key in keys if key not in known)


def schema_text(schema: dict[str, Any]) -> str:
    """A JSON Schema as it is mirrored."""
    return json.dumps(schema, sort_keys=True, ensure_ascii=False)
