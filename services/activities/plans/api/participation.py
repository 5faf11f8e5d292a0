"""全员参与: for each branch how many of its members took part; who did not is shown to the branch itself only."""

from typing import Annotated

from fastapi import APIRouter, Query

from infra.kernel import clock
from infra.kernel.dates import Day
from infra.web.http import Reader
from services.activities.access import Access
from services.activities.plans.model.participation import Participation, check_period, participation
from services.activities.plans.store import Activities, Period


def routes(activities: Activities, access: Access) -> APIRouter:
    """The route of participation."""
    api = APIRouter(tags=["全员参与 participation"])

    @api.get("/participation", summary="全员参与率 The share of members who took part, for each branch")
    async def rates(
        asked: Reader,
        organisation: str,
        first: Annotated[Day, Query(alias="from")],
        last: Annotated[Day, Query(alias="to", description="含当日；名册以该日为准 Included; the roster of that day")],
    ) -> list[Participation]:
        check_period(first, last)
        viewer = await access.viewer(asked.user, clock.now())
        rates = []
        for branch in viewer.tree.branches(organisation, last):
            below = [one.id for one in viewer.tree.below(branch.id, last)]
            members = await access.mirrors.roster(below, last)
            held = await activities.held_with([member.person for member in members], Period(first, last))
            disclose = viewer.of_people(branch.id)
            rates.append(participation(branch.id, branch.name, members, held, disclose=disclose))
        return rates

    return api
