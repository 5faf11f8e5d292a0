"""People: names for everybody, memberships and posts for those who may see political status. No telephone numbers."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from infra.kernel.aggregate import Decision
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import KEEPERS, Access, AccessContext
from services.registry.party.model.person import Membership, Person, PersonRecord, Post, named_organisations, record
from services.registry.requests import PROBLEMS, EmployeeNo
from services.registry.stores import Stores


class PersonView(BaseModel):
    """A person; memberships and posts are null for those who may not see political status."""

    id: str = Field(description="工号 / Employee number")
    name: str
    version: int
    memberships: tuple[Membership, ...] | None = Field(description="组织关系，仅授权人员可见 / For authorised readers")
    posts: tuple[Post, ...] | None = Field(description="任职，仅授权人员可见 / For authorised readers")


class Filter(Paging):
    """Which people are asked for."""

    organisation: str | None = Field(default=None, description="现在或曾经所在党组织 / Belongs or belonged to")
    name: str | None = Field(default=None, min_length=1, description="姓名 / Exact name")


def routes(stores: Stores, access: Access) -> APIRouter:
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
            decision = record(current, wanted, known)
            context.require_person(current, wanted)
            return decision

        return await stores.people.put(key, decide, cause=asked.cause)

    @api.get("", summary="人员列表 People")
    async def listed(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[PersonView]:
        context = await access.of(asked.user)
        page = await stores.people.page(ask.where(organisation="memberships.organisation"), ask)
        return page.map(lambda person: view(person, context))

    @api.get("/{key}", summary="一名人员 One person")
    async def one(key: EmployeeNo, asked: Reader) -> PersonView:
        return view(await stores.people.get(key), await access.of(asked.user))

    return api
