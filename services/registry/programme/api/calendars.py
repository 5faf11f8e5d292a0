"""The calendar: read by everybody, kept by the work department of a committee that stands under none."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Paged, Reader
from services.registry.access import Access
from services.registry.programme.model.calendar import (
    Arrangement,
    Calendar,
    Official,
    OwnDay,
    Source,
    arrange,
    settle_own,
)
from services.registry.programme.model.holiday_notice import read
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores

Year = Annotated[int, Path(ge=2000, le=2199, description="年份 / The year", examples=[2026])]


class Pasted(Body):
    """The State Council's notice as text."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "text": "元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。",
                    "source": "国办发明电〔2025〕7号",
                }
            ]
        }
    )

    text: str = Field(min_length=1, max_length=20_000, description="通知全文或条目 / The notice, or its items")
    source: Source | None = Field(default=None, description="文号 / Its number", examples=["国办发明电〔2025〕7号"])


class OwnDays(Body):
    """The company's own days of a year, all of them."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"days": [{"day": "2026-06-01", "working": False, "name": "厂庆"}]}]}
    )

    days: tuple[OwnDay, ...] = Field(max_length=100, description="本单位放假或上班日 / Days off and on")


class Trial(BaseModel):
    """What a pasted notice would record, and how that differs from what is recorded; nothing is kept."""

    arrangement: Arrangement
    skipped: tuple[str, ...] = Field(description="未作为安排读取的句子 / Sentences that arrange nothing")
    days_off: int
    recorded: Arrangement | None
    changes: bool


class CalendarView(Calendar):
    """One year's calendar; it is named by its year."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    id: str = Field(exclude=True)

    @classmethod
    def of(cls, calendar: Calendar) -> "CalendarView":
        """As it is now."""
        return cls(**dict(calendar))


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of the calendar."""
    api = APIRouter(prefix="/calendars", tags=["工作日历 calendar"], responses=PROBLEMS)

    async def arranged(year: int, official: Official, asked: Asked) -> CommandResult:
        decide = partial(arrange, year=year, official=official)
        return await stores.calendars.put(str(year), decide, cause=asked.cause)

    @api.get("", summary="各年工作日历 The calendars of all years")
    async def listed(_: Reader, ask: Paged) -> Page[CalendarView]:
        return (await stores.calendars.page({}, ask)).map(CalendarView.of)

    @api.get("/{year}", summary="一年的工作日历 The calendar of a year")
    async def one(year: Year, _: Reader) -> CalendarView:
        return CalendarView.of(await stores.calendars.get(str(year)))

    @api.put("/{year}", summary="登记放假安排（数据） Record a year's arrangement as data")
    async def put(year: Year, body: Official, asked: Asked) -> CommandResult:
        """本单位的放假、上班日保持不变。 The company's own days stay."""
        (await access.of(asked.user)).require_everything()
        return await arranged(year, body, asked)

    @api.post("/{year}/notice/trial", summary="试读国务院办公厅通知（不保存） Read the notice; nothing is kept")
    async def trial(year: Year, body: Pasted, asked: Asked) -> Trial:
        """天数、星期须与日期一致，否则指出有误的行。 A count or a weekday that disagrees is refused with its line."""
        (await access.of(asked.user)).require_everything()
        reading = read(body.text, year)
        arrange(None, year, Official(arrangement=reading.arrangement))
        known = next(iter(await stores.calendars.find({"_id": str(year)})), None)
        off = {day for holiday in reading.arrangement.holidays for day in holiday.days}
        return Trial(
            arrangement=reading.arrangement,
            skipped=reading.skipped,
            days_off=len(off),
            recorded=known.arrangement if known else None,
            changes=known is None or not known.confirmed or known.arrangement != reading.arrangement,
        )

    @api.put("/{year}/notice", summary="按国务院办公厅通知登记 Record a year's arrangement from the notice's text")
    async def notice(year: Year, body: Pasted, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        official = Official(arrangement=read(body.text, year).arrangement, source=body.source)
        return await arranged(year, official, asked)

    @api.put("/{year}/own-days", summary="登记本单位放假、上班日 Record the company's own days off and on")
    async def own(year: Year, body: OwnDays, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        decide = partial(settle_own, year=year, own=body.days)
        return await stores.calendars.put(str(year), decide, cause=asked.cause)

    return api
