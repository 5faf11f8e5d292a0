"""Records: that an activity was held, and who was there, against the roster of that day."""

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.dates import day_of
from infra.storage.store import CommandResult, Store
from infra.web.http import Asked
from services.activities.access import Access, actor
from services.activities.plans.api.plans import kind_of
from services.activities.plans.model import activity as model
from services.activities.plans.model.attendance import Record, Sheet, take
from services.activities.plans.model.kind import Kind
from services.activities.plans.store import Activities


class Correction(Sheet):
    """The whole record as it should have been, and why it is corrected."""

    reason: str = Field(min_length=1, max_length=2000)


def routes(activities: Activities, kinds: Store[Kind], access: Access) -> APIRouter:
    """The routes of records."""
    api = APIRouter(prefix="/activities/{key}/record", tags=["活动记录 records"])

    async def taken(key: str, sheet: Sheet, asked: Asked) -> Record:
        activity = await activities.get(key)
        tree = await access.require_acting(asked.user, activity.organisation, asked.at)
        day = day_of(sheet.started_at)
        within = [one.id for one in tree.below(activity.organisation, day)]
        roster = await access.mirrors.roster(within, day)
        kind = await kind_of(kinds, activity.plan.kind)
        return take(sheet, roster, kind, await access.mirrors.calendar(), actor(asked))

    @api.post("", status_code=201, summary="记录活动 Record that it was held, with attendance")
    async def record(key: str, body: Sheet, asked: Asked) -> CommandResult:
        entry = await taken(key, body, asked)
        return await activities.update(key, lambda current: model.record(current, entry), cause=asked.cause)

    @api.put("", summary="更正记录 Correct the record; the earlier revision stays")
    async def correct(key: str, body: Correction, asked: Asked) -> CommandResult:
        sheet = Sheet(**body.model_dump(exclude={"reason"}))
        entry = await taken(key, sheet, asked)
        return await activities.update(
            key, lambda current: model.correct(current, entry, body.reason), cause=asked.cause
        )

    return api
