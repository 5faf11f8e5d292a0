"""Who is away, and who acts for whom today: the store of the absences."""

from collections.abc import Iterable
from datetime import date

from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.review.absences.model import Absences
from services.review.shared.role_holders import RoleHolders, people


class Away(Store[Absences]):
    """The absences of everybody, under their numbers."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "absences", Absences)

    async def with_proxies(self, holders: RoleHolders, asked: Iterable[str], day: date) -> RoleHolders:
        """The holders with the proxies of officers, and of those who are asked by no post, on that day."""
        concerned = people((*holders.officers, *asked))
        found = await self.find({"_id": {"$in": list(concerned)}}, limit=0)
        acting = ((one.id, one.proxy_on(day)) for one in found)
        return holders.model_copy(update={"proxies": tuple((person, proxy) for person, proxy in acting if proxy)})
