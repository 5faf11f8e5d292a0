"""Brands: find them, read one with its meter and hints, its versions; begin or import one, save its text, hand it in.

Masked values are shown only to those who may see them.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Self, TypeAlias

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from infra.kernel.errors import NotFound
from infra.kernel.events import Decision
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.auth import Principal
from infra.web.http import Asked, Asking, Body, Paged, Reader
from services.registry.access import Access
from services.registry.brands.model.brand import (
    Actor,
    Approved,
    Brand,
    Entry,
    Line,
    Move,
    Plaque,
    Returned,
    State,
    folded,
)
from services.registry.brands.model.document import Change, Document, concealed, diff, nobody
from services.registry.brands.model.drafting import found, imported, save, submit
from services.registry.brands.model.hints import Completeness, Hint, completeness, hints
from services.registry.examples import example
from services.registry.party.model.organisation import Audience, Organisation, require_known
from services.registry.requests import PROBLEMS, Key
from services.registry.stores import Stores

REASONED = ("draft", "rejected")
"""The states whose note is why somebody sent the text back or turned it down."""


class BrandLine(BaseModel):
    """A brand in a list."""

    id: str
    version: int
    owner: str = Field(description="申报党组织编号 / Owner")
    owner_name: str = Field(description="申报党组织名称 / Name of the owner")
    name: str | None = Field(description="品牌名称，未知为空 / Name, null when unknown")
    state: State = Field(description="状态 / State")
    focus: str | None = Field(description="着力点 / Emphasis")
    level: str | None = Field(description="级别 / Level")
    revision: int = Field(description="当前修订号 / Current revision")
    review: str | None = Field(description="最近一次审核 / Latest review")
    plaques: tuple[Plaque, ...] = Field(description="牌匾 / Plaques")
    reapply_from: date | None = Field(description="摘牌后可重新申报的日期 / When a revoked brand may apply again")
    changed_at: datetime = Field(description="最近变动时间 / Latest change of state or text")

    @classmethod
    def of(cls, brand: Brand, owner: Organisation, **more: object) -> Self:
        """The line of a brand, or ``more``."""
        changed_at = max([move.at for move in brand.moves] + [line.at for line in brand.history])
        known = {"name": brand.name, "focus": brand.focus, "owner_name": owner.shown, "changed_at": changed_at}
        return cls.model_validate({**dict(brand), **known, **more})


class BrandView(BrandLine):
    """A brand with its text, its way so far, and help for writing it."""

    document: dict[str, Any] = Field(description="文本 / The text; masked values as the reader may see them")
    submission: int = Field(description="本次审核的提交次数 / Times handed in to the latest review")
    procedure: str | None = Field(description="审核程序及版本 / Procedure@version of the latest review")
    returned: Returned | None = Field(description="退回起草人的原因 / Why it came back to its drafter")
    final: Approved | None = Field(description="定稿及党委会决议 / The frozen text and its resolution")
    moves: tuple[Move, ...] = Field(description="状态变化 / Every state it came into")
    completeness: Completeness | None = Field(default=None, description="完整度，仅供参考 / A meter, never a hurdle")
    hints: list[Hint] = Field(default_factory=list, description="名称提示，仅供参考 / Hints, never refusals")

    @classmethod
    def seen(cls, brand: Brand, owner: Organisation, may_see: Audience = nobody, *, reasons: bool = False) -> Self:
        """The brand as a reader may see it; ``reasons``: with the words of who returned or rejected it."""
        back, hidden = brand.returned, () if reasons else REASONED
        return cls.of(
            brand,
            owner,
            document=concealed(brand.document, may_see),
            final=brand.final and dict(brand.final),
            returned=back and (back if reasons else back.model_copy(update={"reason": None})),
            moves=[one.model_copy(update={"note": None}) if one.state in hidden else one for one in brand.moves],
        )


class Filter(Paging):
    """Which brands are asked for."""

    owner: str | None = Field(default=None, description="申报党组织 / Owner")
    state: State | None = Field(default=None, description="状态 / State")
    focus: str | None = Field(default=None, description="着力点 / Emphasis")
    name: str | None = Field(
        default=None,
        pattern=r"^[^\x00]+$",
        max_length=100,
        description="名称或别名的一部分，不分大小写和全半角 / Part of a name",
    )

    def where(self, **stored: str) -> dict[str, Any]:
        """The condition; masked values are neither searched nor compared, or a guess could be confirmed."""
        wanted = super().where(focus="document.focus.value", name="name_keys", **stored)
        if self.focus is not None:
            wanted["document.focus.state"] = "known"
        if self.name is not None:
            wanted["name_keys"] = {"$regex": re.escape(folded(self.name))}
        return wanted


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes for reading brands."""
    api = APIRouter(prefix="/brands", tags=["品牌 brands"], responses=PROBLEMS)
    brands = stores.brands

    @api.get("", summary="品牌列表 Brands")
    async def listed(_: Reader, ask: Annotated[Filter, Query()]) -> Page[BrandLine]:
        page = await brands.page(ask.where(), ask)
        owners = await stores.organisations.named(brand.owner for brand in page.items)
        return page.map(lambda brand: BrandLine.of(brand, owners[brand.owner]))

    @api.get("/{key}", summary="一个品牌：文本、完整度、提示 One brand with its text, meter and hints")
    async def one(key: Key, asked: Reader) -> BrandView:
        brand = await brands.get(key)
        text, context = await stores.text(brand.document), await access.of(asked.user)
        owner, reasons = await stores.organisations.get(brand.owner), context.sees_reasons(brand.owner)
        view = BrandView.seen(brand, owner, context.audience(brand.owner), reasons=reasons)
        given = hints(brand.document, text.rules, await brands.alike(brand))
        return view.model_copy(update={"completeness": completeness(brand.document, text.types), "hints": given})

    return api


Revision = Annotated[int, Path(ge=1, description="修订号 / Revision")]


class VersionView(BaseModel):
    """A text as it was. ``final``: this is the approved one, tied to its resolution."""

    brand: str
    line: Line
    document: dict[str, Any]
    final: Approved | None


class Comparison(BaseModel):
    """What differs between two revisions, field by field."""

    brand: str
    earlier: int
    later: int
    changes: list[Change] = Field(description="逐字段差异 / Differences by field (JSON Pointer)")


def version_routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of versions."""
    api = APIRouter(prefix="/brands/{key}", tags=["品牌版本 versions"], responses=PROBLEMS)

    async def text(brand: Brand, revision: int, may_see: Audience) -> dict[str, Any]:
        version = await stores.brands.versions.get(_entry(brand, revision).digest)
        return concealed(version.document, may_see)

    async def seen(key: str, asked: Reader) -> tuple[Brand, Audience]:
        brand = await stores.brands.get(key)
        return brand, (await access.of(asked.user)).audience(brand.owner)

    @api.get("/versions", summary="版本历史 The history, latest first")
    async def versions(key: Key, _: Reader, ask: Paged) -> Page[Line]:
        history = (await stores.brands.get(key)).history[::-1]
        return Page.among(history, ask, lambda entry: entry.revision).map(Line.of)

    @api.get("/versions/{revision}", summary="某一版文本 One version of the text")
    async def version(key: Key, revision: Revision, asked: Reader) -> VersionView:
        brand, may_see = await seen(key, asked)
        final = brand.final if brand.final and brand.final.revision == revision else None
        return VersionView(
            brand=key,
            line=Line.of(_entry(brand, revision)),
            document=await text(brand, revision, may_see),
            final=Approved.model_validate(dict(final)) if final else None,
        )

    @api.get("/diff", summary="两版之间的逐字段差异 Differences between two versions")
    async def compare(
        key: Key,
        asked: Reader,
        earlier: Annotated[int, Query(alias="from", ge=1, description="较早修订号 / From this revision")],
        later: Annotated[int, Query(alias="to", ge=1, description="较晚修订号 / To this revision")],
    ) -> Comparison:
        """比较按读者可见的内容进行。 Compared as the reader may see them, so that nothing masked shows through."""
        brand, may_see = await seen(key, asked)
        before, after = await text(brand, earlier, may_see), await text(brand, later, may_see)
        return Comparison(brand=key, earlier=earlier, later=later, changes=diff(before, after))

    return api


def _entry(brand: Brand, revision: int) -> Entry:
    entry = brand.version_of(revision)
    if entry is None:
        zh, en = f"品牌“{brand.id}”没有第 {revision} 版。", f"Brand “{brand.id}” has no revision {revision}."
        raise NotFound("version.not_found", zh, en)
    return entry


Allowed: TypeAlias = Callable[[Principal, str], Awaitable[None]]
"""Raises ``Forbidden`` unless the user may begin brands of the owner."""


class NewBrand(Body):
    """A brand to begin with; an empty text is fine."""

    model_config = example("NewBrand")

    owner: str = Field(description="申报党组织编号 / Id of the organisation")
    document: Document = Field(default_factory=Document, description="文本，可为空 / Text, may be empty")


class NamedBrand(NewBrand):
    """As ``NewBrand``, with an id that the caller may choose."""

    id: str | None = Field(default=None, pattern=r"^[a-z0-9-]{2,64}$", description="编号，可省略 / Id, optional")


class Saved(Body):
    """A whole text and the revision it was made from."""

    model_config = example("Saved")

    revision: int = Field(ge=1, description="所依据的修订号 / The revision this is based on")
    document: Document


class Submission(Body):
    """What is handed in."""

    model_config = example("Submission")

    revision: int | None = Field(default=None, ge=1, description="所提交的修订号，可省略 / Only if it is this revision")


def draft_routes(stores: Stores, access: Access) -> APIRouter:
    """The routes for writing brands."""
    api = APIRouter(prefix="/brands", tags=["品牌 brands"], responses=PROBLEMS)
    brands = stores.brands

    @api.post("", status_code=201, summary="新建品牌 Begin a brand")
    async def post(body: NamedBrand, asked: Asked) -> CommandResult:
        """本组织及其党小组的任职人员可新建；文本可以几乎为空。 For post holders of the owner or its groups."""
        return await _begin(stores, body.id or asked.key, body, asked, access.require_drafter)

    @api.put("/{key}", summary="导入品牌 Import a brand under a given id")
    async def put(key: Key, body: NewBrand, asked: Asked) -> CommandResult:
        """同样内容重复导入不产生变化。 The same import again changes nothing."""
        return await _begin(stores, key, body, asked, access.require_keeper)

    @api.put("/{key}/document", summary="保存文本 Save the text")
    async def save_text(key: Key, body: Saved, asked: Asked) -> CommandResult:
        await access.require_drafter(asked.user, (await brands.get(key)).owner)
        text, actor = await stores.text(body.document), Actor(asked.user.person, asked.at)
        return await brands.update(
            key, partial(save, text=text, based_on=body.revision, actor=actor), cause=asked.cause
        )

    @api.post("/{key}/submission", status_code=202, summary="提交审核 Hand the text in for review")
    async def submission(key: Key, asked: Asked, body: Submission | None = None) -> CommandResult:
        """提交后文本冻结，直至退回、撤回或审结。 The text is frozen until review gives it back."""
        await access.require_drafter(asked.user, (await brands.get(key)).owner)
        revision = body.revision if body else None
        actor = Actor(asked.user.person, asked.at)
        return await brands.update(key, partial(submit, based_on=revision, actor=actor), cause=asked.cause)

    return api


async def _begin(stores: Stores, key: str, body: NewBrand, asked: Asking, allowed: Allowed) -> CommandResult:
    known = await stores.organisations.named([body.owner])
    require_known({"/owner": body.owner}, known)
    await allowed(asked.user, body.owner)
    owner, text = known[body.owner], await stores.text(body.document)
    actor = Actor(asked.user.person, asked.at)

    def decide(taken: Collection[str], current: Brand | None) -> Decision[Brand]:
        return found(key, owner, taken, text, actor) if current is None else imported(current, owner.id, text)

    return await stores.brands.begin(key, owner.id, decide, cause=asked.cause)
