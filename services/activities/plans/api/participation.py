"""全员参与: for each branch how many of its members took part; who did not is shown to the branch itself only."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from infra.web.http import Reader
from services.activities.access import Access
from services.activities.plans.model.calendar import Day
from services.activities.plans.model.participation import Participation, check_period, participation
from services.activities.plans.store import Activities, Period


def routes(activities: Activities, desk: Access) -> APIRouter:
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
        sight = await desk.sight(asked.user, datetime.now(UTC))
        rates = []
        for branch in sight.tree.branches(organisation, last):
            below = [one.id for one in sight.tree.below(branch.id, last)]
            members = await desk.mirrors.roster(below, last)
            held = await activities.held_with([member.person for member in members], Period(first, last))
            disclose = sight.of_people(branch.id)
            rates.append(participation(branch.id, branch.name, members, held, disclose=disclose))
        return rates

    return api
