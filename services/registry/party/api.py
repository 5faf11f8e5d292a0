"""HTTP of Party organisations (the tree, one of them, who belongs to it on a day) and of people.

Names are for everybody, memberships and posts for those who may see political status. No telephone numbers.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.clock import today
from infra.kernel.dates import below
from infra.kernel.events import Decision
from infra.kernel.paging import Page, Paging
from infra.kernel.values import Identified
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import KEEPERS, Access, AccessContext
from services.registry.party.model import organisation
from services.registry.party.model import person as people
from services.registry.party.model.organisation import Kind, Organisation, OrganisationRecord, seen_by
from services.registry.party.model.person import (
    Membership,
    Person,
    PersonRecord,
    Post,
    Roster,
    named_organisations,
    roster,
)
from services.registry.requests import PROBLEMS, EmployeeNo, Key, On
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


class OrganisationFilter(Paging):
    """Which organisations are asked for."""

    kind: Kind | None = Field(default=None, description="类别 / Kind")
    parent: str | None = Field(default=None, description="上级编号 / Id of the one above")


def organisation_routes(stores: Stores, access: Access) -> APIRouter:
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
            decision = organisation.record(current, wanted, above)
            context.require_organisation(current, wanted)
            return decision

        return await organisations.put(key, decide, cause=asked.cause)

    @api.get("/organisations", summary="党组织列表 Organisations")
    async def listed(asked: Reader, ask: Annotated[OrganisationFilter, Query()]) -> Page[OrganisationView]:
        context, page = await access.of(asked.user), await organisations.page(ask.where(), ask)
        return page.map(lambda one: OrganisationView.of(one, context))

    @api.get("/tree", summary="党组织树 The Party tree on a day")
    async def tree(_: Reader, on: On = None) -> Forest:
        day = on or today()
        there = {one.id: one for one in await organisations.all() if one.exists_on(day)}

        def node(one: Organisation) -> Node:
            children = [node(child) for child in there.values() if child.parent == one.id]
            return Node(id=one.id, kind=one.kind, shown=one.shown, children=children)

        return Forest(on=day, tops=[node(one) for one in there.values() if one.parent not in there])

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


class PersonView(BaseModel):
    """A person; memberships and posts are null for those who may not see political status."""

    id: str = Field(description="工号 / Employee number")
    name: str
    version: int
    memberships: tuple[Membership, ...] | None = Field(description="组织关系，仅授权人员可见 / For authorised readers")
    posts: tuple[Post, ...] | None = Field(description="任职，仅授权人员可见 / For authorised readers")


class PersonFilter(Paging):
    """Which people are asked for."""

    organisation: str | None = Field(default=None, description="现在或曾经所在党组织 / Belongs or belonged to")
    name: str | None = Field(default=None, min_length=1, description="姓名 / Exact name")


def person_routes(stores: Stores, access: Access) -> APIRouter:
    """The routes of people."""
    api = APIRouter(prefix="/people", tags=["人员 people"], responses=PROBLEMS)

    def view(person: Person, context: AccessContext) -> PersonView:
        shown = (person.memberships, person.posts) if context.sees_record(person) else (None, None)
        return PersonView(id=person.id, name=person.name, version=person.version, memberships=shown[0], posts=shown[1])

    @api.put("/{key}", summary="登记人员 Record a person")
    async def put(key: EmployeeNo, body: PersonRecord, asked: Asked) -> CommandResult:
        """每处变动须由该党组织所属党委的工作部或管理员办理。 Each change is for the work department above its place."""
        asked.user.require(*KEEPERS)
        wanted, context = Person(id=key, **dict(body)), await access.of(asked.user)
        known = await stores.organisations.named(named_organisations(wanted).values())

        def decide(current: Person | None) -> Decision[Person]:
            decision = people.record(current, wanted, known)
            context.require_person(current, wanted)
            return decision

        return await stores.people.put(key, decide, cause=asked.cause)

    @api.get("", summary="人员列表 People")
    async def listed(asked: Reader, ask: Annotated[PersonFilter, Query()]) -> Page[PersonView]:
        context = await access.of(asked.user)
        page = await stores.people.page(ask.where(organisation="memberships.organisation"), ask)
        return page.map(lambda person: view(person, context))

    @api.get("/{key}", summary="一名人员 One person")
    async def one(key: EmployeeNo, asked: Reader) -> PersonView:
        return view(await stores.people.get(key), await access.of(asked.user))

    return api
