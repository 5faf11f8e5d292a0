"""HR as registry mirrors it: employees, departments, their mapping to Party organisations, and events in quarantine.

And the proposals that changes raise: listed for those whose matter they are, confirmed or declined by a person.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from infra.kernel.errors import Forbidden, Invalid
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.registry.access import FEEDERS, HR_READERS, KEEPERS, Access
from services.registry.hr.api.runs import Why
from services.registry.hr.model import proposal as model
from services.registry.hr.model.employee_and_department import Department, Employee, EmployeeApplied, EmployeeSlice
from services.registry.hr.model.proposal import Choice, Days, Mapping, Proposal, State, map_department, mapping_id
from services.registry.hr.store import Quarantined
from services.registry.hr.use_cases.intake import HrEvents
from services.registry.hr.use_cases.proposals import Confirmation
from services.registry.requests import PROBLEMS, Key
from services.registry.stores import Stores


class EmployeeView(BaseModel):
    """An employee; the slices, with what the source said, only for HR itself and administrators."""

    id: str
    version: int
    now: EmployeeApplied | None
    next_change: datetime | None
    slices: tuple[EmployeeSlice, ...] | None

    @classmethod
    def of(cls, one: Employee, *, whole: bool) -> "EmployeeView":
        """The employee as this reader may see them."""
        slices = one.slices if whole else None
        return cls(id=one.id, version=one.version, now=one.applied, next_change=one.due_at, slices=slices)


class Filter(Paging):
    """Which employees are asked for."""

    department: str | None = Field(default=None, description="主部门 / Main department")


class MappingFilter(Paging):
    """Which mappings are asked for."""

    department: str | None = Field(default=None, description="部门编码 / Department")
    organisation: str | None = Field(default=None, description="党组织 / Organisation")


class QuarantineFilter(Paging):
    """Which quarantined events are asked for."""

    state: str | None = Field(default="quarantined", pattern="^(quarantined|taken|dismissed)$")
    sort: Literal["at", "-at"] = Field(default="at", description="排序 / Order")


def routes(stores: Stores, access: Access, hr_events: HrEvents) -> APIRouter:
    """The routes of the mirror."""
    api = APIRouter(prefix="/hr", tags=["人力资源镜像 HR mirror"], responses=PROBLEMS)
    hr = stores.hr

    @api.get("/employees", summary="员工 Employees")
    async def employees(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[EmployeeView]:
        asked.user.require(*HR_READERS)
        whole = any(asked.user.has(role) for role in FEEDERS)
        page = await hr.employees.page(ask.where(department="applied.department"), ask)
        return page.map(lambda one: EmployeeView.of(one, whole=whole))

    @api.get("/employees/{key}", summary="一名员工 One employee")
    async def employee(key: str, asked: Reader) -> EmployeeView:
        asked.user.require(*HR_READERS)
        return EmployeeView.of(await hr.employees.get(key), whole=any(asked.user.has(role) for role in FEEDERS))

    @api.get("/departments", summary="部门 Departments")
    async def departments(asked: Reader, ask: Paged) -> Page[Department]:
        asked.user.require(*HR_READERS)
        return await hr.departments.page({}, ask)

    @api.get("/mappings", summary="部门与党组织对应 Mappings")
    async def mappings(asked: Reader, ask: Annotated[MappingFilter, Query()]) -> Page[Mapping]:
        asked.user.require(*HR_READERS)
        return await hr.mappings.page(ask.where(), ask)

    @api.put("/mappings/{department}/{organisation}", summary="设定对应关系 Map a department")
    async def put(department: str, organisation: Key, body: Days, asked: Asked) -> CommandResult:
        (await access.of(asked.user)).require_role(organisation, *KEEPERS)
        if not await stores.organisations.named([organisation]):
            zh, en = f"没有党组织“{organisation}”。", f"There is no organisation “{organisation}”."
            raise Invalid("organisation.unknown", zh, en)
        return await hr.mappings.put(
            mapping_id(department, organisation),
            lambda before: map_department(before, department, organisation, body),
            cause=asked.cause,
        )

    @api.get("/arrivals", summary="未能受理的事件 Quarantined events")
    async def arrivals(asked: Reader, ask: Annotated[QuarantineFilter, Query()]) -> Page[Quarantined]:
        asked.user.require(*FEEDERS)
        return await hr.quarantined.page(ask.where(), ask)

    @api.post("/arrivals/{key}/redrive", summary="再次受理 Try again")
    async def redrive(key: str, asked: Asked) -> Quarantined:
        asked.user.require(*FEEDERS)
        return await hr_events.redrive(key, asked.cause)

    @api.post("/arrivals/{key}/dismissal", status_code=204, summary="搁置 Dismiss")
    async def dismiss(key: str, body: Why, asked: Asked) -> None:
        asked.user.require(*FEEDERS)
        await hr_events.dismiss(key, body.reason, asked.user.id, asked.cause)

    return api


class ProposalView(Proposal):
    """A proposal and what became of it."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    tries: int = Field(default=0, exclude=True)


class ProposalFilter(Paging):
    """Which proposals are asked for."""

    state: State | None = Field(default=None, description="状态 / State")
    organisation: str | None = Field(default=None, description="所涉党组织 / Whose matter it is")
    person: str | None = Field(default=None, description="工号 / Employee number")
    sort: Literal["raised_at", "-raised_at"] = Field(default="raised_at", description="排序 / Order")


def proposal_routes(stores: Stores, access: Access, confirmation: Confirmation) -> APIRouter:
    """The routes of proposals."""
    api = APIRouter(prefix="/hr/proposals", tags=["变动建议 proposals"], responses=PROBLEMS)

    def view(one: Proposal) -> ProposalView:
        return ProposalView.model_validate(dict(one))

    async def deciding(key: str, asked: Asked) -> Proposal:
        proposal = await stores.hr.proposals.get(key)
        if not (await access.of(asked.user)).decides(proposal.suggestion):
            zh = "只有所涉党组织的书记、副书记或其上的党委工作部可以办理。"
            en = "This is for the secretary of the organisation concerned or the work department above it."
            raise Forbidden("proposal.not_yours", zh, en)
        return proposal

    @api.get("", summary="变动建议 Proposals")
    async def listed(asked: Reader, ask: Annotated[ProposalFilter, Query()]) -> Page[ProposalView]:
        context = await access.of(asked.user)
        where: dict[str, Any] = ask.where(organisation="suggestion.organisation", person="suggestion.person")
        if not (context.keeps_everything or asked.user.has("auditor")):
            own = sorted(context.own_organisations)
            concerned = [{"suggestion.organisation": {"$in": own}}, {"suggestion.candidates": {"$in": own}}]
            where = {"$and": [where, {"$or": concerned}]}
        return (await stores.hr.proposals.page(where, ask)).map(view)

    @api.post("/{key}/confirmation", summary="确认 Confirm")
    async def confirm(key: str, body: Choice, asked: Asked) -> CommandResult:
        proposal = await deciding(key, asked)
        if proposal.state in {"open", "failed"}:
            await confirmation.check(proposal.suggestion, body)
        return await stores.hr.proposals.update(
            key, lambda one: model.confirm(one, body, asked.user.person, asked.at), cause=asked.cause
        )

    @api.post("/{key}/rejection", summary="不采纳 Decline")
    async def decline(key: str, body: Why, asked: Asked) -> CommandResult:
        await deciding(key, asked)
        return await stores.hr.proposals.update(
            key, lambda one: model.decline(one, body.reason, asked.user.person, asked.at), cause=asked.cause
        )

    return api
