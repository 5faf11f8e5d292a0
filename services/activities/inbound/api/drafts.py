"""Drafts of activities, as other departments' events suggest them: filed, recorded or dismissed by a person's hand.

A draft holds what the event said and nothing else. Who files it completes it; who records it enters who was there.
"""

from functools import partial
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from infra.kernel import clock
from infra.kernel.dates import Moment, day_of
from infra.kernel.errors import Invalid
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Reader
from services.activities.access import Access, actor
from services.activities.inbound.model.outcome import Draft, Filing, dismiss, file
from services.activities.inbound.use_cases.effects import Effects
from services.activities.plans.api.plans import Why
from services.activities.plans.model import activity as activities
from services.activities.plans.model.attendance import EXAMPLE as SHEET
from services.activities.plans.model.attendance import Sheet


class Completion(Body):
    """What the person adds to the draft or says otherwise; what is left out is taken from the draft."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "现场救援", "place": "三号检修车间"}]})

    kind: str | None = None
    title: str | None = Field(default=None, min_length=1, max_length=200)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    place: str | None = Field(default=None, min_length=1, max_length=200)
    brand: str | None = None
    content: str | None = Field(default=None, min_length=1, max_length=20_000)

    def plan(self, draft: Draft) -> activities.Draft:
        """The plan that this makes of the draft; raises ``Invalid`` for what neither says."""
        said = self.model_dump(include=set(activities.Draft.model_fields), exclude_none=True)
        known = draft.model_dump(include={"kind", "title", "place", "brand", "content"}, exclude_none=True)
        times = {"starts_at": draft.occurred_at, "ends_at": draft.ended_at}
        whole = {**times, **known, **said}
        if "place" not in whole:
            raise Invalid(
                "draft.no_place", zh="事件没有说明地点，请填写。", en="The event names no place.", field="/place"
            )
        return activities.Draft.model_validate(whole)


class Recording(Completion):
    """The same, and the record of what was held: who was there."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"place": "三号检修车间", "sheet": SHEET}]})

    sheet: Sheet


class Filter(Paging):
    """Which drafts are asked for."""

    organisation: str
    state: Literal["open", "filed", "dismissed"] | None = None
    sort: Literal["-occurred_at", "occurred_at"] = Field(default="-occurred_at", description="排序 Order")


class Filed(CommandResult):
    """The draft, and the activity that was made of it."""

    activity: str


def routes(effects: Effects, access: Access) -> APIRouter:
    """The routes of drafts."""
    api, drafts = APIRouter(prefix="/drafts", tags=["活动草稿 drafts"]), effects.inbound.drafts

    async def settle(key: str, body: Completion, asked: Asked, sheet: Sheet | None) -> Filed:
        draft = await drafts.get(key)
        brand = draft.brand if body.brand is None else body.brand
        tree = await access.require_acting(asked.user, draft.organisation, asked.at, brand)
        plan = body.plan(draft)
        kind = await effects.evaluator.kind(plan.kind, "/kind")
        activity = str(uuid5(NAMESPACE_URL, f"activity of draft {draft.id}"))
        record = None
        if sheet is not None:
            expected = tree.below(draft.organisation, day_of(sheet.started_at))
            record = await access.taken(sheet, expected, kind, actor(asked))
        activities.file(activity, draft.organisation, plan, kind, actor(asked))  # refused before anything is written
        filing = Filing(plan=plan, record=record, by=asked.user.person, at=asked.at)
        answer = await drafts.update(key, lambda current: file(current, filing, activity), cause=asked.cause)
        await effects.enact(key)
        return Filed.model_validate({**answer.model_dump(), "activity": activity})

    @api.get("", summary="本组织的活动草稿 Drafts of an organisation (the work department: and of those below it)")
    async def listed(ask: Annotated[Filter, Query()], asked: Reader) -> Page[Draft]:
        within = await access.within(asked.user, ask.organisation, clock.now())
        return await drafts.page(ask.where() | {"organisation": {"$in": within}}, ask)

    @api.get("/{key}", summary="一份草稿 One draft")
    async def one(key: str, asked: Reader) -> Draft:
        draft = await drafts.get(key)
        await access.within(asked.user, draft.organisation, clock.now())
        return draft

    @api.post("/{key}/filing", status_code=201, summary="据草稿报备活动 File an activity from the draft")
    async def filing(key: str, body: Completion, asked: Asked) -> Filed:
        return await settle(key, body, asked, None)

    @api.post(
        "/{key}/record", status_code=201, summary="据草稿报备并记录活动 File and record an activity from the draft"
    )
    async def record(key: str, body: Recording, asked: Asked) -> Filed:
        return await settle(key, body, asked, body.sheet)

    @api.post("/{key}/dismissal", summary="忽略草稿，须写明理由 Dismiss the draft, with a reason")
    async def dismissal(key: str, body: Why, asked: Asked) -> CommandResult:
        await access.require_acting(asked.user, (await drafts.get(key)).organisation, asked.at)
        decide = partial(dismiss, reason=body.reason, by=actor(asked))
        return await drafts.update(key, decide, cause=asked.cause)

    return api
