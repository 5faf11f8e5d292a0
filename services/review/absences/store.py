"""Who is away, and who acts for whom today: the store of the absences."""

from collections.abc import Iterable
from datetime import date

from infra.storage.mongo import Mongo
from infra.storage.store import Store
from services.review.absences.model import Absences
from services.review.reviews.model.review import Review
from services.review.reviews.model.step_runs import Signing
from services.review.shared.role_holders import RoleHolders, people
from services.review.shared.scope import Scope


class Away(Store[Absences]):
    """The absences of everybody, under their numbers."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "absences", Absences)

    async def seated(self, seats: RoleHolders, review: Review | None, day: date) -> RoleHolders:
        """The seats with the proxies of those who may have to act in a review that day."""
        concerned = people((*seats.officers, *(_asked_in(review, seats) if review else ())))
        found = await self.find({"_id": {"$in": list(concerned)}}, limit=0)
        acting = ((one.id, one.proxy_on(day)) for one in found)
        return seats.model_copy(update={"proxies": tuple((person, proxy) for person, proxy in acting if proxy)})


def _asked_in(review: Review, seats: RoleHolders) -> Iterable[str]:
    """People who may have to act here without holding a post."""
    for step in review.procedure.steps:
        yield from step.experts
        yield from (
            one
            for role in (*step.assignees, *step.signers, *step.approvers)
            if isinstance(role, Scope)
            for one in seats.holding(role.label)
        )
    if review.live is not None:
        yield from (handing.taker for handing in review.live.handings)
        if isinstance(review.live, Signing):
            yield from (signer.person for signer in review.live.active)
