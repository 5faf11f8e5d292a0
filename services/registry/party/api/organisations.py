"""Party organisations: the tree, one of them, who belongs to it on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.aggregate import Decision
from infra.kernel.clock import today
from infra.kernel.dated_tree import below
from infra.kernel.paging import Page, Paging
from infra.kernel.values import Identified
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import KEEPERS, Access, AccessContext
from services.registry.party.model.organisation import Kind, Organisation, OrganisationRecord, record
from services.registry.party.model.person import Roster, roster
from services.registry.party.model.value import seen_by
from services.registry.requests import PROBLEMS, Key, On
from services.registry.stores import Stores


class OrganisationView(OrganisationRecord, Identified):
    """A Party organisation; a masked name has its ``value`` only for those who may see it."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=None, json_schema_serialization_defaults_required=True)

    shown: str = Field(description="对外显示的名称 / The name as everybody may see it")

    @classmethod
    def of(cls, one: Organisation, context: AccessContext) -> "OrganisationView":
        """The organisation as this reader may see it."""
        name = seen_by(one.name, context.audience(one.id))
        return cls.model_validate({**dict(one), "name": name, "shown": one.shown})


class Node(BaseModel):
    """An organisation in the tree, with what stands under it."""

    id: str
    kind: Kind
    shown: str
    children: list["Node"]


class Forest(BaseModel):
    """The Party tree on one day; its tops are committees."""

    on: date
    tops: list[Node]


class Filter(Paging):
    """Which organisations are asked for."""

    kind: Kind | None = Field(default=None, description="类别 / Kind")
    parent: str | None = Field(default=None, description="上级编号 / Id of the one above")


def routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of organisations."""
    api = APIRouter(tags=["党组织 organisations"], responses=PROBLEMS)
    organisations = stores.organisations

    @api.put("/organisations/{key}", summary="登记党组织 Record an organisation")
    async def put(key: Key, body: OrganisationRecord, asked: Asked) -> CommandResult:
        """所属党委的工作部或管理员办理；无上级的党委只由全局管理员新建。 Top committees: administrator@*."""
        asked.user.require(*KEEPERS)
        wanted, context = Organisation(id=key, **dict(body)), await access.of(asked.user)
        above = await organisations.above(wanted.parent)

        def decide(current: Organisation | None) -> Decision[Organisation]:
            decision = record(current, wanted, above)
            context.require_organisation(current, wanted)
            return decision

        return await organisations.put(key, decide, cause=asked.cause)

    @api.get("/organisations", summary="党组织列表 Organisations")
    async def listed(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[OrganisationView]:
        context, page = await access.of(asked.user), await organisations.page(ask.where(), ask)
        return page.map(lambda one: OrganisationView.of(one, context))

    @api.get("/tree", summary="党组织树 The Party tree on a day")
    async def tree(_: Reader, on: On = None) -> Forest:
        day = on or today()
        return forest(await organisations.all(), day)

    @api.get("/organisations/{key}", summary="一个党组织 One organisation")
    async def one(key: Key, asked: Reader) -> OrganisationView:
        return OrganisationView.of(await organisations.get(key), await access.of(asked.user))

    @api.get("/organisations/{key}/roster", summary="某日名册：应到与表决权 The roster as of a day")
    async def roster_of(key: Key, asked: Reader, on: On = None) -> Roster:
        """党员身份只对党委工作部、管理员和本组织及上级任职人员显示。 Others get names only."""
        day = on or today()
        await organisations.get(key)
        within = [one.id for one in below(key, {one.id: one for one in await organisations.all()}, day)]
        found = roster(key, day, within, await stores.people.members_of(within))
        sees = (await access.of(asked.user)).sees_status(key)
        return found if sees else found.names_only()

    return api


def forest(organisations: Sequence[Organisation], day: date) -> Forest:
    """The tree of those that exist on a day; one whose parent does not exist then stands at the top."""
    there = {one.id: one for one in organisations if one.exists_on(day)}

    def node(one: Organisation) -> Node:
        children = [node(child) for child in there.values() if child.parent == one.id]
        return Node(id=one.id, kind=one.kind, shown=one.shown, children=children)

    return Forest(on=day, tops=[node(one) for one in there.values() if one.parent not in there])
