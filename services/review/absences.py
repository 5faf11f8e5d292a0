"""Who is away, and who acts for whom today: the store of the absences."""

from collections.abc import Iterable
from datetime import date

from infra.mongo import Mongo
from infra.store import Store
from services.review.model.absence import Absences
from services.review.model.review import Review
from services.review.model.scope import Scope
from services.review.model.seats import Seats, people
from services.review.model.visits import Signing


class Away(Store[Absences]):
    """The absences of everybody, under their numbers."""

    def __init__(self, mongo: Mongo) -> None:
        super().__init__(mongo, "absences", Absences)

    async def seated(self, seats: Seats, review: Review | None, day: date) -> Seats:
        """The seats with the proxies of those who may have to act in a review that day."""
        concerned = people((*seats.officers, *(_asked_in(review, seats) if review else ())))
        found = await self.find({"_id": {"$in": list(concerned)}}, limit=0)
        acting = ((one.id, one.proxy_on(day)) for one in found)
        return seats.model_copy(update={"proxies": tuple((person, proxy) for person, proxy in acting if proxy)})


def _asked_in(review: Review, seats: Seats) -> Iterable[str]:
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
