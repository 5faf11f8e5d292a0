"""HTTP of the programme: its settings, block types (what the parts of a brand's document may hold), the calendar.

Read by everybody, kept by the work department of a committee that stands under none.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.events import Decision
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Paged, Reader
from services.registry.access import Access
from services.registry.examples import example
from services.registry.programme.model.block_type import BlockType, Recorded, Shape, record
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
from services.registry.programme.model.programme import KEY, Rules, settle
from services.registry.requests import PROBLEMS, TypeKey
from services.registry.stores import Stores


class BlockTypeView(Shape):
    """A block type as it is now; ``number`` counts its versions."""

    model_config = ConfigDict(json_schema_extra=None)

    id: str
    number: int

    @classmethod
    def of(cls, one: BlockType) -> "BlockTypeView":
        """The last version of a type."""
        return cls(id=one.id, number=one.versions[-1].number, **dict(one.shape))


def block_type_routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of block types."""
    api = APIRouter(prefix="/block-types", tags=["内容块类型 block types"], responses=PROBLEMS)

    @api.put("/{key}", summary="登记内容块类型 Record a block type")
    async def put(key: TypeKey, body: Shape, asked: Asked) -> CommandResult:
        """内容相同不产生新版本；已有内容块保持原样。 Blocks that exist stay as they are."""
        (await access.of(asked.user)).require_everything()

        def decide(current: BlockType | None) -> Decision[BlockType]:
            return record(current, key, body, asked.user.person, asked.at)

        return await stores.block_types.put(key, decide, cause=asked.cause)

    @api.get("", summary="内容块类型列表 Block types")
    async def listed(_: Reader, ask: Paged) -> Page[BlockTypeView]:
        return (await stores.block_types.page({}, ask)).map(BlockTypeView.of)

    @api.get("/{key}", summary="一个内容块类型 One block type")
    async def one(key: TypeKey, _: Reader) -> BlockTypeView:
        return BlockTypeView.of(await stores.block_types.get(key))

    @api.get("/{key}/versions", summary="内容块类型的历次版本 All versions of a block type")
    async def versions(key: TypeKey, _: Reader, ask: Paged) -> Page[Recorded]:
        return Page.among((await stores.block_types.get(key)).versions, ask, lambda one: one.number)

    return api


def settings_routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of the settings."""
    api = APIRouter(prefix="/programme", tags=["设置 settings"], responses=PROBLEMS)

    @api.get("", summary="着力点、级别等设置 Emphases, levels and other settings")
    async def read(_: Reader) -> Rules:
        return await stores.rules()

    @api.put("", summary="修改设置 Change the settings")
    async def put(body: Rules, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_everything()
        return await stores.programme.put(KEY, partial(settle, rules=body), cause=asked.cause)

    return api


Year = Annotated[int, Path(ge=2000, le=2199, description="年份 / The year", examples=[2026])]


class Pasted(Body):
    """The State Council's notice as text."""

    model_config = example("Pasted")

    text: str = Field(min_length=1, max_length=20_000, description="通知全文或条目 / The notice, or its items")
    source: Source | None = Field(default=None, description="文号 / Its number", examples=["国办发明电〔2025〕7号"])


class OwnDays(Body):
    """The company's own days of a year, all of them."""

    model_config = example("OwnDays")

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


def calendar_routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of the calendar."""
    api = APIRouter(prefix="/calendars", tags=["工作日历 calendar"], responses=PROBLEMS)

    def view(calendar: Calendar) -> CalendarView:
        return CalendarView(**dict(calendar))

    async def arranged(year: int, official: Official, asked: Asked) -> CommandResult:
        decide = partial(arrange, year=year, official=official)
        return await stores.calendars.put(str(year), decide, cause=asked.cause)

    @api.get("", summary="各年工作日历 The calendars of all years")
    async def listed(_: Reader, ask: Paged) -> Page[CalendarView]:
        return (await stores.calendars.page({}, ask)).map(view)

    @api.get("/{year}", summary="一年的工作日历 The calendar of a year")
    async def one(year: Year, _: Reader) -> CalendarView:
        return view(await stores.calendars.get(str(year)))

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
