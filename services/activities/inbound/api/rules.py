"""Departments that send events, and rules: data of the party work department.

Rules are written as versions, put in force when they work on their sample, taken out of force.

Dry runs: a rule is tried on a pasted event or on the last real ones, before it is in force; nothing changes.
"""

import re
from functools import partial
from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from infra.kernel import clock
from infra.kernel.cloudevents import Foreign, structured
from infra.kernel.errors import Invalid, NotFound, Refused, Unreadable
from infra.kernel.paging import Page
from infra.storage.store import CommandResult
from infra.web.http import Asked, Body, Paged, Reader
from services.activities.access import actor, require_steward
from services.activities.inbound.model.arrival import Reason
from services.activities.inbound.model.department import Department, Registration, owner, register
from services.activities.inbound.model.effect import require_discreet
from services.activities.inbound.model.rule import EXAMPLE, Rule, Wording, publish, retire, write
from services.activities.inbound.use_cases.effects import Effects
from services.activities.plans.api.plans import Why
from services.activities.plans.store import NEWEST

MOST_TRIED = 200
Key = Annotated[str, Path(pattern="^[a-z0-9_-]{2,64}$")]


class Publication(Body):
    """Which version is put in force; the newest unless said."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 2}]})

    version: int | None = Field(default=None, ge=1)


def department_routes(effects: Effects) -> APIRouter:
    """The routes of departments."""
    departments = effects.inbound.departments
    api = APIRouter(prefix="/departments", tags=["事件来源部门 departments"])

    @api.get("", summary="全部来源部门 All departments that send events")
    async def listed(_: Reader, ask: Paged) -> Page[Department]:
        return await departments.page({}, ask)

    @api.get("/{key}", summary="一个来源部门 One department")
    async def one(key: Key, _: Reader) -> Department:
        return await departments.get(key)

    @api.put("/{key}", summary="登记或修改来源部门 Register or change a department")
    async def put(key: Key, body: Registration, asked: Asked) -> CommandResult:
        require_steward(asked.user)
        for schema in body.schemas.values():
            await effects.evaluator.pool.check_schema(schema.body_schema)
        others = await departments.find(limit=0)
        decide = partial(register, key, body, others=others, by=actor(asked))
        return await departments.put(key, decide, cause=asked.cause)

    return api


def routes(effects: Effects) -> APIRouter:
    """The routes of rules."""
    inbound, evaluator = effects.inbound, effects.evaluator
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


class DryRun(Body):
    """A rule to be tried: on the ``event`` given here, or on the ``last`` real ones of its types; changes nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rule": EXAMPLE, "last": 20}]})

    rule: Wording
    event: dict[str, JsonValue] | None = None
    last: Annotated[int, Field(ge=1, le=MOST_TRIED)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.event is None) == (self.last is None):
            raise ValueError("either event or last")
        return self


class Trial(BaseModel):
    """What the rule does with one event: does it concern the rule, what does it yield and for whom, or why not."""

    arrival: str | None = None
    event: str
    type: str
    when: bool | None = None
    result: JsonValue = None
    organisations: tuple[str, ...] = ()
    reason: Reason | None = None


def trial_routes(effects: Effects) -> APIRouter:
    """The route of dry runs."""
    api = APIRouter(prefix="/rules", tags=["事件规则 rules"])

    @api.post("/dry-run", summary="试运行，不产生任何效果 Try a rule; without any effect")
    async def dry_run(body: DryRun, asked: Asked) -> list[Trial]:
        require_steward(asked.user)
        await effects.evaluator.pool.check(body.rule.when, body.rule.mapping)
        if body.event is not None:
            try:
                event = structured(body.event)
            except Unreadable as error:
                zh, en = f"不是 CloudEvents 1.0 事件：{error}", f"No CloudEvents 1.0 event: {error}"
                raise Invalid("event.unreadable", zh=zh, en=en, field="/event") from error
            return [await _trial(effects, body.rule, event)]
        listens = body.rule.event
        kind = {"$regex": f"^{re.escape(listens)}"} if listens.endswith(".") else listens
        where = {"type": kind, "content": {"$ne": None}, "conflicts_with": None}
        found = await effects.inbound.arrivals.find(where, sort=(("received_at", NEWEST),), limit=body.last or 1)
        return [await _trial(effects, body.rule, one.foreign, one.id) for one in found]

    return api


async def _trial(effects: Effects, rule: Wording, event: Foreign, arrival: str | None = None) -> Trial:
    """Weigh the rule as a real event would be, up to whom it concerns, short of the effect.

    What is wrong becomes the reason.
    """
    tried = Trial(arrival=arrival, event=event.id, type=event.type)
    if not rule.concerns(event.type):
        zh, en = f"规则不处理“{event.type}”类型的事件。", f"The rule does not listen to “{event.type}”."
        return tried.model_copy(update={"reason": Reason(code="rule.other_type", zh=zh, en=en, field="/rule/event")})
    evaluator, concerned = effects.evaluator, list[str]()
    try:
        department = owner(await effects.inbound.departments.find(limit=0), event.type)
        restricted = rule.restricted or (department is not None and department.restricted)
        if department is not None:
            await evaluator.fit(department, event.type, event.dataschema, event.data)
        verdict = await evaluator.verdict(rule, event.envelope())
        tried = tried.model_copy(update={"when": verdict.concerns, "result": verdict.result})
        for wanted in await evaluator.wanted(rule, verdict.result) if verdict.concerns else ():
            require_discreet(wanted, restricted=restricted)
            concerned += [one.organisation for one in await effects.places(wanted, event.time or clock.now())]
        return tried.model_copy(update={"organisations": tuple(dict.fromkeys(concerned))})
    except (Invalid, Refused) as problem:
        return tried.model_copy(update={"reason": Reason.of(problem)})
