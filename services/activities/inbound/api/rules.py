"""Rules: written as versions, put in force when they work on their sample, taken out of force."""

from fastapi import APIRouter
from pydantic import Field

from infra.kernel.errors import NotFound
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Paged, Reader
from services.activities.access import actor, require_steward
from services.activities.inbound.api.departments import Key
from services.activities.inbound.model.department import owner
from services.activities.inbound.model.rule import Rule, Wording, publish, retire, write
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator


class Publication(Body):
    """Which version is put in force; the newest unless said."""

    version: int | None = Field(default=None, ge=1)


class Why(Body):
    """Why something is given up or put aside."""

    reason: str = Field(min_length=1, max_length=2000)


def routes(inbound: Inbound, evaluator: RuleEvaluator) -> APIRouter:
    """The routes of rules."""
    api = APIRouter(prefix="/rules", tags=["事件规则 rules"])

    @api.get("", summary="全部规则 All rules")
    async def listed(_: Reader, ask: Paged) -> Page[Rule]:
        return await inbound.rules.page({}, ask)

    @api.get("/{key}", summary="一条规则及其全部版本 One rule with all its versions")
    async def one(key: Key, _: Reader) -> Rule:
        return await inbound.rules.get(key)

    @api.put("/{key}", summary="编写规则的新版本（发布前不生效） Write a version; not in force before it is published")
    async def put(key: Key, body: Wording, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        await evaluator.pool.check(body.when, body.mapping)
        return await inbound.rules.put(key, lambda before: write(key, body, before, actor(asked)), cause=asked.cause)

    @api.post("/{key}/publication", summary="发布（须通过样例事件） Put a version in force; it must work on its sample")
    async def publication(key: Key, body: Publication, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        rule = await inbound.rules.get(key)
        version = rule.numbered(body.version or len(rule.versions))
        departments = await inbound.departments.find(limit=0)
        await evaluator.prove(version, owner(departments, version.example().type))
        return await inbound.rules.update(key, lambda current: publish(current, version.number), cause=asked.cause)

    @api.post("/{key}/retirement", summary="停用 Take a rule out of force; what it did stays")
    async def retirement(key: Key, body: Why, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        if (await inbound.rules.get(key)).in_force is None:
            raise NotFound("rule.not_in_force", zh="该规则未在执行。", en="This rule is not in force.")
        return await inbound.rules.update(key, lambda current: retire(current, body.reason), cause=asked.cause)

    return api
