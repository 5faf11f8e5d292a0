"""Proposals that HR's changes raise: listed for those whose matter they are, confirmed or declined by a person."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from infra.kernel.errors import Forbidden
from infra.kernel.paging import Page, Paging
from infra.storage.store import CommandResult
from infra.web.http import Asked, Reader
from services.registry.access import Access
from services.registry.hr.api.runs import Why
from services.registry.hr.model import proposal as model
from services.registry.hr.model.proposal import Choice, Proposal, State
from services.registry.hr.use_cases.proposals import Confirmation
from services.registry.requests import PROBLEMS
from services.registry.stores import Stores


class ProposalView(Proposal):
    """A proposal and what became of it."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    tries: int = Field(default=0, exclude=True)


class Filter(Paging):
    """Which proposals are asked for."""

    state: State | None = Field(default=None, description="状态 / State")
    organisation: str | None = Field(default=None, description="所涉党组织 / Whose matter it is")
    person: str | None = Field(default=None, description="工号 / Employee number")
    sort: Literal["raised_at", "-raised_at"] = Field(default="raised_at", description="排序 / Order")


def routes(stores: Stores, access: Access, confirmation: Confirmation) -> APIRouter:
    """The routes of proposals."""
    api = APIRouter(prefix="/hr/proposals", tags=["变动建议 proposals"], responses=PROBLEMS)

    def view(one: Proposal) -> ProposalView:
        return ProposalView.model_validate(dict(one))

    async def deciding(key: str, asked: Asked) -> Proposal:
        proposal = await stores.hr.proposals.get(key)
        if not (await access.of(asked.user)).decides(proposal.suggestion):
            raise Forbidden(
                "proposal.not_yours",
                zh="只有所涉党组织的书记、副书记或其上的党委工作部可以办理。",
                en="This is for the secretary of the organisation concerned or the work department above it.",
            )
        return proposal

    @api.get("", summary="变动建议 Proposals")
    async def listed(asked: Reader, ask: Annotated[Filter, Query()]) -> Page[ProposalView]:
        context = await access.of(asked.user)
        where: dict[str, Any] = ask.where(organisation="suggestion.organisation", person="suggestion.person")
        if not (context.keeps_everything or asked.user.has("auditor")):
            own = sorted(context.own_organisations)
            concerned = [
                {"suggestion.organisation": {"$in": own}},
                {"suggestion.candidates": {"$in": own}},
            ]
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
