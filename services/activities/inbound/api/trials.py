"""Dry runs: a rule is tried on a pasted event or on the last real ones, before it is in force; nothing changes."""

import re
from typing import Annotated, NamedTuple, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, JsonValue, model_validator

from infra.kernel import clock
from infra.kernel.cloudevents import structured
from infra.kernel.errors import Invalid, Refused, Unreadable
from infra.web.http import Asked, Body
from services.activities.access import require_steward
from services.activities.inbound.model.arrival import Reason
from services.activities.inbound.model.department import owner
from services.activities.inbound.model.effect import require_discreet
from services.activities.inbound.model.rule import Wording
from services.activities.inbound.store import Inbound
from services.activities.inbound.use_cases.effects import Effects
from services.activities.inbound.use_cases.rule_evaluator import RuleEvaluator
from services.activities.plans.store import NEWEST

MOST_TRIED = 200


class DryRun(Body):
    """A rule to be tried: on the ``event`` given here, or on the ``last`` real ones of its types; changes nothing."""

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


def routes(inbound: Inbound, evaluator: RuleEvaluator, effects: Effects) -> APIRouter:
    """The route of dry runs."""
    api = APIRouter(prefix="/rules", tags=["事件规则 rules"])

    @api.post("/dry-run", summary="试运行，不产生任何效果 Try a rule; without any effect")
    async def dry_run(body: DryRun, asked: Asked) -> list[Trial]:
        require_steward(asked.user)
        await evaluator.pool.check(body.rule.when, body.rule.mapping)
        if body.event is not None:
            try:
                event = structured(body.event)
            except Unreadable as error:
                zh, en = f"不是 CloudEvents 1.0 事件：{error}", f"No CloudEvents 1.0 event: {error}"
                raise Invalid("event.unreadable", zh=zh, en=en, field="/event") from error
            return [await trial(body.rule, event.envelope())]
        listens = body.rule.event
        kind = {"$regex": f"^{re.escape(listens)}"} if listens.endswith(".") else listens
        where = {"type": kind, "content": {"$ne": None}, "conflicts_with": None}
        found = await inbound.arrivals.find(where, sort=(("received_at", NEWEST),), limit=body.last or 1)
        return [await trial(body.rule, one.foreign.envelope(), one.id) for one in found]

    async def trial(rule: Wording, envelope: dict[str, JsonValue], arrival: str | None = None) -> Trial:
        return await _trial(inbound, evaluator, effects, Tried(rule, envelope, arrival))

    return api


class Tried(NamedTuple):
    """What is tried: a rule on an event, which may be that of an arrival."""

    rule: Wording
    envelope: dict[str, JsonValue]
    arrival: str | None


async def _trial(inbound: Inbound, evaluator: RuleEvaluator, effects: Effects, case: Tried) -> Trial:
    """Weigh the rule as a real event would be, up to whom it concerns, short of the effect.

    What is wrong becomes the reason.
    """
    rule, envelope, arrival = case
    concerned: list[str] = []
    tried = Trial(arrival=arrival, event=str(envelope["id"]), type=str(envelope["type"]))
    if not rule.concerns(tried.type):
        zh, en = f"规则不处理“{tried.type}”类型的事件。", f"The rule does not listen to “{tried.type}”."
        return tried.model_copy(update={"reason": Reason(code="rule.other_type", zh=zh, en=en, field="/rule/event")})
    try:
        event = structured(envelope)
        department = owner(await inbound.departments.find(limit=0), event.type)
        if department is not None:
            await evaluator.fit(department, event.type, event.dataschema, event.data)
        verdict = await evaluator.verdict(rule, event.envelope())
        tried = tried.model_copy(update={"when": verdict.concerns, "result": verdict.result})
        if verdict.concerns:
            for wanted in await evaluator.wanted(rule, verdict.result):
                restricted = rule.restricted or (department is not None and department.restricted)
                require_discreet(wanted, restricted=restricted)
                places = await effects.places(wanted, event.time or clock.now())
                concerned += [place.organisation for place in places]
        tried = tried.model_copy(update={"organisations": tuple(dict.fromkeys(concerned))})
    except (Invalid, Refused) as problem:
        return tried.model_copy(update={"reason": Reason.of(problem)})
    return tried
