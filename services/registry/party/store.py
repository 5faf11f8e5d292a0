"""What is asked of the Party tree and of the people in it."""

from collections.abc import Iterable, Sequence

from infra.storage.mongo import ASCENDING, IndexModel, Mongo
from infra.storage.store import Store
from services.registry.party.model.organisation import Organisation, Place, Tree
from services.registry.party.model.person import Person


class Organisations(Store[Organisation]):
    """The Party tree: some hundred organisations even in a large enterprise."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "organisations", Organisation, [IndexModel([("parent", ASCENDING)], name="parent")])

    async def all(self) -> list[Organisation]:
        """Every organisation, by id."""
        return await self.find(limit=0)

    async def tree(self) -> Tree:
        """Where every organisation stands, read without the rest: asked for with each request."""
        cursor = self._collection.find({}, {"kind": 1, "parent": 1})
        return Tree({row["_id"]: Place(row["kind"], row.get("parent")) async for row in cursor})

    async def children(self, key: str) -> list[Organisation]:
        """What stands right under an organisation."""
        return await self.find({"parent": key}, limit=0)

    async def above(self, key: str | None) -> list[Organisation]:
        """This organisation, its parent and so on to the top; empty when there is none of this id."""
        found: list[Organisation] = []
        while key is not None and key not in {one.id for one in found}:
            step = await self.find({"_id": key}, limit=1)
            found += step
            key = step[0].parent if step else None
        return found

    async def named(self, keys: Iterable[str]) -> dict[str, Organisation]:
        """Those of these ids that exist."""
        return {one.id: one for one in await self.find({"_id": {"$in": sorted(set(keys))}}, limit=0)}


class People(Store[Person]):
    """People by employee number."""

    def __init__(self, mongo: Mongo) -> None:
        indexes = [
            IndexModel([("memberships.organisation", ASCENDING)], name="membership"),
            IndexModel([("posts.organisation", ASCENDING)], name="post"),
        ]
        super().__init__(mongo, "people", Person, indexes)

    async def known(self, key: str) -> Person | None:
        """The person, or None: a token may be of somebody who was never recorded here."""
        return next(iter(await self.find({"_id": key}, limit=1)), None)

    async def members_of(self, organisations: Sequence[str]) -> list[Person]:
        """Everybody who ever belonged to one of these organisations."""
        return await self.find({"memberships.organisation": {"$in": list(organisations)}}, limit=0)
