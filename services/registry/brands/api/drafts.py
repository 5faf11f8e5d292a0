"""Writing a brand: begin or import one, save its text, hand it in."""

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TypeAlias

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.aggregate import Decision
from infra.storage.store import CommandResult
from infra.web.auth import Principal
from infra.web.http import Asked, Asking, Body
from services.registry.access import Access
from services.registry.brands.model.brand import Actor, Brand
from services.registry.brands.model.document import Document
from services.registry.brands.model.drafting import found, imported, save, submit
from services.registry.examples import example
from services.registry.party.model.organisation import require_known
from services.registry.requests import PROBLEMS, Key
from services.registry.stores import Stores

Allowed: TypeAlias = Callable[[Principal, str], Awaitable[None]]
"""Raises ``Forbidden`` unless the user may begin brands of the owner."""


class NewBrand(Body):
    """A brand to begin with; an empty text is fine."""

    model_config = example(owner="branch-3", document={"name": {"state": "known", "value": "POWER"}})

    owner: str = Field(description="申报党组织编号 / Id of the organisation")
    document: Document = Field(default_factory=Document, description="文本，可为空 / Text, may be empty")


class NamedBrand(NewBrand):
    """As ``NewBrand``, with an id that the caller may choose."""

    id: str | None = Field(default=None, pattern=r"^[a-z0-9-]{2,64}$", description="编号，可省略 / Id, optional")


class Saved(Body):
    """A whole text and the revision it was made from."""

    model_config = example(revision=1, document={"slogan": {"state": "known", "value": "电到之处皆为家"}})

    revision: int = Field(ge=1, description="所依据的修订号 / The revision this is based on")
    document: Document


class Submission(Body):
    """What is handed in."""

    model_config = example(revision=2)

    revision: int | None = Field(default=None, ge=1, description="所提交的修订号，可省略 / Only if it is this revision")


def routes(stores: Stores, access: Access) -> APIRouter:
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
