"""Departments that send events: data of the party work department."""

from typing import Annotated

from fastapi import APIRouter, Path

from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Paged, Reader
from services.activities.access import actor, require_steward
from services.activities.inbound.model.department import Department, Registration, register
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator

Key = Annotated[str, Path(pattern="^[a-z0-9_-]{2,64}$")]


def routes(inbound: Inbound, evaluator: RuleEvaluator) -> APIRouter:
    """The routes of departments."""
    api = APIRouter(prefix="/departments", tags=["事件来源部门 departments"])

    @api.get("", summary="全部来源部门 All departments that send events")
    async def listed(_: Reader, ask: Paged) -> Page[Department]:
        return await inbound.departments.page({}, ask)

    @api.get("/{key}", summary="一个来源部门 One department")
    async def one(key: Key, _: Reader) -> Department:
        return await inbound.departments.get(key)

    @api.put("/{key}", summary="登记或修改来源部门 Register or change a department")
    async def put(key: Key, body: Registration, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        for schema in body.schemas.values():
            await evaluator.pool.check_schema(schema.body_schema)
        others = await inbound.departments.find(limit=0)
        return await inbound.departments.put(
            key, lambda before: register(key, body, before, others, actor(asked)), cause=asked.cause
        )

    return api
