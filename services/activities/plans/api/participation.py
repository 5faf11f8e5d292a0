"""全员参与: for each branch how many of its members took part; who did not is shown to the branch itself only."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from infra.kernel import clock
from infra.kernel.dates import Day
from infra.kernel.paging import Page, Paging
from infra.web.http import Reader
from services.activities.access import Access
from services.activities.plans.model.participation import Participation, check_period, participation
from services.activities.plans.store import Activities, Period


class Filter(Paging):
    """Whose participation, from day to day."""

    organisation: str
    first: Day = Field(alias="from")
    last: Day = Field(alias="to", description="含当日；名册以该日为准 Included; the roster of that day")


def routes(activities: Activities, access: Access) -> APIRouter:
    """The route of participation."""
    api = APIRouter(tags=["全员参与 participation"])

    @api.get("/participation", summary="全员参与率 The share of members who took part, for each branch")
    async def rates(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[Participation]:
        first, last = ask.first, ask.last
        check_period(first, last)
        viewer = await access.viewer(asked.user, clock.now())
        page = Page.among(viewer.tree.branches(ask.organisation, last), ask, lambda branch: branch.id)
        rates = []
        for branch in page.items:
            below = [one.id for one in viewer.tree.below(branch.id, last)]
            members = await access.mirrors.roster(below, last)
            held = await activities.held_with([member.person for member in members], Period(first, last))
            disclose = viewer.of_people(branch.id)
            rates.append(participation(branch.id, branch.name, members, held, disclose=disclose))
        return page.holding(rates)

    return api
