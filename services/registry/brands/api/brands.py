"""Brands to look at: find them, read one with its meter and hints."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from infra.kernel.paging import Page, Paging
from infra.web.http import Reader
from services.registry.access import Access
from services.registry.brands.api.views import BrandLine, BrandView
from services.registry.brands.model.brand import State, folded
from services.registry.brands.model.completeness import completeness
from services.registry.brands.model.naming import hints
from services.registry.requests import PROBLEMS, Key
from services.registry.stores import Stores


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
        view = BrandView.of(brand, owner, context.audience(brand.owner), reasons=reasons)
        return view.with_help(
            completeness(brand.document, text.types),
            hints(brand.document, text.rules, await brands.alike(brand)),
        )

    return api
